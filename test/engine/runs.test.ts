import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { definition, object, ref } from '../builders.ts'
import { TestEngine } from '../test-engine.ts'

let service: TestEngine

beforeEach(async () => {
  service = await TestEngine.start()
})

afterEach(async () => {
  await service.stop()
})

const hourly = object('Hourly', {
  type: 'Schedule',
  period: '1 hour',
  startDateTime: '2026-01-01T00:00:00',
  occurrences: '2',
})

const shell = (id: string, fields: Parameters<typeof object>[1] = {}) =>
  object(id, { type: 'ShellCommandActivity', command: 'true', workerGroup: 'wg', schedule: ref('Hourly'), ...fields })

describe('a run', () => {
  test('hands out an activity when its interval begins, and finishes with its result', async () => {
    const pipelineId = await service.activate(definition([hourly, shell('A')]))
    expect(await service.statuses(pipelineId)).toEqual({ '@A_2026-01-01T00:00:00': 'WAITING_FOR_RUNNER' })
    const task = await service.take('wg')
    expect(task.attemptId).toBe('@A_2026-01-01T00:00:00_Attempt=1')
    await service.finish(task)
    expect(await service.statuses(pipelineId)).toEqual({ '@A_2026-01-01T00:00:00': 'FINISHED' })
    expect(await service.state(pipelineId)).toBe('SCHEDULED')
    await service.pass(3_600_000)
    await service.finish(await service.take('wg'))
    expect(await service.state(pipelineId)).toBe('FINISHED')
  })

  test('starts a dependent only after what it depends on has finished', async () => {
    const pipelineId = await service.activate(definition([hourly, shell('A'), shell('B', { dependsOn: ref('A') })]))
    const first = await service.take('wg')
    expect(await service.poll('wg')).toBeUndefined()
    await service.finish(first)
    expect((await service.take('wg')).attemptId).toBe('@B_2026-01-01T00:00:00_Attempt=1')
    expect(await service.field(pipelineId, '@A_2026-01-01T00:00:00', '@status')).toBe('FINISHED')
  })

  test('does not wait for ever where an activity reads the data that it writes', async () => {
    const data = object('Data', { type: 'S3DataNode', directoryPath: 's3://b/d', schedule: ref('Hourly') })
    const update = shell('Update', { input: ref('Data'), output: ref('Data') })
    const pipelineId = await service.activate(
      definition([hourly, data, update, shell('Report', { input: ref('Data') })]),
    )
    await service.finish(await service.take('wg'))
    expect(await service.field(pipelineId, '@Update_2026-01-01T00:00:00', '@status')).toBe('FINISHED')
    expect((await service.take('wg')).attemptId).toBe('@Report_2026-01-01T00:00:00_Attempt=1')
  })

  test('retries after retryDelay, not before, and fails after the last try', async () => {
    const pipelineId = await service.activate(
      definition([hourly, shell('A', { retryDelay: '5 minutes', maximumRetries: '1' })]),
    )
    await service.finish(await service.take('wg'), 'FAILED')
    await service.pass(299_000)
    expect(await service.poll('wg')).toBeUndefined()
    await service.pass(1000)
    await service.finish(await service.take('wg'), 'FAILED')
    expect(await service.field(pipelineId, '@A_2026-01-01T00:00:00', '@status')).toBe('FAILED')
  })

  test('takes a failure to what depends on it only in cascade mode, and a rerun brings it back', async () => {
    const objects = [
      hourly,
      shell('A', { maximumRetries: '0' }),
      shell('B', { dependsOn: ref('A'), failureAndRerunMode: 'cascade' }),
      shell('C', { dependsOn: ref('A') }),
    ]
    const pipelineId = await service.activate(definition(objects))
    await service.finish(await service.take('wg'), 'FAILED')
    expect(await service.statuses(pipelineId)).toEqual({
      '@A_2026-01-01T00:00:00': 'FAILED',
      '@B_2026-01-01T00:00:00': 'CASCADE_FAILED',
      '@C_2026-01-01T00:00:00': 'WAITING_ON_DEPENDENCIES',
    })
    await service.engine.setStatus({ pipelineId, objectIds: ['@A_2026-01-01T00:00:00' as never], status: 'RERUN' })
    await service.settle()
    expect(await service.statuses(pipelineId)).toMatchObject({
      '@A_2026-01-01T00:00:00': 'WAITING_FOR_RUNNER',
      '@B_2026-01-01T00:00:00': 'WAITING_ON_DEPENDENCIES',
    })
    await service.finish(await service.take('wg'))
    expect(await service.statuses(pipelineId)).toMatchObject({
      '@B_2026-01-01T00:00:00': 'WAITING_FOR_RUNNER',
      '@C_2026-01-01T00:00:00': 'WAITING_FOR_RUNNER',
    })
  })
})

