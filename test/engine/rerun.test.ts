import { describe, expect, test } from 'vitest'
import { object, ref } from '../builders.ts'
import { at, groupOf, machine, once, onMachine, run, setStatus, shell, useEngine } from './pipelines.ts'

const engine = useEngine()

const rerun = async (pipelineId: Parameters<typeof engine.current.statuses>[0], ...ids: readonly string[]) =>
  await setStatus(engine.current, pipelineId, ['RERUN', ...ids])

const finish = async (count: number, group = 'wg') => {
  for (let index = 0; index < count; index += 1) await engine.current.finish(await engine.current.take(group))
}

const fail = async (group = 'wg') => await engine.current.finish(await engine.current.take(group), 'FAILED')

const noRetry = { maximumRetries: '0' }
const cascade = { failureAndRerunMode: 'cascade' }

describe('RERUN of an activity', () => {
  test('runs it again, and leaves alone what depends on it and has finished', async () => {
    const pipelineId = await run(engine.current, once(), shell('A'), shell('B', { dependsOn: ref('A') }))
    await finish(2)
    expect(await engine.current.state(pipelineId)).toBe('FINISHED')
    await rerun(pipelineId, at('A'))
    expect(await engine.current.state(pipelineId)).toBe('SCHEDULED')
    expect((await engine.current.take('wg')).attemptId).toBe(`${at('A')}_Attempt=2`)
    expect(await engine.current.field(pipelineId, at('B'), '@status')).toBe('FINISHED')
  })

  test('brings its machine back, and that goes with it', async () => {
    const pipelineId = await run(engine.current, once(), machine(), onMachine('A'))
    await finish(1, groupOf(pipelineId))
    expect(engine.current.machines.up.size).toBe(0)
    await rerun(pipelineId, at('A'))
    expect(engine.current.machines.up.size).toBe(1)
    await finish(1, groupOf(pipelineId))
    expect(engine.current.machines.up.size).toBe(0)
    expect(await engine.current.state(pipelineId)).toBe('FINISHED')
  })

  test('without cascade releases what waits for it', async () => {
    const pipelineId = await run(engine.current, once(), shell('A', noRetry), shell('B', { dependsOn: ref('A') }))
    await fail()
    await rerun(pipelineId, at('A'))
    await finish(2)
    expect(await engine.current.state(pipelineId)).toBe('FINISHED')
  })

  test('with cascade spreads to all that was hit, down to the last one', async () => {
    const objects = [
      once(),
      object('Default', cascade),
      shell('A', { ...noRetry, output: ref('Out') }),
      object('Out', { type: 'S3DataNode', directoryPath: 's3://b/o', schedule: ref('Hourly') }),
      shell('B', { input: ref('Out') }),
      shell('C', { dependsOn: ref('B') }),
    ]
    const pipelineId = await run(engine.current, ...objects)
    await fail()
    expect(await engine.current.statuses(pipelineId)).toEqual({
      [at('A')]: 'FAILED',
      [at('B')]: 'CASCADE_FAILED',
      [at('C')]: 'CASCADE_FAILED',
      [at('Out')]: 'CASCADE_FAILED',
    })
    await rerun(pipelineId, at('A'))
    await finish(3)
    expect(await engine.current.state(pipelineId)).toBe('FINISHED')
  })

  test('with cascade does not spread to what another failure has hit as well', async () => {
    const objects = [
      once(),
      shell('A', noRetry),
      shell('A2', noRetry),
      shell('B', { ...cascade, dependsOn: [ref('A'), ref('A2')] }),
    ]
    const pipelineId = await run(engine.current, ...objects)
    await fail()
    await fail()
    await rerun(pipelineId, at('A'))
    expect(await engine.current.field(pipelineId, at('B'), '@status')).toBe('CASCADE_FAILED')
    await rerun(pipelineId, at('A2'))
    expect(await engine.current.field(pipelineId, at('B'), '@status')).toBe('WAITING_ON_DEPENDENCIES')
  })

  test('that is CASCADE_FAILED under a failure that stands leaves it so, and says on what', async () => {
    const objects = [once(), shell('A', noRetry), shell('B', { ...cascade, dependsOn: ref('A') })]
    const pipelineId = await run(engine.current, ...objects)
    await fail()
    await rerun(pipelineId, at('B'))
    expect(await engine.current.field(pipelineId, at('B'), '@status')).toBe('CASCADE_FAILED')
    expect(await engine.current.field(pipelineId, at('B'), '@cascadeFailedOn')).toBe(at('A'))
  })

  test('tries its failed precondition again', async () => {
    engine.current.checkResult = new Error('denied')
    const objects = [
      once(),
      object('Key', { type: 'S3KeyExists', role: 'r', s3Key: 's3://b/k', ...noRetry }),
      shell('A', { ...cascade, precondition: ref('Key') }),
    ]
    const pipelineId = await run(engine.current, ...objects)
    expect(await engine.current.statuses(pipelineId)).toEqual({ [at('A')]: 'CASCADE_FAILED', [at('Key')]: 'FAILED' })
    engine.current.checkResult = { kind: 'met' }
    await rerun(pipelineId, at('A'))
    expect(await engine.current.statuses(pipelineId)).toEqual({
      [at('A')]: 'WAITING_FOR_RUNNER',
      [at('Key')]: 'FINISHED',
    })
  })

  test('gives back all tries', async () => {
    const pipelineId = await run(engine.current, once(), shell('A', { maximumRetries: '1', retryDelay: '2 minutes' }))
    await fail()
    await engine.current.pass(120_000)
    await fail()
    await rerun(pipelineId, at('A'))
    expect(await engine.current.field(pipelineId, at('A'), '@triesLeft')).toBe('1')
    await fail()
    expect(await engine.current.field(pipelineId, at('A'), '@status')).toBe('WAITING_FOR_RUNNER')
  })
})

