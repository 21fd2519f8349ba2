import { describe, expect, test } from 'vitest'
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

describe('a deactivation that cancels', () => {
  test('cancels what is open, makes nothing more, and takes up again what it cancelled', async () => {
    const pipelineId = await run(engine.current, schedule(), shell('A'), shell('B', { dependsOn: ref('A') }))
    const task = await engine.current.take('wg')
    await deactivate(engine.current, pipelineId)
    expect(await engine.current.state(pipelineId)).toBe('INACTIVE')
    expect(await engine.current.statuses(pipelineId)).toEqual({ [at('A')]: 'CANCELED', [at('B')]: 'CANCELED' })
    expect(await engine.current.engine.reportTaskProgress({ taskId: task.taskId, fields: [] })).toEqual({
      canceled: true,
    })
    await engine.current.finish(task)
    await engine.current.pass(2 * hourMs)
    expect(Object.keys(await engine.current.statuses(pipelineId))).toHaveLength(2)
    await activateAgain(engine.current, pipelineId)
    expect(await engine.current.statuses(pipelineId)).toMatchObject({
      [at('A')]: 'WAITING_FOR_RUNNER',
      [at('B')]: 'WAITING_ON_DEPENDENCIES',
    })
    expect(Object.keys(await engine.current.statuses(pipelineId))).toHaveLength(6)
  })

  test('does not take up again what a user cancelled, or what had failed', async () => {
    const objects = [schedule(), shell('A'), shell('F', { maximumRetries: '0', workerGroup: 'other' }), shell('C')]
    const pipelineId = await run(engine.current, ...objects)
    await engine.current.finish(await engine.current.take('other'), 'FAILED')
    await setStatus(engine.current, pipelineId, ['TRY_CANCEL', at('C')])
    await deactivate(engine.current, pipelineId)
    await activateAgain(engine.current, pipelineId)
    expect(await engine.current.statuses(pipelineId)).toEqual({
      [at('A')]: 'WAITING_FOR_RUNNER',
      [at('C')]: 'CANCELED',
      [at('F')]: 'FAILED',
    })
  })

  test('destroys machines, and a later activation makes others', async () => {
    const pipelineId = await run(engine.current, once(), machine(), onMachine('A'))
    await engine.current.take(groupOf(pipelineId))
    await deactivate(engine.current, pipelineId)
    expect(engine.current.machines.up.size).toBe(0)
    expect(await engine.current.state(pipelineId)).toBe('INACTIVE')
    await activateAgain(engine.current, pipelineId)
    await engine.current.finish(await engine.current.take(groupOf(pipelineId)))
    expect(await engine.current.state(pipelineId)).toBe('FINISHED')
    expect(engine.current.machines.up.size).toBe(0)
  })

  test('waits in DEACTIVATING for machines that do not go, and refuses to be activated meanwhile', async () => {
    engine.current.machines.mode = 'wait'
    const pipelineId = await run(engine.current, once(), machine(), onMachine('A'))
    await engine.current.engine.deactivatePipeline({ pipelineId, cancelActive: 'cancel' })
    await expect(activateAgain(engine.current, pipelineId)).rejects.toThrow('is DEACTIVATING')
    engine.current.machines.goOn('up')
    await engine.current.settle()
    expect(await engine.current.state(pipelineId)).toBe('INACTIVE')
    expect(engine.current.machines.up.size).toBe(0)
  })
})

describe('a deactivation of more than one slice', () => {
  const many = Array.from({ length: 1100 }, (_, index) => shell(`A${index}`))
  const counts = async (pipelineId: Parameters<typeof engine.current.statuses>[0]) => {
    const row = await engine.current.store.reads.findPipeline(pipelineId)
    return [row?.state, row?.openInstances]
  }

  test.each(['cancel', 'wait'] as const)(
    'that is told to %s ends all of it, and an activation takes up all of it',
    async (how) => {
      const pipelineId = await run(engine.current, schedule(), ...many)
      const running = await engine.current.take('wg')
      await engine.current.engine.deactivatePipeline({ pipelineId, cancelActive: how })
      await engine.current.restart()
      await engine.current.finish(running)
      expect(await counts(pipelineId)).toEqual(['INACTIVE', 0])
      await engine.current.engine.activatePipeline({ pipelineId, parameterValues: [], startAt: undefined })
      await engine.current.restart()
      expect(await counts(pipelineId)).toEqual(['SCHEDULED', how === 'cancel' ? 1100 : 1099])
    },
  )
})

