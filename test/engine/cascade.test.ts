import { describe, expect, test } from 'vitest'
import { object, ref } from '../builders.ts'
import { at, hourMs, machine, once, onMachine, run, schedule, setStatus, shell, useEngine } from './pipelines.ts'

const engine = useEngine()

const cascading = object('Default', { failureAndRerunMode: 'CASCADE' })
const noRetry = { maximumRetries: '0' }
const node = (id: string, fields = {}) =>
  object(id, { type: 'S3DataNode', directoryPath: `s3://b/${id}`, schedule: ref('Hourly'), ...fields })
const key = object('Key', { type: 'S3KeyExists', role: 'r', s3Key: 's3://b/k' })
const alarm = object('Alarm', {
  type: 'SnsAlarm',
  topicArn: 't',
  subject: '#{node.@id}',
  message: '#{node.@status}',
  role: 'r',
})
const fail = async (group = 'wg') => await engine.current.finish(await engine.current.take(group), 'FAILED')

describe('failureAndRerunMode none', () => {
  test('leaves what depends on a failure waiting, and what depends on that', async () => {
    const objects = [
      once(),
      shell('A', { ...noRetry, output: ref('Out') }),
      node('Out'),
      shell('B', { input: ref('Out') }),
    ]
    const pipelineId = await run(engine.current, ...objects)
    await fail()
    expect(await engine.current.statuses(pipelineId)).toEqual({
      [at('A')]: 'FAILED',
      [at('B')]: 'WAITING_ON_DEPENDENCIES',
      [at('Out')]: 'WAITING_ON_DEPENDENCIES',
    })
    expect(await engine.current.state(pipelineId)).toBe('SCHEDULED')
  })
})