describe('RERUN of several instances', () => {
  test.each([
    ['in their order', ['A', 'B', 'C']],
    ['the last one first', ['C', 'B', 'A']],
  ])('given %s runs each after those that it depends on', async (_, order) => {
    const chain = [shell('A'), shell('B', { dependsOn: ref('A') }), shell('C', { dependsOn: ref('B') })]
    const pipelineId = await run(engine.current, once(), ...chain)
    await finish(3)
    await rerun(pipelineId, ...order.map((id) => at(id)))
    for (const id of ['A', 'B', 'C']) {
      const task = await engine.current.take('wg')
      expect(task.attemptId).toBe(`${at(id)}_Attempt=2`)
      expect(await engine.current.poll('wg')).toBeUndefined()
      await engine.current.finish(task)
    }
  })

  test('reruns none of them if one cannot be', async () => {
    const pipelineId = await run(engine.current, once(), shell('A'), shell('B', { dependsOn: ref('A') }))
    await finish(1)
    await expect(rerun(pipelineId, at('A'), at('B'))).rejects.toThrow(
      `${at('B')} is WAITING_FOR_RUNNER, and RERUN is not possible in that status.`,
    )
    expect(await engine.current.field(pipelineId, at('A'), '@status')).toBe('FINISHED')
  })
})

describe('RERUN of a resource', () => {
  test('reruns what ran on it, each after those that it depends on, on one machine', async () => {
    const objects = [
      machine(),
      onMachine('Z'),
      onMachine('Y', { dependsOn: ref('Z') }),
      onMachine('X', { dependsOn: ref('Y') }),
    ]
    const pipelineId = await run(engine.current, once(), ...objects)
    await finish(3, groupOf(pipelineId))
    await rerun(pipelineId, at('M'))
    for (const id of ['Z', 'Y', 'X']) {
      expect(engine.current.machines.up.size).toBe(1)
      const task = await engine.current.take(groupOf(pipelineId))
      expect(task.attemptId).toBe(`${at(id)}_Attempt=2`)
      expect(await engine.current.poll(groupOf(pipelineId))).toBeUndefined()
      await engine.current.finish(task)
    }
    expect(engine.current.machines.up.size).toBe(0)
  })

  test('that has failed tries what it cancelled, and a cascade brings back the rest', async () => {
    engine.current.machines.mode = 'fail'
    const objects = [machine(noRetry), onMachine('A'), shell('B', { ...cascade, dependsOn: ref('A') })]
    const pipelineId = await run(engine.current, once(), ...objects)
    expect(await engine.current.statuses(pipelineId)).toEqual({
      [at('A')]: 'CANCELED',
      [at('B')]: 'CASCADE_FAILED',
      [at('M')]: 'FAILED',
    })
    engine.current.machines.mode = 'up'
    await rerun(pipelineId, at('M'))
    await finish(1, groupOf(pipelineId))
    await finish(1)
    expect(await engine.current.state(pipelineId)).toBe('FINISHED')
  })
})