describe('a resource', () => {
  const machine = object('M', {
    type: 'Ec2Resource',
    role: 'r',
    resourceRole: 'r',
    schedule: ref('Hourly'),
    terminateAfter: '1 day',
  })
  const onMachine = (id: string, fields = {}) =>
    object(id, { type: 'ShellCommandActivity', command: 'true', runsOn: ref('M'), schedule: ref('Hourly'), ...fields })

  test('is made for the first activity that is due and goes with the last one', async () => {
    const pipelineId = await service.activate(
      definition([hourly, machine, onMachine('A'), onMachine('B', { dependsOn: ref('A') })]),
    )
    const group = `resource:${pipelineId}_@M_2026-01-01T00:00:00`
    expect(service.machines.up.size).toBe(1)
    await service.finish(await service.take(group))
    expect(service.machines.up.size).toBe(1)
    await service.finish(await service.take(group))
    expect(service.machines.up.size).toBe(0)
    expect(await service.field(pipelineId, '@M_2026-01-01T00:00:00', '@status')).toBe('FINISHED')
  })

  test('that is lost is replaced, and its work handed out again as the same attempt', async () => {
    const pipelineId = await service.activate(definition([hourly, machine, onMachine('A')]))
    const group = `resource:${pipelineId}_@M_2026-01-01T00:00:00`
    const first = await service.take(group)
    const [lost = ''] = service.machines.up
    service.machines.lose(lost)
    await service.settle()
    expect(service.machines.up.size).toBe(1)
    expect(service.machines.up.has(lost)).toBe(false)
    const second = await service.take(group)
    expect(second.attemptId).toBe(first.attemptId)
    expect(second.taskId).not.toBe(first.taskId)
    expect(await service.engine.reportTaskProgress({ taskId: first.taskId, fields: [] })).toEqual({ canceled: true })
    await service.finish(second)
    expect(await service.field(pipelineId, '@A_2026-01-01T00:00:00', '@status')).toBe('FINISHED')
  })
})

describe('a data node', () => {
  test('waits for its precondition and for its producer, and is waited for', async () => {
    service.checkResult = { kind: 'notYet', message: 'no key' }
    const pipelineId = await service.activate(
      definition([
        hourly,
        object('Key', { type: 'S3KeyExists', role: 'r', s3Key: 's3://b/k' }),
        object('In', { type: 'S3DataNode', filePath: 's3://b/k', schedule: ref('Hourly'), precondition: ref('Key') }),
        object('Out', { type: 'S3DataNode', directoryPath: 's3://b/out', schedule: ref('Hourly') }),
        shell('A', { input: ref('In'), output: ref('Out') }),
      ]),
    )
    expect(await service.statuses(pipelineId)).toEqual({
      '@A_2026-01-01T00:00:00': 'WAITING_ON_DEPENDENCIES',
      '@In_2026-01-01T00:00:00': 'WAITING_ON_DEPENDENCIES',
      '@Key_2026-01-01T00:00:00': 'RUNNING',
      '@Out_2026-01-01T00:00:00': 'WAITING_ON_DEPENDENCIES',
    })
    service.checkResult = { kind: 'met' }
    await service.pass(10_000)
    const task = await service.take('wg')
    expect(task.objects.map(({ id }) => id).sort()).toEqual([
      '@A_2026-01-01T00:00:00_Attempt=1',
      '@In_2026-01-01T00:00:00',
      '@Out_2026-01-01T00:00:00',
    ])
    await service.finish(task)
    expect(await service.field(pipelineId, '@Out_2026-01-01T00:00:00', '@status')).toBe('FINISHED')
  })
})

describe('schedules of different lengths', () => {
  test('a week waits for all its days, the last one included', async () => {
    const objects = [
      object('Daily', { type: 'Schedule', period: '1 day', startDateTime: '2025-12-01T00:00:00', occurrences: '7' }),
      object('Weekly', { type: 'Schedule', period: '1 week', startDateTime: '2025-12-01T00:00:00', occurrences: '1' }),
      object('Day', { type: 'ShellCommandActivity', command: 'true', workerGroup: 'days', schedule: ref('Daily') }),
      object('Week', {
        type: 'ShellCommandActivity',
        command: 'true',
        workerGroup: 'weeks',
        schedule: ref('Weekly'),
        dependsOn: ref('Day'),
      }),
    ]
    await service.activate(definition(objects))
    for (let day = 1; day <= 7; day += 1) {
      expect(await service.poll('weeks')).toBeUndefined()
      await service.finish(await service.take('days'))
    }
    expect((await service.take('weeks')).attemptId).toBe('@Week_2025-12-01T00:00:00_Attempt=1')
  })
})
