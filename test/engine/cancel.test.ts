import { describe, expect, test } from 'vitest'
import { object, ref } from '../builders.ts'
import { at, groupOf, machine, once, onMachine, run, setStatus, shell, useEngine } from './pipelines.ts'

const engine = useEngine()

const cancel = async (pipelineId: Parameters<typeof engine.current.statuses>[0], ...ids: readonly string[]) =>
  await setStatus(engine.current, pipelineId, ['TRY_CANCEL', ...ids])

const cascade = { failureAndRerunMode: 'cascade' }

describe('TRY_CANCEL', () => {
  test('of a running task is told to its runner, and the task is CANCELED then', async () => {
    const pipelineId = await run(engine.current, once(), shell('A'))
    const { taskId } = await engine.current.take('wg')
    expect(await engine.current.engine.reportTaskProgress({ taskId, fields: [] })).toEqual({ canceled: false })
    await cancel(pipelineId, at('A'))
    expect(await engine.current.engine.reportTaskProgress({ taskId, fields: [] })).toEqual({ canceled: true })
    expect(await engine.current.field(pipelineId, at('A'), '@status')).toBe('CANCELED')
    expect(await engine.current.engine.reportTaskProgress({ taskId, fields: [] })).toEqual({ canceled: true })
  })

  test('of a running task whose runner is gone takes effect with its lease', async () => {
    const pipelineId = await run(engine.current, once(), shell('A'))
    await engine.current.take('wg')
    await cancel(pipelineId, at('A'))
    await engine.current.pass(120_000)
    expect(await engine.current.field(pipelineId, at('A'), '@status')).toBe('CANCELED')
  })

  test('fails what depends on it in cascade mode, cancels preconditions, and leaves the rest waiting', async () => {
    engine.current.checkResult = { kind: 'notYet', message: 'no key' }
    const objects = [
      once(),
      object('Key', { type: 'S3KeyExists', role: 'r', s3Key: 's3://b/k' }),
      shell('A'),
      shell('B', { ...cascade, dependsOn: ref('A'), precondition: ref('Key') }),
      shell('C', { dependsOn: ref('A') }),
    ]
    const pipelineId = await run(engine.current, ...objects)
    await cancel(pipelineId, at('A'))
    expect(await engine.current.statuses(pipelineId)).toEqual({
      [at('A')]: 'CANCELED',
      [at('B')]: 'CASCADE_FAILED',
      [at('C')]: 'WAITING_ON_DEPENDENCIES',
      [at('Key')]: 'CANCELED',
    })
  })

  test('of a resource takes along what runs on it', async () => {
    const pipelineId = await run(
      engine.current,
      once(),
      machine(),
      onMachine('A'),
      onMachine('B', { dependsOn: ref('A') }),
    )
    const { taskId } = await engine.current.take(groupOf(pipelineId))
    await cancel(pipelineId, at('M'))
    expect(await engine.current.statuses(pipelineId)).toEqual({
      [at('A')]: 'FAILED',
      [at('B')]: 'CANCELED',
      [at('M')]: 'CANCELED',
    })
    expect(engine.current.machines.up.size).toBe(0)
    expect(await engine.current.engine.reportTaskProgress({ taskId, fields: [] })).toEqual({ canceled: true })
  })

  test('of the last thing on a machine lets the machine go', async () => {
    const pipelineId = await run(engine.current, once(), machine(), onMachine('A'))
    await cancel(pipelineId, at('A'))
    expect(await engine.current.statuses(pipelineId)).toEqual({ [at('A')]: 'CANCELED', [at('M')]: 'FINISHED' })
    expect(engine.current.machines.up.size).toBe(0)
  })

  test('triggers no onFail', async () => {
    const alarm = object('Alarm', { type: 'SnsAlarm', topicArn: 't', subject: 's', message: 'm', role: 'r' })
    const pipelineId = await run(engine.current, once(), alarm, shell('A', { onFail: ref('Alarm') }))
    await cancel(pipelineId, at('A'))
    expect(engine.current.notifications).toEqual([])
  })
})
