import { describe, expect, it } from 'vitest'
import { object, ref } from '../builders.ts'
import { errorOf, unknownPipelineId, useService } from '../test-service.ts'

const service = useService()

async function fieldsOf(pipelineId: string): Promise<Record<string, string | undefined>> {
  const { pipelineDescriptionList } = await service.current.client.describePipelines({ pipelineIds: [pipelineId] })
  return Object.fromEntries((pipelineDescriptionList?.[0]?.fields ?? []).map((field) => [field.key, field.stringValue]))
}

describe('serialization', () => {
  it('has tags even when there are none, and no description when none was given', async () => {
    const pipelineId = await service.current.create('a')
    const { body } = await service.current.call('DescribePipelines', { pipelineIds: [pipelineId] })
    const { fields, ...rest } = JSON.parse(body).pipelineDescriptionList[0]
    expect(rest).toEqual({ pipelineId, name: 'a', tags: [] })
    expect(fields.map((field: { key: string }) => field.key)).not.toContain('description')
  })
})

describe('validation', () => {
  it('refuses a call without pipelineIds', async () => {
    const answer = await service.current.call('DescribePipelines', {})
    expect(errorOf(answer).message).toMatch(/^1 validation error detected: Value null at 'pipelineIds'/)
  })

  it('refuses 26 ids', async () => {
    const pipelineIds = Array(26).fill(unknownPipelineId)
    const answer = await service.current.call('DescribePipelines', { pipelineIds })
    expect(errorOf(answer)).toMatchObject({
      type: 'com.amazon.setl.webservice#InvalidRequestException',
      message: '26 pipelineIds are more than the 25 of one call.',
    })
  })
})

