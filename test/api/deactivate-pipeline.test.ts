import { describe, expect, it } from 'vitest'
import { errorOf, unknownPipelineId, useService } from '../test-service.ts'

const service = useService()

/** A pipeline with one task that a runner works on. */
async function running() {
  const pipelineId = await service.current.activate()
  const { taskObject } = await service.current.client.pollForTask({ workerGroup: 'wg' })
  return { pipelineId, taskId: String(taskObject?.taskId) }
}

describe('serialization', () => {
  it('answers with an empty structure', async () => {
    const pipelineId = await service.current.activate()
    expect(await service.current.call('DeactivatePipeline', { pipelineId })).toMatchObject({ status: 200, body: '{}' })
  })

  it('refuses cancelActive as text', async () => {
    const answer = await service.current.call('DeactivatePipeline', { pipelineId: 'df-1', cancelActive: 'true' })
    expect(errorOf(answer)).toMatchObject({
      type: 'com.amazon.coral.service#SerializationException',
      message: "STRING_VALUE cannot be converted to boolean at 'cancelActive'",
    })
  })
})

describe('validation', () => {
  it('refuses a call without pipelineId', async () => {
    const answer = await service.current.call('DeactivatePipeline', {})
    expect(errorOf(answer).message).toMatch(/^1 validation error detected: Value null at 'pipelineId'/)
  })

  it('refuses a pipeline that has never been activated', async () => {
    const pipelineId = await service.current.put()
    const deactivation = service.current.client.deactivatePipeline({ pipelineId })
    await expect(deactivation).rejects.toMatchObject({ name: 'InvalidRequestException' })
  })
})

describe('behaviour', () => {
  it('cancels what runs unless told otherwise', async () => {
    const { client, engine } = service.current
    const { pipelineId, taskId } = await running()
    await client.deactivatePipeline({ pipelineId })
    await engine.settle()
    expect((await client.reportTaskProgress({ taskId })).canceled).toBe(true)
    await engine.settle()
    const { ids } = await client.queryObjects({ pipelineId, sphere: 'INSTANCE' })
    expect(await service.current.objectField(pipelineId, String(ids?.[0]), '@status')).toBe('CANCELED')
  })

  it('waits for what runs when cancelActive is false, and is INACTIVE when that has ended', async () => {
    const { client, engine } = service.current
    const { pipelineId, taskId } = await running()
    await client.deactivatePipeline({ pipelineId, cancelActive: false })
    await engine.settle()
    expect((await client.reportTaskProgress({ taskId })).canceled).toBe(false)
    expect(await service.current.pipelineField(pipelineId, '@pipelineState')).toBe('DEACTIVATING')

    await client.setTaskStatus({ taskId, taskStatus: 'FINISHED' })
    await engine.settle()
    expect(await service.current.pipelineField(pipelineId, '@pipelineState')).toBe('INACTIVE')
  })

  it('may be repeated', async () => {
    const { pipelineId } = await running()
    await service.current.client.deactivatePipeline({ pipelineId })
    const answer = await service.current.call('DeactivatePipeline', { pipelineId })
    expect(answer.status).toBe(200)
  })

  it('knows no pipeline of an id that was never given', async () => {
    const deactivation = service.current.client.deactivatePipeline({ pipelineId: unknownPipelineId })
    await expect(deactivation).rejects.toMatchObject({ name: 'PipelineNotFoundException' })
  })
})
