import { describe, expect, test } from 'vitest'
import { object, ref } from '../builders.ts'
import {
  activateAgain,
  at,
  deactivate,
  groupOf,
  hourMs,
  machine,
  onMachine,
  run,
  schedule,
  setStatus,
  shell,
  useEngine,
} from './pipelines.ts'

const engine = useEngine()

const past = schedule({ startDateTime: '2025-12-31T21:00:00' })
const started = async (pipelineId: Parameters<typeof engine.current.statuses>[0]) =>
  Object.keys(await engine.current.statuses(pipelineId)).map((id) => id.slice(-8, -6))

describe('maxActiveInstances', () => {
  test('of 1 catches up one run after the other, the oldest first', async () => {
    const pipelineId = await run(engine.current, past, shell('A', { maxActiveInstances: '1' }))
    for (const hour of ['21', '22', '23', '00']) {
      const task = await engine.current.take('wg')
      expect(task.attemptId).toContain(`T${hour}:00:00`)
      expect(await engine.current.poll('wg')).toBeUndefined()
      await engine.current.finish(task)
    }
    expect(await started(pipelineId)).toEqual(['21', '22', '23', '00'])
  })

  test('of 1 makes many instances at a time of what ends as soon as it is born', async () => {
    const long = schedule({ startDateTime: '2025-12-01T00:00:00', occurrences: '700' })
    const node = object('In', {
      type: 'S3DataNode',
      filePath: 's3://b/k',
      schedule: ref('Hourly'),
      maxActiveInstances: '1',
    })
    const pipelineId = await run(engine.current, long, node)
    expect(await engine.current.state(pipelineId)).toBe('FINISHED')
    expect(Object.keys(await engine.current.statuses(pipelineId))).toHaveLength(700)
    expect(engine.current.commitCount).toBeLessThan(20)
  })

  test('keeps a pipeline SCHEDULED while a run waits for room', async () => {
    const two = schedule({ occurrences: '2' })
    const pipelineId = await run(engine.current, two, shell('A', { maxActiveInstances: '1' }))
    await engine.current.pass(2 * hourMs)
    expect(await started(pipelineId)).toEqual(['00'])
    await engine.current.finish(await engine.current.take('wg'))
    expect(await engine.current.state(pipelineId)).toBe('SCHEDULED')
    expect(await started(pipelineId)).toEqual(['00', '01'])
  })

  test('is not used up by failures, cancellations and skipped runs', async () => {
    const objects = [past, shell('A', { maxActiveInstances: '1', maximumRetries: '0' })]
    const pipelineId = await run(engine.current, ...objects)
    await engine.current.finish(await engine.current.take('wg'), 'FAILED')
    await setStatus(engine.current, pipelineId, ['TRY_CANCEL', '@A_2025-12-31T22:00:00'])
    expect(await started(pipelineId)).toEqual(['21', '22', '23'])
  })

  test('does not count reruns', async () => {
    const pipelineId = await run(engine.current, schedule(), shell('A', { maxActiveInstances: '1' }))
    await engine.current.finish(await engine.current.take('wg'))
    await setStatus(engine.current, pipelineId, ['RERUN', at('A')])
    await engine.current.pass(hourMs)
    expect(await engine.current.statuses(pipelineId)).toEqual({
      [at('A')]: 'WAITING_FOR_RUNNER',
      [at('A', '01:00:00')]: 'WAITING_FOR_RUNNER',
    })
    await engine.current.finish(await engine.current.take('wg'))
    await engine.current.pass(hourMs)
    expect(await started(pipelineId)).toEqual(['00', '01'])
  })

  test('lets what others depend on come to be later than they do', async () => {
    const objects = [
      past,
      shell('A', { maxActiveInstances: '1' }),
      shell('B', { dependsOn: ref('A'), workerGroup: 'b' }),
    ]
    const pipelineId = await run(engine.current, ...objects)
    expect(Object.keys(await engine.current.statuses(pipelineId))).toHaveLength(5)
    for (const hour of ['21', '22', '23', '00']) {
      await engine.current.finish(await engine.current.take('wg'))
      expect((await engine.current.take('b')).attemptId).toContain(`T${hour}:00:00`)
    }
  })

  test('takes up the oldest run first when the pipeline goes on', async () => {
    const pipelineId = await run(engine.current, past, shell('A', { maxActiveInstances: '1' }))
    await deactivate(engine.current, pipelineId)
    await activateAgain(engine.current, pipelineId)
    expect(await started(pipelineId)).toEqual(['21'])
    expect((await engine.current.take('wg')).attemptId).toBe('@A_2025-12-31T21:00:00_Attempt=2')
  })

  test('of 1 for every object comes to an end with machines, data nodes and failures', async () => {
    const objects = [
      schedule({ startDateTime: '2025-12-31T20:00:00', endDateTime: '2026-01-01T00:00:00' }),
      object('Default', { maxActiveInstances: '1', failureAndRerunMode: 'cascade', maximumRetries: '0' }),
      machine(),
      onMachine('A', { output: ref('Out') }),
      object('Out', { type: 'S3DataNode', directoryPath: 's3://b/o', schedule: ref('Hourly') }),
      onMachine('B', { input: ref('Out') }),
    ]
    const pipelineId = await run(engine.current, ...objects)
    for (const hour of [20, 21, 22, 23]) {
      const group = groupOf(pipelineId, `@M_2025-12-31T${hour}:00:00`)
      await engine.current.finish(await engine.current.take(group), hour === 21 ? 'FAILED' : 'FINISHED')
      const task = await engine.current.poll(group)
      if (task !== undefined) await engine.current.finish(task)
    }
    expect(await engine.current.state(pipelineId)).toBe('FINISHED')
    expect(await engine.current.statuses(pipelineId)).toMatchObject({
      '@A_2025-12-31T21:00:00': 'FAILED',
      '@B_2025-12-31T21:00:00': 'CASCADE_FAILED',
      '@B_2025-12-31T23:00:00': 'FINISHED',
    })
    expect(engine.current.machines.up.size).toBe(0)
  })
})