describe('a deactivation that waits', () => {
  test('lets finish what runs, cancels the rest, and is INACTIVE then', async () => {
    const pipelineId = await run(
      engine.current,
      schedule(),
      shell('A'),
      shell('B', { dependsOn: ref('A') }),
      shell('C'),
    )
    const task = await engine.current.take('wg')
    await deactivate(engine.current, pipelineId, 'wait')
    expect(await engine.current.state(pipelineId)).toBe('DEACTIVATING')
    expect(await engine.current.statuses(pipelineId)).toEqual({
      [at('A')]: 'RUNNING',
      [at('B')]: 'CANCELED',
      [at('C')]: 'CANCELED',
    })
    await engine.current.finish(task)
    expect(await engine.current.state(pipelineId)).toBe('INACTIVE')
    await activateAgain(engine.current, pipelineId)
    expect(await engine.current.statuses(pipelineId)).toEqual({
      [at('A')]: 'FINISHED',
      [at('B')]: 'WAITING_FOR_RUNNER',
      [at('C')]: 'WAITING_FOR_RUNNER',
    })
  })

  test('lets the machine stay until its last task has ended', async () => {
    const pipelineId = await run(
      engine.current,
      schedule(),
      machine(),
      onMachine('A'),
      onMachine('B', { dependsOn: ref('A') }),
    )
    const task = await engine.current.take(groupOf(pipelineId))
    await deactivate(engine.current, pipelineId, 'wait')
    expect(engine.current.machines.up.size).toBe(1)
    await engine.current.finish(task)
    expect(engine.current.machines.up.size).toBe(0)
    expect(await engine.current.state(pipelineId)).toBe('INACTIVE')
  })

  test('lets what runs have its tries', async () => {
    const pipelineId = await run(engine.current, once(), shell('A', { retryDelay: '5 minutes' }))
    const task = await engine.current.take('wg')
    await deactivate(engine.current, pipelineId, 'wait')
    await engine.current.finish(task, 'FAILED')
    await engine.current.pass(300_000)
    expect(await engine.current.state(pipelineId)).toBe('DEACTIVATING')
    await engine.current.finish(await engine.current.take('wg'))
    expect(await engine.current.state(pipelineId)).toBe('INACTIVE')
  })

  test('can be turned into one that cancels', async () => {
    const pipelineId = await run(engine.current, schedule(), shell('A'))
    await engine.current.take('wg')
    await deactivate(engine.current, pipelineId, 'wait')
    await deactivate(engine.current, pipelineId)
    expect(await engine.current.state(pipelineId)).toBe('INACTIVE')
  })

  test('goes on after a restart in the middle of it', async () => {
    const pipelineId = await run(engine.current, schedule(), shell('A'))
    const task = await engine.current.take('wg')
    await deactivate(engine.current, pipelineId, 'wait')
    await engine.current.restart()
    await engine.current.finish(task)
    expect(await engine.current.state(pipelineId)).toBe('INACTIVE')
  })
})

describe('what may be done with a pipeline that rests', () => {
  test('excludes a rerun', async () => {
    const pipelineId = await run(engine.current, schedule(), shell('A'))
    await deactivate(engine.current, pipelineId)
    await expect(setStatus(engine.current, pipelineId, ['RERUN', at('A')])).rejects.toThrow(
      'is INACTIVE, and runs nothing',
    )
  })

  test('includes another deactivation, which changes nothing', async () => {
    const pipelineId = await run(engine.current, schedule(), shell('A'))
    await deactivate(engine.current, pipelineId)
    await deactivate(engine.current, pipelineId)
    expect(await engine.current.state(pipelineId)).toBe('INACTIVE')
  })

  test('keeps preconditions from being checked', async () => {
    engine.current.checkResult = { kind: 'notYet', message: 'no key' }
    const key = object('Key', { type: 'S3KeyExists', role: 'r', s3Key: 's3://b/k' })
    const pipelineId = await run(engine.current, schedule(), key, shell('A', { precondition: ref('Key') }))
    await deactivate(engine.current, pipelineId)
    engine.current.checkResult = { kind: 'met' }
    await engine.current.pass(10_000)
    expect(await engine.current.field(pipelineId, at('Key'), '@status')).toBe('CANCELED')
    await activateAgain(engine.current, pipelineId)
    expect(await engine.current.field(pipelineId, at('A'), '@status')).toBe('WAITING_FOR_RUNNER')
  })
})