describe('behaviour', () => {
  it('shows what there is to know of a fresh pipeline, and nothing of a definition', async () => {
    const pipelineId = await service.current.create('a')
    expect(await fieldsOf(pipelineId)).toEqual({
      '@accountId': '123456789012',
      '@creationTime': '2026-01-01T00:00:00',
      '@id': pipelineId,
      '@pipelineState': 'PENDING',
      '@sphere': 'PIPELINE',
      '@userId': 'AIDATEST',
      name: 'a',
      pipelineCreator: 'AIDATEST',
      uniqueId: expect.any(String),
    })
  })

  it('shows schedule, runs and health of an active one', async () => {
    const daily = object('Daily', {
      type: 'Schedule',
      period: '1 day',
      startDateTime: '2026-01-01T00:00:00',
      occurrences: '3',
    })
    const work = object('Work', {
      type: 'ShellCommandActivity',
      command: 'true',
      workerGroup: 'wg',
      schedule: ref('Daily'),
    })
    const pipelineId = await service.current.activate([daily, work])
    const before = await fieldsOf(pipelineId)
    expect(before).toMatchObject({
      '@pipelineState': 'SCHEDULED',
      '@version': '1',
      '@firstActivationTime': '2026-01-01T00:00:00',
      '@lastActivationTime': '2026-01-01T00:00:00',
      '@scheduledStartTime': '2026-01-01T00:00:00',
      '@scheduledPeriod': '1 day',
      '@scheduledEndTime': '2026-01-04T00:00:00',
      '@nextRunTime': '2026-01-02T00:00:00',
    })
    expect(before).not.toHaveProperty('@healthStatus')

    const { taskObject } = await service.current.client.pollForTask({ workerGroup: 'wg' })
    await service.current.client.setTaskStatus({ taskId: taskObject?.taskId, taskStatus: 'FINISHED' })
    await service.current.engine.settle()
    expect(await fieldsOf(pipelineId)).toMatchObject({
      '@healthStatus': 'HEALTHY',
      '@latestRunTime': '2026-01-01T00:00:00',
    })
  })

  it.each([
    ['cron', '2026-01-01T02:00:00'],
    ['timeseries', '2026-01-01T01:00:00'],
  ])('gives the scheduled start of the next run where runs are %s', async (scheduleType, expected) => {
    const hourly = object('Hourly', { type: 'Schedule', period: '1 hour', startDateTime: '2026-01-01T00:00:00' })
    const fields = { type: 'ShellCommandActivity', command: 'true', workerGroup: 'wg', schedule: ref('Hourly') }
    const pipelineId = await service.current.activate([hourly, object('Work', { ...fields, scheduleType })])
    expect((await fieldsOf(pipelineId))['@nextRunTime']).toBe(
      scheduleType === 'cron' ? '2026-01-01T01:00:00' : '2026-01-01T00:00:00',
    )
    await service.current.engine.pass(3_600_000)
    expect((await fieldsOf(pipelineId))['@nextRunTime']).toBe(expected)
  })

  it('says of the next run also while maxActiveInstances holds it up, and nothing while the pipeline rests', async () => {
    const hourly = object('Hourly', { type: 'Schedule', period: '1 hour', startDateTime: '2025-12-31T22:00:00' })
    const fields = { type: 'ShellCommandActivity', command: 'true', workerGroup: 'wg', schedule: ref('Hourly') }
    const pipelineId = await service.current.activate([hourly, object('Work', { ...fields, maxActiveInstances: '1' })])
    expect((await fieldsOf(pipelineId))['@nextRunTime']).toBe('2025-12-31T23:00:00')
    await service.current.client.deactivatePipeline({ pipelineId })
    await service.current.engine.settle()
    const resting = await fieldsOf(pipelineId)
    expect(resting).not.toHaveProperty('@nextRunTime')
    expect(resting).toMatchObject({ '@pipelineState': 'INACTIVE', '@lastDeactivatedTime': '2026-01-01T00:00:00' })
  })

  const created = [
    '@pipelineState',
    'name',
    '@creationTime',
    '@id',
    'pipelineCreator',
    '@sphere',
    '@userId',
    '@accountId',
    'uniqueId',
  ]
  const activated = [...created, '@version', '@firstActivationTime', '@lastActivationTime']
  const scheduled = ['@scheduledStartTime', '@scheduledPeriod', '@scheduledEndTime']
  const health = ['@healthStatus', '@healthStatusUpdatedTime']

  it.each([
    { state: 'PENDING', steps: ['put'], expected: [...created, '@version'] },
    { state: 'SCHEDULED', steps: ['put', 'activate'], expected: [...activated, ...scheduled, '@nextRunTime'] },
    {
      state: 'SCHEDULED',
      steps: ['put', 'activate', 'hour'],
      expected: [...activated, ...scheduled, '@latestRunTime', '@nextRunTime'],
    },
    {
      state: 'FINISHED',
      steps: ['put', 'activate', 'hour', 'finish', 'hour', 'finish'],
      expected: [...activated, ...scheduled, '@latestRunTime', ...health, '@finishedTime'],
    },
    {
      state: 'INACTIVE',
      steps: ['put', 'activate', 'hour', 'deactivate'],
      expected: [...activated, ...scheduled, '@latestRunTime', ...health, '@lastDeactivatedTime'],
    },
  ])('shows exactly the fields of the stage of $state after $steps', async ({ state, steps, expected }) => {
    const hourly = object('Hourly', {
      type: 'Schedule',
      period: '1 hour',
      startDateTime: '2026-01-01T01:00:00',
      occurrences: '2',
    })
    const work = { type: 'ShellCommandActivity', command: 'true', workerGroup: 'wg', schedule: ref('Hourly') }
    let pipelineId = ''
    const { client, engine } = service.current
    const step: Readonly<Record<string, () => Promise<unknown>>> = {
      put: async () => {
        pipelineId = await service.current.put([hourly, object('Work', work)])
      },
      activate: () => client.activatePipeline({ pipelineId }),
      hour: () => engine.pass(3_600_000),
      finish: async () => await engine.finish(await engine.take('wg')),
      deactivate: () => client.deactivatePipeline({ pipelineId }),
    }
    for (const name of steps) {
      await step[name]?.()
      await engine.settle()
    }
    const fields = await fieldsOf(pipelineId)
    expect(fields['@pipelineState']).toBe(state)
    expect(Object.keys(fields).toSorted()).toEqual(expected.toSorted())
  })

  it('describes several in the order in which they were asked for', async () => {
    const ids = [await service.current.create(), await service.current.create()].toSorted().toReversed()
    const { pipelineDescriptionList } = await service.current.client.describePipelines({ pipelineIds: ids })
    expect(pipelineDescriptionList?.map(({ pipelineId }) => pipelineId)).toEqual(ids)
  })

  it('describes none when one of them does not exist', async () => {
    const pipelineIds = [await service.current.create(), unknownPipelineId]
    const description = service.current.client.describePipelines({ pipelineIds })
    await expect(description).rejects.toMatchObject({
      name: 'PipelineNotFoundException',
      message: expect.stringContaining(unknownPipelineId),
    })
  })
})
