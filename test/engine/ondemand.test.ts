import { describe, expect, test } from 'vitest'
import { object, ref } from '../builders.ts'
import {
  activateAgain,
  at,
  deactivate,
  edit,
  hourMs,
  onDemand,
  run,
  schedule,
  setStatus,
  shell,
  useEngine,
} from './pipelines.ts'

const engine = useEngine()

const work = (id: string, fields = {}) =>
  object(id, { type: 'ShellCommandActivity', command: 'true', workerGroup: 'wg', ...fields })

const takeAll = async () => {
  for (let task = await engine.current.poll('wg'); task !== undefined; task = await engine.current.poll('wg')) {
    await engine.current.finish(task)
  }
}

describe('a pipeline on demand', () => {
  test('has one run for each activation, in the second of the activation, and is FINISHED after each', async () => {
    const pipelineId = await run(engine.current, onDemand(), work('A'), work('B', { dependsOn: ref('A') }))
    await takeAll()
    expect(await engine.current.state(pipelineId)).toBe('FINISHED')
    await engine.current.pass(hourMs)
    expect(Object.keys(await engine.current.statuses(pipelineId))).toEqual([at('A'), at('B')])
    await activateAgain(engine.current, pipelineId)
    await takeAll()
    expect(await engine.current.statuses(pipelineId)).toEqual({
      [at('A')]: 'FINISHED',
      [at('B')]: 'FINISHED',
      [at('A', '01:00:00')]: 'FINISHED',
      [at('B', '01:00:00')]: 'FINISHED',
    })
  })

  test('refuses a second run at a time, and names the open one and the limit', async () => {
    const pipelineId = await run(engine.current, onDemand(), work('A'))
    await engine.current.pass(1000)
    await expect(activateAgain(engine.current, pipelineId)).rejects.toThrow(
      /1 open run\(s\), the latest of 2026-01-01T00:00:00; maxActiveInstances allows 1/,
    )
    await takeAll()
    await activateAgain(engine.current, pipelineId)
    expect(Object.keys(await engine.current.statuses(pipelineId))).toHaveLength(2)
  })

  test('may have as many runs at a time as maxActiveInstances of Default says', async () => {
    const pipelineId = await run(engine.current, onDemand({ maxActiveInstances: '2' }), work('A'))
    await activateAgain(engine.current, pipelineId)
    expect(Object.keys(await engine.current.statuses(pipelineId))).toEqual([at('A'), at('A', '00:00:01')])
    await expect(activateAgain(engine.current, pipelineId)).rejects.toThrow('2 open run(s)')
  })

  test('may not have more because a single object allows itself more instances', async () => {
    const pipelineId = await run(engine.current, onDemand(), work('A', { maxActiveInstances: '5' }))
    await expect(activateAgain(engine.current, pipelineId)).rejects.toThrow('maxActiveInstances allows 1')
  })

  test('may run again beside a rerun, which does not count', async () => {
    const pipelineId = await run(engine.current, onDemand(), work('A'))
    await takeAll()
    await setStatus(engine.current, pipelineId, ['RERUN', at('A')])
    await engine.current.pass(1000)
    await activateAgain(engine.current, pipelineId)
    expect(await engine.current.statuses(pipelineId)).toEqual({
      [at('A')]: 'WAITING_FOR_RUNNER',
      [at('A', '00:00:01')]: 'WAITING_FOR_RUNNER',
    })
  })

  test('counted the rerun of what a deactivation had cancelled as a run', async () => {
    const pipelineId = await run(engine.current, onDemand(), work('A'), work('B', { workerGroup: 'b' }))
    await deactivate(engine.current, pipelineId)
    await engine.current.pass(1000)
    await activateAgain(engine.current, pipelineId)
    await setStatus(engine.current, pipelineId, ['TRY_CANCEL', at('A', '00:00:01'), at('B', '00:00:01')])
    await setStatus(engine.current, pipelineId, ['RERUN', at('A')])
    await engine.current.pass(1000)
    await activateAgain(engine.current, pipelineId)
    expect(await engine.current.statuses(pipelineId)).toMatchObject({
      [at('A')]: 'WAITING_FOR_RUNNER',
      [at('A', '00:00:02')]: 'WAITING_FOR_RUNNER',
    })
  })

  test('let a third run slip in when single objects of two runs had ended', async () => {
    const objects = [onDemand({ maxActiveInstances: '2' }), work('A'), work('B', { workerGroup: 'b' })]
    const pipelineId = await run(engine.current, ...objects)
    await engine.current.finish(await engine.current.take('wg'))
    await activateAgain(engine.current, pipelineId)
    await setStatus(engine.current, pipelineId, ['TRY_CANCEL', at('B', '00:00:01')])
    await expect(activateAgain(engine.current, pipelineId)).rejects.toThrow(
      /2 open run\(s\), the latest of 2026-01-01T00:00:01; maxActiveInstances allows 2/,
    )
    await takeAll()
    await activateAgain(engine.current, pipelineId)
    expect(Object.keys(await engine.current.statuses(pipelineId))).toHaveLength(6)
  })

  test('is never late', async () => {
    const objects = [
      onDemand(),
      object('Stop', { type: 'Terminate' }),
      work('A', { lateAfterTimeout: '10 minutes', onLateAction: ref('Stop') }),
    ]
    const pipelineId = await run(engine.current, ...objects)
    await engine.current.pass(hourMs)
    expect(await engine.current.field(pipelineId, at('A'), '@status')).toBe('WAITING_FOR_RUNNER')
  })

  test('that is deactivated leaves its run cancelled, and begins a fresh one', async () => {
    const pipelineId = await run(engine.current, onDemand(), work('A'))
    await deactivate(engine.current, pipelineId)
    await engine.current.pass(1000)
    await activateAgain(engine.current, pipelineId)
    expect(await engine.current.statuses(pipelineId)).toEqual({
      [at('A')]: 'CANCELED',
      [at('A', '00:00:01')]: 'WAITING_FOR_RUNNER',
    })
  })

  test('shares data nodes, preconditions and machines of one run', async () => {
    const objects = [
      onDemand(),
      object('M', { type: 'Ec2Resource', role: 'r', resourceRole: 'r' }),
      object('Key', { type: 'S3KeyExists', role: 'r', s3Key: 's3://b/k' }),
      object('In', { type: 'S3DataNode', filePath: 's3://b/k', precondition: ref('Key') }),
      object('A', { type: 'ShellCommandActivity', command: 'true', runsOn: ref('M'), input: ref('In') }),
    ]
    const pipelineId = await run(engine.current, ...objects)
    await engine.current.finish(await engine.current.take(`resource:${pipelineId}_${at('M')}`))
    expect(await engine.current.statuses(pipelineId)).toEqual({
      [at('A')]: 'FINISHED',
      [at('In')]: 'FINISHED',
      [at('Key')]: 'FINISHED',
      [at('M')]: 'FINISHED',
    })
    expect(await engine.current.state(pipelineId)).toBe('FINISHED')
  })

  test('does not take a schedule of its own from an activity', async () => {
    const past = schedule({ startDateTime: '2025-01-01T00:00:00' })
    const pipelineId = await run(engine.current, onDemand(), past, shell('A'))
    expect(Object.keys(await engine.current.statuses(pipelineId))).toEqual([at('A')])
  })

  test('may become one of a schedule by an edit, and the other way round', async () => {
    const objects = (scheduleType: string) => [onDemand({ scheduleType }), schedule(), shell('A')]
    const pipelineId = await run(engine.current, ...objects('cron'))
    await takeAll()
    await engine.current.pass(1000)
    await edit(engine.current, pipelineId, objects('ondemand'))
    await takeAll()
    await engine.current.pass(hourMs)
    expect(Object.keys(await engine.current.statuses(pipelineId))).toEqual([at('A'), at('A', '00:00:01')])
    await edit(engine.current, pipelineId, objects('cron'))
    expect(await engine.current.field(pipelineId, at('A', '01:00:00'), '@status')).toBe('WAITING_FOR_RUNNER')
  })
})
