import { describe, expect, it } from 'vitest'
import { encodeDefinition } from '../../src/wire/codec.ts'
import { definition, object, parameter, ref } from '../builders.ts'
import { errorOf, unknownPipelineId, useService } from '../test-service.ts'

const service = useService()

const daily = [
  object('Daily', { type: 'Schedule', period: '1 day', startDateTime: '2026-01-01T00:00:00' }),
  object('Work', { type: 'ShellCommandActivity', command: 'true', workerGroup: 'wg', schedule: ref('Daily') }),
]

describe('serialization', () => {
  it('answers with an empty structure', async () => {
    const pipelineId = await service.current.put()
    expect(await service.current.call('ActivatePipeline', { pipelineId })).toMatchObject({ status: 200, body: '{}' })
  })

  it.each([
    [0, 'WAITING_FOR_RUNNER'],
    [0.5, 'SKIPPED'],
  ])('reads startTimestamp as seconds since the epoch: %s s into an occurrence it is %s', async (seconds, status) => {
    const pipelineId = await service.current.put(daily)
    const startTimestamp = Date.UTC(2026, 0, 1) / 1000 + seconds
    await service.current.call('ActivatePipeline', { pipelineId, startTimestamp })
    await service.current.engine.settle()
    expect(await service.current.objectField(pipelineId, '@Work_2026-01-01T00:00:00', '@status')).toBe(status)
  })
})

describe('validation', () => {
  it('refuses a call without pipelineId', async () => {
    const message =
      "1 validation error detected: Value null at 'pipelineId' failed to satisfy constraint: Member must not be null"
    const answer = await service.current.call('ActivatePipeline', {})
    expect(errorOf(answer)).toEqual({ status: 400, type: 'com.amazon.coral.validate#ValidationException', message })
  })

  it('refuses a startTimestamp that no calendar with four digits has', async () => {
    const pipelineId = await service.current.put()
    const answer = await service.current.call('ActivatePipeline', { pipelineId, startTimestamp: 1e15 })
    expect(errorOf(answer).type).toBe('com.amazon.setl.webservice#InvalidRequestException')
  })
})

describe('behaviour', () => {
  it('schedules the pipeline and makes its objects due', async () => {
    const pipelineId = await service.current.activate()
    expect(await service.current.pipelineField(pipelineId, '@pipelineState')).toBe('SCHEDULED')
    const { taskObject } = await service.current.client.pollForTask({ workerGroup: 'wg' })
    expect(taskObject?.pipelineId).toBe(pipelineId)
  })

  it('takes values of parameters in the place of those of the definition', async () => {
    const { client } = service.current
    const pipelineId = await service.current.create()
    const objects = [
      object('Default', { scheduleType: 'ondemand' }),
      object('Work', { type: 'ShellCommandActivity', command: 'echo #{myText}', workerGroup: 'wg' }),
    ]
    const parameterObjects = [parameter('myText', { default: 'one' })]
    await client.putPipelineDefinition({
      pipelineId,
      ...encodeDefinition(definition(objects, { parameterObjects })),
    })
    await client.activatePipeline({ pipelineId, parameterValues: [{ id: 'myText', stringValue: 'two' }] })
    await service.current.engine.settle()

    const { taskObject } = await client.pollForTask({ workerGroup: 'wg' })
    const attempt = taskObject?.objects?.[String(taskObject.attemptId)]
    expect(attempt?.fields).toContainEqual({ key: 'command', stringValue: 'echo two' })
  })

  it('refuses a pipeline without a definition', async () => {
    const pipelineId = await service.current.create()
    const activation = service.current.client.activatePipeline({ pipelineId })
    await expect(activation).rejects.toMatchObject({
      name: 'InvalidRequestException',
      message: expect.stringContaining(pipelineId),
    })
  })

  it('refuses a definition with errors, and names object and field', async () => {
    const { client } = service.current
    const pipelineId = await service.current.create()
    const objects = [object('Work', { type: 'ShellCommandActivity', runsOn: ref('Nothing') })]
    const { errored } = await client.putPipelineDefinition({ pipelineId, ...encodeDefinition(definition(objects)) })
    expect(errored).toBe(true)

    const activation = client.activatePipeline({ pipelineId })
    const message = expect.stringMatching(/Work.*'runsOn'/)
    await expect(activation).rejects.toMatchObject({ name: 'InvalidRequestException', message })
  })

  it('knows no pipeline of an id that was never given', async () => {
    const activation = service.current.client.activatePipeline({ pipelineId: unknownPipelineId })
    await expect(activation).rejects.toMatchObject({ name: 'PipelineNotFoundException' })
  })
})
