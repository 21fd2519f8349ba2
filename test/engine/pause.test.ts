import { describe, expect, test } from 'vitest'
import { objectId } from '../../src/core/definition/pipeline-object.ts'
import { object, ref } from '../builders.ts'
import {
  activateAgain,
  at,
  deactivate,
  groupOf,
  hourMs,
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

describe('PAUSE of a component', () => {
  test('sets aside what waits for a runner, and RESUME offers the same attempt again', async () => {
    const pipelineId = await run(engine.current, once(), shell('A'))
    await setStatus(engine.current, pipelineId, ['PAUSE', 'A'])
    expect(await engine.current.field(pipelineId, 'A', '@status')).toBe('PAUSED')
    expect(await engine.current.field(pipelineId, at('A'), '@status')).toBe('PAUSED')
    expect(await engine.current.poll('wg')).toBeUndefined()
    await setStatus(engine.current, pipelineId, ['RESUME', 'A'])
    expect((await engine.current.take('wg')).attemptId).toBe(`${at('A')}_Attempt=1`)
  })

  test('is over for all that stood still, also where the server ends in the middle of RESUME', async () => {
    const backfill = schedule({ startDateTime: '2025-11-01T00:00:00', occurrences: '1200' })
    const pipelineId = await run(engine.current, backfill, shell('A'))
    await setStatus(engine.current, pipelineId, ['PAUSE', 'A'])
    // What is set aside only when its turn comes is so by a poll that finds nothing.
    while ((await engine.current.poll('wg')) !== undefined);
    const resumed = engine.current.engine.setStatus({ pipelineId, objectIds: [objectId('A')], status: 'RESUME' })
    await engine.current.restart()
    await resumed
    const paused = { componentId: objectId('A'), status: 'PAUSED', limit: 1 }
    expect(await engine.current.store.reads.listInstanceIdsByStatus(pipelineId, paused)).toEqual([])
  })

  test('lets new instances come to be, and none of them run', async () => {
    const pipelineId = await run(engine.current, schedule(), shell('A'))
    await engine.current.finish(await engine.current.take('wg'))
    await setStatus(engine.current, pipelineId, ['PAUSE', 'A'])
    await engine.current.pass(2 * hourMs)
    expect(await engine.current.statuses(pipelineId)).toEqual({
      [at('A')]: 'FINISHED',
      [at('A', '01:00:00')]: 'PAUSED',
      [at('A', '02:00:00')]: 'PAUSED',
    })
  })

  test('lets go on what runs, and sets aside its next try', async () => {
    const pipelineId = await run(engine.current, once(), shell('A', { retryDelay: '5 minutes' }))
    const task = await engine.current.take('wg')
    await setStatus(engine.current, pipelineId, ['PAUSE', 'A'])
    expect(await engine.current.field(pipelineId, at('A'), '@status')).toBe('RUNNING')
    await engine.current.finish(task, 'FAILED')
    await engine.current.pass(300_000)
    expect(await engine.current.field(pipelineId, at('A'), '@status')).toBe('PAUSED')
    await setStatus(engine.current, pipelineId, ['RESUME', 'A'])
    expect((await engine.current.take('wg')).attemptId).toBe(`${at('A')}_Attempt=2`)
  })

  test('of a data node keeps what reads it waiting', async () => {
    const node = object('In', { type: 'S3DataNode', filePath: 's3://b/k', schedule: ref('Hourly') })
    const pipelineId = await run(engine.current, schedule(), node, shell('A', { input: ref('In') }))
    await setStatus(engine.current, pipelineId, ['PAUSE', 'In'])
    await engine.current.pass(hourMs)
    expect(await engine.current.statuses(pipelineId)).toMatchObject({
      [at('In', '01:00:00')]: 'PAUSED',
      [at('A', '01:00:00')]: 'WAITING_ON_DEPENDENCIES',
    })
    await setStatus(engine.current, pipelineId, ['RESUME', 'In'])
    expect(await engine.current.field(pipelineId, at('A', '01:00:00'), '@status')).toBe('WAITING_FOR_RUNNER')
  })

  test('of a resource makes no machine, until RESUME', async () => {
    const objects = [schedule({ startDateTime: '2026-01-01T01:00:00' }), machine(), onMachine('A')]
    const pipelineId = await run(engine.current, ...objects)
    await setStatus(engine.current, pipelineId, ['PAUSE', 'M'])
    await engine.current.pass(hourMs)
    expect(engine.current.machines.requests).toEqual([])
    await setStatus(engine.current, pipelineId, ['RESUME', 'M'])
    expect((await engine.current.take(groupOf(pipelineId, at('M', '01:00:00')))).attemptId).toContain('@A')
  })

  test('left a machine PAUSED whose work had ended, so that nothing was left that it could begin for', async () => {
    const later = schedule({ startDateTime: '2026-01-01T01:00:00', occurrences: '1' })
    const objects = [later, machine(), onMachine('A'), shell('C'), onMachine('B', { dependsOn: ref('C') })]
    const pipelineId = await run(engine.current, ...objects)
    await setStatus(engine.current, pipelineId, ['PAUSE', 'M'])
    await engine.current.pass(hourMs)
    expect(await engine.current.field(pipelineId, at('M', '01:00:00'), '@status')).toBe('PAUSED')
    await setStatus(engine.current, pipelineId, ['TRY_CANCEL', at('A', '01:00:00')])
    expect(await engine.current.field(pipelineId, at('M', '01:00:00'), '@status')).toBe('WAITING_ON_DEPENDENCIES')
    await engine.current.finish(await engine.current.take('wg'))
    expect(await engine.current.field(pipelineId, at('M', '01:00:00'), '@status')).toBe('PAUSED')
  })

  test('holds over a deactivation, an activation and a restart', async () => {
    const pipelineId = await run(engine.current, once(), shell('A'))
    await setStatus(engine.current, pipelineId, ['PAUSE', 'A'])
    await deactivate(engine.current, pipelineId)
    await engine.current.restart()
    await activateAgain(engine.current, pipelineId)
    expect(await engine.current.field(pipelineId, at('A'), '@status')).toBe('PAUSED')
  })

  test('does not keep what is paused from being failed by a failure in cascade mode', async () => {
    const node = object('Out', {
      type: 'S3DataNode',
      directoryPath: 's3://b/o',
      schedule: ref('Hourly'),
      failureAndRerunMode: 'cascade',
    })
    const pipelineId = await run(engine.current, once(), node, shell('A', { output: ref('Out'), maximumRetries: '0' }))
    await setStatus(engine.current, pipelineId, ['PAUSE', 'Out'])
    await engine.current.finish(await engine.current.take('wg'), 'FAILED')
    expect(await engine.current.field(pipelineId, at('Out'), '@status')).toBe('CASCADE_FAILED')
  })
})
