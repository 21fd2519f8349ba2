import { describe, expect, it } from 'vitest'
import { object, ref } from '../builders.ts'
import { errorOf, onDemandObjects, useService } from '../test-service.ts'

const service = useService()

describe('serialization', () => {
  it('carries a task with its objects under their ids', async () => {
    const pipelineId = await service.current.activate()
    const { body } = await service.current.call('PollForTask', { workerGroup: 'wg' })
    const { taskObject } = JSON.parse(body)
    expect(taskObject).toEqual({
      taskId: expect.any(String),
      pipelineId,
      attemptId: '@Work_2026-01-01T00:00:00_Attempt=1',
      objects: expect.any(Object),
    })
    expect(taskObject.objects[taskObject.attemptId]).toEqual({
      id: taskObject.attemptId,
      name: taskObject.attemptId,
      fields: expect.arrayContaining([
        { key: 'command', stringValue: 'true' },
        { key: '@scheduledStartTime', stringValue: '2026-01-01T00:00:00' },
      ]),
    })
  })

  it('answers with an empty structure when there is no task', async () => {
    const arrival = service.current.nextPoll()
    const answer = service.current.call('PollForTask', { workerGroup: 'wg' })
    await arrival
    service.current.engine.clock.advance(90_000)
    expect(await answer).toMatchObject({ status: 200, body: '{}' })
  })
})

describe('validation', () => {
  it('refuses a call without workerGroup', async () => {
    const answer = await service.current.call('PollForTask', {})
    expect(errorOf(answer).message).toMatch(/^1 validation error detected: Value null at 'workerGroup'/)
  })

  it('accepts the identity of an instance', async () => {
    await service.current.activate()
    const instanceIdentity = { document: '{}', signature: 'x' }
    const answer = await service.current.call('PollForTask', { workerGroup: 'wg', hostname: 'h', instanceIdentity })
    expect(answer.status).toBe(200)
  })
})

describe('behaviour', () => {
  it('waits for work, and is answered when it comes up', async () => {
    const arrival = service.current.nextPoll()
    const poll = service.current.client.pollForTask({ workerGroup: 'wg' })
    await arrival
    const pipelineId = await service.current.activate()
    expect((await poll).taskObject?.pipelineId).toBe(pipelineId)
  })

  it('waits for 90 seconds, not longer', async () => {
    const arrival = service.current.nextPoll()
    const poll = service.current.client.pollForTask({ workerGroup: 'wg' })
    const { answer } = await arrival
    const first = Promise.race([answer.then(() => 'answered'), service.current.engine.settle().then(() => 'waiting')])
    service.current.engine.clock.advance(89_999)
    expect(await first).toBe('waiting')
    service.current.engine.clock.advance(1)
    expect((await poll).taskObject).toBeUndefined()
  })

  it('hands a task out once', async () => {
    const day = object('Day', { type: 'Schedule', period: '1 day', startDateTime: '2026-01-01T00:00:00' })
    const work = object('Work', {
      type: 'ShellCommandActivity',
      command: 'true',
      workerGroup: 'wg',
      schedule: ref('Day'),
    })
    await service.current.activate([day, work])
    await service.current.client.pollForTask({ workerGroup: 'wg' })
    const arrival = service.current.nextPoll()
    const second = service.current.client.pollForTask({ workerGroup: 'wg' })
    await arrival
    service.current.engine.clock.advance(90_000)
    expect((await second).taskObject).toBeUndefined()
  })

  it('tells worker groups apart by case', async () => {
    await service.current.activate()
    const arrival = service.current.nextPoll()
    const poll = service.current.client.pollForTask({ workerGroup: 'WG' })
    await arrival
    service.current.engine.clock.advance(90_000)
    expect((await poll).taskObject).toBeUndefined()
  })

  it('keeps a task for the next poll when the client of this one has gone', async () => {
    const controller = new AbortController()
    const arrival = service.current.nextPoll()
    const abandoned = service.current.client.pollForTask({ workerGroup: 'wg' }, { abortSignal: controller.signal })
    const { answer } = await arrival
    controller.abort()
    await expect(abandoned).rejects.toMatchObject({ name: 'AbortError' })
    expect(await answer).toBeUndefined()

    const pipelineId = await service.current.activate(onDemandObjects)
    const { taskObject } = await service.current.client.pollForTask({ workerGroup: 'wg' })
    expect(taskObject?.pipelineId).toBe(pipelineId)
  })

  it('answers without a task when the service stops', async () => {
    const arrival = service.current.nextPoll()
    const poll = service.current.client.pollForTask({ workerGroup: 'wg' })
    await arrival
    await service.current.stop()
    expect((await poll).taskObject).toBeUndefined()
  })
})
