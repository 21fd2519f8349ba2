import { describe, expect, test } from 'vitest'
import { object, ref } from '../builders.ts'
import {
  at,
  groupOf,
  hourMs,
  machine,
  minuteMs,
  once,
  onMachine,
  run,
  schedule,
  shell,
  useEngine,
} from './pipelines.ts'

const engine = useEngine()

const notYet = { kind: 'notYet', message: 'no key' } as const
const key = (fields = {}) => object('Key', { type: 'S3KeyExists', role: 'r', s3Key: 's3://b/k', ...fields })
const ask = (fields = {}) => object('Ask', { type: 'ShellCommandPrecondition', command: 'true', ...fields })
const node = (fields = {}) =>
  object('In', { type: 'S3DataNode', filePath: 's3://b/k', schedule: ref('Hourly'), ...fields })
const statusOf = async (pipelineId: Parameters<typeof engine.current.statuses>[0], id: string) =>
  await engine.current.field(pipelineId, id, '@status')

describe('a precondition that the service checks', () => {
  test('of a data node lets the node be there when it holds, and the activity run then', async () => {
    engine.current.checkResult = notYet
    const pipelineId = await run(
      engine.current,
      once(),
      key(),
      node({ precondition: ref('Key') }),
      shell('A', { input: ref('In') }),
    )
    engine.current.checkResult = { kind: 'met' }
    await engine.current.pass(9_999)
    expect(await statusOf(pipelineId, at('In'))).toBe('WAITING_ON_DEPENDENCIES')
    await engine.current.pass(1)
    expect(await statusOf(pipelineId, at('In'))).toBe('FINISHED')
    expect(await statusOf(pipelineId, at('A'))).toBe('WAITING_FOR_RUNNER')
  })

  test('of an activity is asked again every retryDelay, in one attempt and without using up tries', async () => {
    engine.current.checkResult = notYet
    const pipelineId = await run(
      engine.current,
      once(),
      key({ retryDelay: '1 minute', maximumRetries: '1' }),
      shell('A', { precondition: ref('Key') }),
    )
    for (let checks = 1; checks <= 5; checks += 1) await engine.current.pass(minuteMs)
    expect(await statusOf(pipelineId, at('Key'))).toBe('RUNNING')
    expect(await engine.current.field(pipelineId, at('Key'), 'currentRetryCount')).toBe('6')
    expect(await engine.current.field(pipelineId, at('Key'), '@attemptCount')).toBe('1')
    engine.current.checkResult = { kind: 'met' }
    await engine.current.pass(minuteMs)
    expect(await statusOf(pipelineId, at('A'))).toBe('WAITING_FOR_RUNNER')
  })

  test('fails after preconditionTimeout, and what it guards goes on waiting', async () => {
    engine.current.checkResult = notYet
    const pipelineId = await run(
      engine.current,
      once(),
      key({ preconditionTimeout: '2 hours' }),
      shell('A', { precondition: ref('Key') }),
    )
    await engine.current.pass(2 * hourMs)
    expect(await statusOf(pipelineId, at('Key'))).toBe('FAILED')
    expect(await engine.current.field(pipelineId, at('Key'), 'errorMessage')).toContain('preconditionTimeout')
    expect(await statusOf(pipelineId, at('A'))).toBe('WAITING_ON_DEPENDENCIES')
  })

  test('fails what it guards in cascade mode, and cancels the other preconditions', async () => {
    engine.current.checkResult = notYet
    const other = object('Other', { type: 'S3PrefixNotEmpty', role: 'r', s3Prefix: 's3://b/p' })
    const guarded = shell('A', { precondition: [ref('Key'), ref('Other')], failureAndRerunMode: 'cascade' })
    const pipelineId = await run(engine.current, once(), key({ preconditionTimeout: '1 hour' }), other, guarded)
    await engine.current.pass(hourMs)
    expect(await engine.current.statuses(pipelineId)).toEqual({
      [at('A')]: 'CASCADE_FAILED',
      [at('Key')]: 'FAILED',
      [at('Other')]: 'CANCELED',
    })
  })

  test('that cannot be checked uses up tries', async () => {
    engine.current.checkResult = new Error('denied')
    const pipelineId = await run(
      engine.current,
      once(),
      key({ maximumRetries: '1', retryDelay: '5 minutes' }),
      shell('A', { precondition: ref('Key') }),
    )
    expect(await engine.current.field(pipelineId, at('Key'), '@triesLeft')).toBe('0')
    await engine.current.pass(5 * minuteMs)
    expect(await statusOf(pipelineId, at('Key'))).toBe('FAILED')
    expect(await engine.current.field(pipelineId, at('Key'), 'errorMessage')).toBe('denied')
  })

  test('of several objects is checked for each of them', async () => {
    const pipelineId = await run(
      engine.current,
      once(),
      key(),
      shell('A', { precondition: ref('Key') }),
      shell('B', { precondition: ref('Key') }),
    )
    expect(await engine.current.statuses(pipelineId)).toMatchObject({
      [at('Key.A')]: 'FINISHED',
      [at('Key.B')]: 'FINISHED',
    })
  })

  test('is asked once for each interval', async () => {
    const pipelineId = await run(engine.current, schedule(), key(), shell('A', { precondition: ref('Key') }))
    await engine.current.pass(hourMs)
    expect(await statusOf(pipelineId, at('Key', '01:00:00'))).toBe('FINISHED')
  })
})

