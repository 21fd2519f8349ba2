import { describe, expect, test } from 'vitest'
import { object, ref } from '../builders.ts'
import {
  activateAgain,
  at,
  deactivate,
  groupOf,
  machine,
  once,
  onMachine,
  run,
  schedule,
  setStatus,
  shell,
  useEngine,
} from './pipelines.ts'

const engine = useEngine()

const markFinished = async (pipelineId: Parameters<typeof engine.current.statuses>[0], ...ids: readonly string[]) =>
  await setStatus(engine.current, pipelineId, ['MARK_FINISHED', ...ids])

const failing = shell('A', { maximumRetries: '0' })
const cascading = shell('B', { dependsOn: ref('A'), failureAndRerunMode: 'cascade' })

describe('MARK_FINISHED', () => {
  test('of a task that begins and fails on the way sends no word of that failure', async () => {
    const later = schedule({ startDateTime: '2026-01-02T00:00:00', occurrences: '1' }, 'Later')
    const alarm = object('Alarm', {
      type: 'SnsAlarm',
      topicArn: 'arn:aws:sns:us-east-1:000000000000:topic',
      subject: 'failed',
      message: 'failed',
      role: 'r',
    })
    // Its interval lies before those of its machine: as soon as it waits for nothing more, it fails.
    const doomed = onMachine('B', { dependsOn: ref('A'), onFail: ref('Alarm'), maximumRetries: '0' })
    const pipelineId = await run(
      engine.current,
      once(),
      later,
      alarm,
      machine({ schedule: ref('Later') }),
      shell('A'),
      doomed,
    )
    await markFinished(pipelineId, at('A'), at('B'))
    expect(await engine.current.statuses(pipelineId)).toEqual({ [at('A')]: 'FINISHED', [at('B')]: 'FINISHED' })
    expect(engine.current.notifications).toEqual([])
  })

  test('of what has failed lets go on what waits for it and what it has hit', async () => {
    const pipelineId = await run(engine.current, once(), failing, cascading, shell('C', { dependsOn: ref('A') }))
    await engine.current.finish(await engine.current.take('wg'), 'FAILED')
    await markFinished(pipelineId, at('A'))
    expect(await engine.current.statuses(pipelineId)).toEqual({
      [at('A')]: 'FINISHED',
      [at('B')]: 'WAITING_FOR_RUNNER',
      [at('C')]: 'WAITING_FOR_RUNNER',
    })
    expect(await engine.current.field(pipelineId, 'A', '@healthStatus')).toBe('HEALTHY')
  })

  test('of a running task ends it at once, and a later word of its runner changes nothing', async () => {
    const pipelineId = await run(engine.current, once(), failing, cascading)
    const task = await engine.current.take('wg')
    await markFinished(pipelineId, at('A'))
    await engine.current.finish(task, 'FAILED')
    expect(await engine.current.statuses(pipelineId)).toEqual({
      [at('A')]: 'FINISHED',
      [at('B')]: 'WAITING_FOR_RUNNER',
    })
  })

  test('of what waits releases its machine', async () => {
    const pipelineId = await run(engine.current, once(), machine(), onMachine('A'))
    expect(await engine.current.poll(groupOf(pipelineId, at('Nothing')))).toBeUndefined()
    await markFinished(pipelineId, at('A'))
    expect(await engine.current.statuses(pipelineId)).toEqual({ [at('A')]: 'FINISHED', [at('M')]: 'FINISHED' })
  })

  test('of what has failed sets nothing to work in a pipeline that rests, and is possible once it is active', async () => {
    const pipelineId = await run(engine.current, once(), failing, cascading)
    await engine.current.finish(await engine.current.take('wg'), 'FAILED')
    await activateAgain(engine.current, pipelineId)
    const other = await run(engine.current, once(), failing, cascading, shell('Busy', { workerGroup: 'nobody' }))
    await engine.current.finish(await engine.current.take('wg'), 'FAILED')
    await deactivate(engine.current, other)
    await expect(markFinished(other, at('A'))).rejects.toThrow('is INACTIVE, and runs nothing')
    await activateAgain(engine.current, other)
    await markFinished(other, at('A'))
    expect(await engine.current.field(other, at('B'), '@status')).toBe('WAITING_FOR_RUNNER')
  })

  test('of what runs ends the wait of a deactivation', async () => {
    const pipelineId = await run(engine.current, once(), failing)
    await engine.current.take('wg')
    await deactivate(engine.current, pipelineId, 'wait')
    expect(await engine.current.state(pipelineId)).toBe('DEACTIVATING')
    await markFinished(pipelineId, at('A'))
    expect(await engine.current.state(pipelineId)).toBe('INACTIVE')
  })
})