describe('RERUN of a data node', () => {
  test('that failed with its producer waits for that, and is there when it has run', async () => {
    const objects = [
      once(),
      shell('A', { ...noRetry, output: ref('Out') }),
      object('Out', { type: 'S3DataNode', directoryPath: 's3://b/o', schedule: ref('Hourly'), ...cascade }),
    ]
    const pipelineId = await run(engine.current, ...objects)
    await fail()
    await rerun(pipelineId, at('A'), at('Out'))
    expect(await engine.current.field(pipelineId, at('Out'), '@status')).toBe('WAITING_ON_DEPENDENCIES')
    await finish(1)
    expect(await engine.current.field(pipelineId, at('Out'), '@status')).toBe('FINISHED')
  })
})

describe('RERUN of what fails at once', () => {
  const out = (fields = {}) =>
    object('Out', { type: 'S3DataNode', directoryPath: 's3://b/o', schedule: ref('Hourly'), ...cascade, ...fields })

  test('together with the precondition that nobody can check fails again, and is no error of the service', async () => {
    const objects = [once(), out({ precondition: ref('There') }), object('There', { type: 'Exists' })]
    const pipelineId = await run(engine.current, ...objects)
    await rerun(pipelineId, at('There'), at('Out'))
    expect(await engine.current.statuses(pipelineId)).toEqual({
      [at('Out')]: 'CASCADE_FAILED',
      [at('There')]: 'FAILED',
    })
    expect(engine.current.errors).toEqual([])
  })

  test('with a dependency that failed after it was cancelled names that dependency', async () => {
    const objects = [once(), shell('A', noRetry), shell('B', { ...cascade, dependsOn: ref('A') })]
    const pipelineId = await run(engine.current, ...objects)
    await setStatus(engine.current, pipelineId, ['TRY_CANCEL', at('B')])
    await fail()
    await rerun(pipelineId, at('B'))
    expect(await engine.current.field(pipelineId, at('B'), '@status')).toBe('CASCADE_FAILED')
    expect(await engine.current.field(pipelineId, at('B'), '@cascadeFailedOn')).toBe(at('A'))
  })

  test('under a failure that stands makes no machine, and asks nobody whether its precondition holds', async () => {
    const objects = [
      once(),
      machine({ ...noRetry, terminateAfter: '31 minutes' }),
      onMachine('A'),
      onMachine('B', { ...cascade, dependsOn: ref('A'), precondition: ref('Ask') }),
      object('Ask', { type: 'ShellCommandPrecondition', command: 'true', role: 'r', ...noRetry }),
    ]
    const pipelineId = await run(engine.current, ...objects)
    await engine.current.pass(31 * 60_000)
    const before = await engine.current.statuses(pipelineId)
    expect(before[at('A')]).toBe('CANCELED')
    const machineCount = engine.current.machines.requests.length
    await rerun(pipelineId, at('B'))
    expect(await engine.current.statuses(pipelineId)).toEqual({ ...before, [at('B')]: 'CASCADE_FAILED' })
    expect(engine.current.machines.requests).toHaveLength(machineCount)
  })

  test('together with the resource on which its dependency failed tells nobody of another failure', async () => {
    engine.current.machines.mode = 'wait'
    const text = { subject: 's', message: 'm', role: 'r' }
    const objects = [
      once(),
      machine(noRetry),
      onMachine('A'),
      shell('B', { ...cascade, dependsOn: ref('A'), onFail: ref('Tell') }),
      object('Tell', { type: 'SnsAlarm', topicArn: 'arn:aws:sns:us-east-1:1:t', ...text }),
    ]
    const pipelineId = await run(engine.current, ...objects)
    await setStatus(engine.current, pipelineId, ['TRY_CANCEL', at('B')])
    engine.current.machines.goOn('fail')
    await engine.current.settle()
    engine.current.machines.mode = 'up'
    await rerun(pipelineId, at('B'), at('M'))
    expect(await engine.current.field(pipelineId, at('B'), '@status')).toBe('WAITING_ON_DEPENDENCIES')
    expect(engine.current.notifications).toEqual([])
  })
})