describe('a precondition that a task runner checks', () => {
  test('goes to the worker group of the activity that it guards', async () => {
    const pipelineId = await run(engine.current, once(), ask(), shell('A', { precondition: ref('Ask') }))
    const task = await engine.current.take('wg')
    expect(task.attemptId).toBe(`${at('Ask')}_Attempt=1`)
    expect(await engine.current.poll('wg')).toBeUndefined()
    await engine.current.finish(task)
    expect((await engine.current.take('wg')).attemptId).toBe(`${at('A')}_Attempt=1`)
    expect(await statusOf(pipelineId, at('Ask'))).toBe('FINISHED')
  })

  test('of a data node goes to the machine of the activity that reads it, and makes that machine', async () => {
    const objects = [once(), machine(), ask(), node({ precondition: ref('Ask') }), onMachine('A', { input: ref('In') })]
    const pipelineId = await run(engine.current, ...objects)
    expect(engine.current.machines.up.size).toBe(1)
    await engine.current.finish(await engine.current.take(groupOf(pipelineId)))
    await engine.current.finish(await engine.current.take(groupOf(pipelineId)))
    expect(await engine.current.state(pipelineId)).toBe('FINISHED')
    expect(engine.current.machines.requests).toHaveLength(1)
  })

  test('that is FALSE is asked again after retryDelay, without using up tries', async () => {
    const pipelineId = await run(
      engine.current,
      once(),
      ask({ retryDelay: '1 minute', maximumRetries: '0' }),
      shell('A', { precondition: ref('Ask') }),
    )
    for (let checks = 1; checks <= 3; checks += 1) {
      await engine.current.finish(await engine.current.take('wg'), 'FALSE')
      expect(await engine.current.poll('wg')).toBeUndefined()
      await engine.current.pass(minuteMs)
    }
    await engine.current.finish(await engine.current.take('wg'))
    expect(await statusOf(pipelineId, at('A'))).toBe('WAITING_FOR_RUNNER')
  })

  test('fails after preconditionTimeout, also while a runner is at it', async () => {
    const pipelineId = await run(
      engine.current,
      once(),
      ask({ preconditionTimeout: '5 minutes' }),
      shell('A', { precondition: ref('Ask') }),
    )
    const { taskId } = await engine.current.take('wg')
    await engine.current.engine.reportTaskProgress({ taskId, fields: [] })
    await engine.current.pass(5 * minuteMs)
    expect(await statusOf(pipelineId, at('Ask'))).toBe('FAILED')
    expect(await engine.current.engine.reportTaskProgress({ taskId, fields: [] })).toEqual({ canceled: true })
  })

  test('that fails uses up its tries', async () => {
    const pipelineId = await run(
      engine.current,
      once(),
      ask({ maximumRetries: '0' }),
      shell('A', { precondition: ref('Ask') }),
    )
    await engine.current.finish(await engine.current.take('wg'), 'FAILED')
    expect(await statusOf(pipelineId, at('Ask'))).toBe('FAILED')
  })
})

test('FALSE is no result of an activity', async () => {
  const pipelineId = await run(engine.current, once(), shell('A', { maximumRetries: '0' }))
  await engine.current.finish(await engine.current.take('wg'), 'FALSE')
  expect(await engine.current.field(pipelineId, at('A'), 'errorId')).toBe('Service_NotAPrecondition')
})
