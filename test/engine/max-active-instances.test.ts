import { describe, expect, test } from 'vitest'
import { ref } from '../builders.ts'
import { activateAgain, at, deactivate, hourMs, run, schedule, setStatus, shell, useEngine } from './pipelines.ts'

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
})
