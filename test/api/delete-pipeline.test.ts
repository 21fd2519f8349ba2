import { describe, expect, it } from 'vitest'
import { errorOf, unknownPipelineId, useService } from '../test-service.ts'

const service = useService()

describe('serialization', () => {
  it('answers with an empty body', async () => {
    const pipelineId = await service.current.create()
    const answer = await service.current.call('DeletePipeline', { pipelineId })
    expect(answer).toMatchObject({ status: 200, body: '' })
    expect(answer.headers['content-length']).toBe('0')
  })
})

describe('validation', () => {
  it('refuses a call without pipelineId', async () => {
    const answer = await service.current.call('DeletePipeline', {})
    expect(errorOf(answer).message).toMatch(/^1 validation error detected: Value null at 'pipelineId'/)
  })
})

describe('behaviour', () => {
  it('makes the pipeline one that has been deleted', async () => {
    const { client, engine } = service.current
    const pipelineId = await service.current.activate()
    await client.deletePipeline({ pipelineId })
    await engine.settle()
    const description = client.describePipelines({ pipelineIds: [pipelineId] })
    await expect(description).rejects.toMatchObject({ name: 'PipelineDeletedException' })
    const definition = client.getPipelineDefinition({ pipelineId })
    await expect(definition).rejects.toMatchObject({ name: 'PipelineDeletedException' })
  })

  it('takes it off the list', async () => {
    const { client, engine } = service.current
    const pipelineId = await service.current.create()
    await client.deletePipeline({ pipelineId })
    await engine.settle()
    expect((await client.listPipelines({})).pipelineIdList).toEqual([])
  })

  it('tells whoever works on one of its tasks that the pipeline is gone', async () => {
    const { client, engine } = service.current
    const pipelineId = await service.current.activate()
    const { taskObject } = await client.pollForTask({ workerGroup: 'wg' })
    await client.deletePipeline({ pipelineId })
    await engine.settle()
    const report = client.reportTaskProgress({ taskId: taskObject?.taskId })
    await expect(report).rejects.toMatchObject({ name: 'PipelineDeletedException' })
  })

  it('knows no pipeline of an id that was never given', async () => {
    const deletion = service.current.client.deletePipeline({ pipelineId: unknownPipelineId })
    await expect(deletion).rejects.toMatchObject({ name: 'PipelineNotFoundException' })
  })
})
