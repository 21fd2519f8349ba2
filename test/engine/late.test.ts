import { describe, expect, test } from 'vitest'
import { object, ref } from '../builders.ts'
import {
  activateAgain,
  at,
  deactivate,
  groupOf,
  hourMs,
  machine,
  minuteMs,
  once,
  onMachine,
  run,
  schedule,
  setStatus,
  shell,
  useEngine,
} from './pipelines.ts'

const engine = useEngine()

const alarm = object('Alarm', { type: 'SnsAlarm', topicArn: 't', subject: '#{node.@id}', message: 'late', role: 'r' })
const stop = object('Stop', { type: 'Terminate' })
const late = (action: string) => ({ lateAfterTimeout: '30 minutes', onLateAction: ref(action) })
const subjects = () => engine.current.notifications.map(({ subject }) => subject)

describe('lateAfterTimeout', () => {
  test.each([
    ['waits for a runner', async () => undefined],
    ['runs', async () => void (await engine.current.take('wg'))],
    ['waits for its next try', async () => await engine.current.finish(await engine.current.take('wg'), 'FAILED')],
  ])('triggers onLateAction once for an activity that still %s', async (_, bringAbout) => {
    await run(engine.current, once(), alarm, shell('A', { ...late('Alarm'), retryDelay: '2 hours' }))
    await bringAbout()
    await engine.current.pass(30 * minuteMs - 1)
    expect(subjects()).toEqual([])
    await engine.current.pass(1)
    await engine.current.pass(hourMs)
    expect(subjects()).toEqual([at('A')])
  })

  test('triggers it for what still waits for a dependency', async () => {
    await run(engine.current, once(), alarm, shell('A'), shell('B', { dependsOn: ref('A'), ...late('Alarm') }))
    await engine.current.pass(30 * minuteMs)
    expect(subjects()).toEqual([at('B')])
  })

  test('is counted from the scheduled start, whenever the pipeline came to it', async () => {
    await engine.current.pass(20 * minuteMs)
    await run(engine.current, once(), alarm, shell('A', late('Alarm')))
    await engine.current.pass(10 * minuteMs)
    expect(subjects()).toEqual([at('A')])
  })

  test('is over at once for runs that are caught up', async () => {
    const past = schedule({ startDateTime: '2025-12-31T23:00:00', occurrences: '1' })
    await run(engine.current, past, alarm, shell('A', late('Alarm')))
    expect(subjects()).toEqual(['@A_2025-12-31T23:00:00'])
  })

  test('means nothing to what has ended in time', async () => {
    await run(engine.current, once(), alarm, shell('A', late('Alarm')))
    await engine.current.finish(await engine.current.take('wg'))
    await engine.current.pass(hourMs)
    expect(subjects()).toEqual([])
  })

  test('means nothing to a rerun of what was late', async () => {
    const pipelineId = await run(engine.current, once(), alarm, shell('A', late('Alarm')))
    await engine.current.finish(await engine.current.take('wg'))
    await engine.current.pass(hourMs)
    await setStatus(engine.current, pipelineId, ['RERUN', at('A')])
    await engine.current.pass(hourMs)
    expect(subjects()).toEqual([])
  })
})

describe('a deactivation', () => {
  test('after an object was late does not let it be late once more when the pipeline goes on', async () => {
    const pipelineId = await run(engine.current, once(), alarm, shell('A', late('Alarm')))
    await engine.current.pass(40 * minuteMs)
    await deactivate(engine.current, pipelineId)
    await activateAgain(engine.current, pipelineId)
    await engine.current.pass(hourMs)
    expect(subjects()).toEqual([at('A')])
  })

  test('before an object is late lets it be late when the pipeline goes on', async () => {
    const pipelineId = await run(engine.current, once(), alarm, shell('A', late('Alarm')))
    await deactivate(engine.current, pipelineId)
    await engine.current.pass(40 * minuteMs)
    expect(subjects()).toEqual([])
    await activateAgain(engine.current, pipelineId)
    expect(subjects()).toEqual([at('A')])
  })
})

test('a machine that rests with its pipeline is late when that goes on, too', async () => {
  const pipelineId = await run(engine.current, once(), alarm, machine(late('Alarm')), onMachine('A'))
  await deactivate(engine.current, pipelineId)
  await activateAgain(engine.current, pipelineId)
  await engine.current.pass(30 * minuteMs)
  expect(subjects()).toEqual([at('M')])
})

describe('Terminate as onLateAction', () => {
  test('cancels an activity that waits, and in cascade mode what depends on it fails', async () => {
    const pipelineId = await run(
      engine.current,
      once(),
      stop,
      shell('A', late('Stop')),
      shell('B', { dependsOn: ref('A'), failureAndRerunMode: 'cascade' }),
    )
    await engine.current.pass(30 * minuteMs)
    expect(await engine.current.statuses(pipelineId)).toEqual({ [at('A')]: 'CANCELED', [at('B')]: 'CASCADE_FAILED' })
  })

  test('stops an activity that runs', async () => {
    const pipelineId = await run(engine.current, once(), stop, shell('A', late('Stop')))
    const { taskId } = await engine.current.take('wg')
    for (let minutes = 0; minutes < 30; minutes += 10) {
      await engine.current.engine.reportTaskProgress({ taskId, fields: [] })
      await engine.current.pass(10 * minuteMs)
    }
    expect(await engine.current.engine.reportTaskProgress({ taskId, fields: [] })).toEqual({ canceled: true })
    expect(await engine.current.field(pipelineId, at('A'), '@status')).toBe('CANCELED')
  })

  test('cancels a data node and a machine', async () => {
    const node = object('Out', {
      type: 'S3DataNode',
      directoryPath: 's3://b/o',
      schedule: ref('Hourly'),
      ...late('Stop'),
    })
    const objects = [once(), stop, node, machine(late('Stop')), onMachine('A', { output: ref('Out') })]
    const pipelineId = await run(engine.current, ...objects)
    await engine.current.pass(30 * minuteMs)
    expect(await engine.current.statuses(pipelineId)).toEqual({
      [at('A')]: 'CANCELED',
      [at('M')]: 'CANCELED',
      [at('Out')]: 'CANCELED',
    })
    expect(await engine.current.poll(groupOf(pipelineId))).toBeUndefined()
    expect(engine.current.machines.up.size).toBe(0)
  })
})
