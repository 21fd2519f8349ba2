import { describe, expect, it } from 'vitest'
import { errorOf, unknownPipelineId, useService } from '../test-service.ts'

const service = useService()

const instanceId = '@Work_2026-01-01T00:00:00'
const statusOf = (pipelineId: string, id = instanceId) => service.current.objectField(pipelineId, id, '@status')

async function setStatus(pipelineId: string, objectId: string, status: string): Promise<void> {
  await service.current.client.setStatus({ pipelineId, objectIds: [objectId], status })
  await service.current.engine.settle()
}

describe('serialization', () => {
  it('answers with an empty body', async () => {
    const pipelineId = await service.current.activate()
    const answer = await service.current.call('SetStatus', { pipelineId, objectIds: ['Work'], status: 'PAUSE' })
    expect(answer).toMatchObject({ status: 200, body: '' })
    expect(answer.headers['content-length']).toBe('0')
  })
})

describe('validation', () => {
  it('refuses a status that cannot be set', async () => {
    const pipelineId = await service.current.activate()
    const answer = await service.current.call('SetStatus', { pipelineId, objectIds: [instanceId], status: 'FINISHED' })
    expect(errorOf(answer)).toMatchObject({
      type: 'com.amazon.setl.webservice#InvalidRequestException',
      message: "status 'FINISHED' is none of PAUSE, RESUME, TRY_CANCEL, RERUN, MARK_FINISHED.",
    })
  })

  it.each([
    ['Work', 'RERUN'],
    [instanceId, 'PAUSE'],
    [instanceId, 'RERUN'],
    ['Nothing', 'RESUME'],
  ])('refuses for %s, whose kind or status does not fit, the status %s', async (objectId, status) => {
    const pipelineId = await service.current.activate()
    await expect(setStatus(pipelineId, objectId, status)).rejects.toMatchObject({
      name: 'InvalidRequestException',
      message: expect.stringContaining(objectId),
    })
  })
})

describe('behaviour', () => {
  it('pauses a component and resumes it', async () => {
    const pipelineId = await service.current.activate()
    await setStatus(pipelineId, 'Work', 'PAUSE')
    expect([await statusOf(pipelineId, 'Work'), await statusOf(pipelineId)]).toEqual(['PAUSED', 'PAUSED'])
    await setStatus(pipelineId, 'Work', 'RESUME')
    expect(await statusOf(pipelineId)).toBe('WAITING_FOR_RUNNER')
  })

  it('cancels an instance, and reruns it with another attempt', async () => {
    const pipelineId = await service.current.activate()
    await setStatus(pipelineId, instanceId, 'TRY_CANCEL')
    expect(await statusOf(pipelineId)).toBe('CANCELED')
    await setStatus(pipelineId, instanceId, 'RERUN')
    expect(await statusOf(pipelineId)).toBe('WAITING_FOR_RUNNER')
    const { taskObject } = await service.current.client.pollForTask({ workerGroup: 'wg' })
    expect(taskObject?.attemptId).toBe(`${instanceId}_Attempt=2`)
  })

  it('marks an instance finished', async () => {
    const pipelineId = await service.current.activate()
    await setStatus(pipelineId, instanceId, 'TRY_CANCEL')
    await setStatus(pipelineId, instanceId, 'MARK_FINISHED')
    expect(await statusOf(pipelineId)).toBe('FINISHED')
  })

  it('changes no object when one of them cannot be changed', async () => {
    const pipelineId = await service.current.activate()
    const objectIds = [instanceId, '@Nothing_2026-01-01T00:00:00']
    const change = service.current.client.setStatus({ pipelineId, objectIds, status: 'TRY_CANCEL' })
    await expect(change).rejects.toMatchObject({ name: 'InvalidRequestException' })
    expect(await statusOf(pipelineId)).toBe('WAITING_FOR_RUNNER')
  })

  it('knows no pipeline of an id that was never given', async () => {
    const change = setStatus(unknownPipelineId, 'Work', 'PAUSE')
    await expect(change).rejects.toMatchObject({ name: 'PipelineNotFoundException' })
  })
})