describe('failureAndRerunMode cascade', () => {
  test('fails everything downstream, through data nodes, and each names what it failed on', async () => {
    const objects = [
      once(),
      cascading,
      shell('A', { ...noRetry, output: ref('Out') }),
      node('Out'),
      shell('B', { input: ref('Out'), output: ref('Last') }),
      node('Last'),
    ]
    const pipelineId = await run(engine.current, ...objects)
    await fail()
    expect(await engine.current.statuses(pipelineId)).toEqual({
      [at('A')]: 'FAILED',
      [at('B')]: 'CASCADE_FAILED',
      [at('Last')]: 'CASCADE_FAILED',
      [at('Out')]: 'CASCADE_FAILED',
    })
    const culprits = ['Out', 'B', 'Last'].map(
      async (id) => await engine.current.field(pipelineId, at(id), '@cascadeFailedOn'),
    )
    expect(await Promise.all(culprits)).toEqual([at('A'), at('Out'), at('B')])
    expect(await engine.current.state(pipelineId)).toBe('FINISHED')
  })

  test('leaves alone what is upstream, what runs, what has ended and what is beside it', async () => {
    const objects = [
      once(),
      cascading,
      node('In'),
      shell('A', { ...noRetry, input: ref('In') }),
      shell('Beside', { workerGroup: 'other' }),
      shell('B', { dependsOn: ref('A') }),
    ]
    const pipelineId = await run(engine.current, ...objects)
    await engine.current.take('other')
    await fail()
    expect(await engine.current.statuses(pipelineId)).toEqual({
      [at('A')]: 'FAILED',
      [at('B')]: 'CASCADE_FAILED',
      [at('Beside')]: 'RUNNING',
      [at('In')]: 'FINISHED',
    })
  })

  test('cancels the preconditions of what it hits, and does not take that for a failure of its own', async () => {
    engine.current.checkResult = { kind: 'notYet', message: 'no key' }
    const objects = [
      once(),
      cascading,
      key,
      shell('A', noRetry),
      shell('B', { dependsOn: ref('A'), precondition: ref('Key') }),
    ]
    const pipelineId = await run(engine.current, ...objects)
    await fail()
    expect(await engine.current.statuses(pipelineId)).toEqual({
      [at('A')]: 'FAILED',
      [at('B')]: 'CASCADE_FAILED',
      [at('Key')]: 'CANCELED',
    })
    expect(await engine.current.field(pipelineId, at('B'), '@cascadeFailedOn')).toBe(at('A'))
  })

  test('stays within the interval where the schedules are the same', async () => {
    const pipelineId = await run(
      engine.current,
      schedule(),
      cascading,
      shell('A', noRetry),
      shell('B', { dependsOn: ref('A') }),
    )
    await fail()
    await engine.current.pass(hourMs)
    expect(await engine.current.field(pipelineId, at('B', '01:00:00'), '@status')).toBe('WAITING_ON_DEPENDENCIES')
  })

  test('hits an instance that comes to be after the failure', async () => {
    const later = schedule({ startDateTime: '2026-01-01T00:30:00', occurrences: '1' }, 'Later')
    const objects = [
      once(),
      later,
      cascading,
      shell('A', noRetry),
      shell('B', { dependsOn: ref('A'), schedule: ref('Later') }),
    ]
    const pipelineId = await run(engine.current, ...objects)
    await fail()
    await engine.current.pass(hourMs / 2)
    expect(await engine.current.field(pipelineId, at('B', '00:30:00'), '@status')).toBe('CASCADE_FAILED')
  })

  test('lets go of a machine that nobody needs any more', async () => {
    const objects = [
      once(),
      cascading,
      shell('First', noRetry),
      machine(),
      onMachine('A'),
      onMachine('B', { dependsOn: ref('First') }),
    ]
    const pipelineId = await run(engine.current, ...objects)
    await engine.current.finish(await engine.current.take(`resource:${pipelineId}_${at('M')}`))
    expect(engine.current.machines.up.size).toBe(1)
    await fail()
    expect(await engine.current.field(pipelineId, at('M'), '@status')).toBe('FINISHED')
    expect(engine.current.machines.up.size).toBe(0)
  })

  test('retries before it cascades, and runs onFail of all that it hits', async () => {
    const onFail = { onFail: ref('Alarm') }
    const objects = [
      once(),
      cascading,
      alarm,
      shell('A', { ...onFail, maximumRetries: '1', retryDelay: '2 minutes' }),
      shell('B', { ...onFail, dependsOn: ref('A') }),
    ]
    const pipelineId = await run(engine.current, ...objects)
    await fail()
    expect(await engine.current.field(pipelineId, at('B'), '@status')).toBe('WAITING_ON_DEPENDENCIES')
    await engine.current.pass(120_000)
    await fail()
    expect(engine.current.notifications.map(({ subject, message }) => `${subject} ${message}`).sort()).toEqual([
      `${at('A')} FAILED`,
      `${at('B')} CASCADE_FAILED`,
    ])
  })

  test('is the mode of each object for itself: one that is none stops it', async () => {
    const none = { failureAndRerunMode: 'none' }
    const objects = [
      once(),
      cascading,
      shell('A', noRetry),
      shell('B', { dependsOn: ref('A'), ...none }),
      shell('C', { dependsOn: ref('B') }),
    ]
    const pipelineId = await run(engine.current, ...objects)
    await fail()
    expect(await engine.current.statuses(pipelineId)).toEqual({
      [at('A')]: 'FAILED',
      [at('B')]: 'WAITING_ON_DEPENDENCIES',
      [at('C')]: 'WAITING_ON_DEPENDENCIES',
    })
  })

  test('follows a cancellation by hand like a failure', async () => {
    const pipelineId = await run(engine.current, once(), cascading, shell('A'), shell('B', { dependsOn: ref('A') }))
    await setStatus(engine.current, pipelineId, ['TRY_CANCEL', at('A')])
    expect(await engine.current.statuses(pipelineId)).toEqual({ [at('A')]: 'CANCELED', [at('B')]: 'CASCADE_FAILED' })
  })
})
