import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { objectId, type PipelineObject } from '../../src/core/definition/pipeline-object.ts'
import { definition, object, ref } from '../builders.ts'
import { TestEngine } from '../test-engine.ts'

let service: TestEngine

beforeEach(async () => {
  service = await TestEngine.start()
})

afterEach(async () => {
  await service.stop()
})

const minuteMs = 60_000

const daily = object('Daily', {
  type: 'Schedule',
  period: '1 day',
  startDateTime: '2026-01-01T00:00:00',
  occurrences: '1',
})

const alarm = (id: string, change: Parameters<typeof object>[1] = {}) =>
  object(id, {
    ...{ type: 'SnsAlarm', role: 'r', topicArn: 'arn:aws:sns:us-east-1:0:topic', message: '#{node.@status}' },
    ...{ subject: `${id} of #{node.@id}`, ...change },
  })

const actions = { onSuccess: ref('Good'), onFail: ref('Bad'), onLateAction: ref('Late'), lateAfterTimeout: '1 hour' }

const shell = (id: string, change: Parameters<typeof object>[1] = {}) =>
  object(id, {
    ...{ type: 'ShellCommandActivity', command: 'true', workerGroup: 'wg', schedule: ref('Daily') },
    ...{ maximumRetries: '0', ...change },
  })

const activate = async (...objects: readonly PipelineObject[]) =>
  await service.activate(definition([daily, alarm('Good'), alarm('Bad'), alarm('Late'), ...objects]))

const subjects = () => service.notifications.map(({ subject }) => subject).sort()

const of = (id: string) => `@${id}_2026-01-01T00:00:00`

describe('an action', () => {
  test('is performed once for the cause that it is for, with what has caused it as its node', async () => {
    await activate(shell('A', actions), shell('B', actions))
    await service.finish(await service.take('wg'))
    await service.finish(await service.take('wg'), 'FAILED')
    await service.pass(24 * 60 * minuteMs)
    expect(service.notifications).toEqual([
      { topicArn: 'arn:aws:sns:us-east-1:0:topic', subject: `Good of ${of('A')}`, message: 'FINISHED' },
      { topicArn: 'arn:aws:sns:us-east-1:0:topic', subject: `Bad of ${of('B')}`, message: 'FAILED' },
    ])
  })

  test('for lateness is performed once, and does not keep the one for the end from being performed', async () => {
    await activate(shell('A', actions))
    await service.pass(60 * minuteMs - 1)
    expect(subjects()).toEqual([])
    await service.pass(1)
    expect(subjects()).toEqual([`Late of ${of('A')}`])
    await service.pass(10 * 60 * minuteMs)
    await service.finish(await service.take('wg'))
    expect(subjects()).toEqual([`Good of ${of('A')}`, `Late of ${of('A')}`])
  })

  test('says what it can where a field of its node has no value', async () => {
    const message = '#{node.name} of #{node.@pipelineId}|#{node.cancellationReason}|#{node.errorStackTrace}'
    const pipelineId = await service.activate(
      definition([daily, alarm('Bad', { message }), shell('A', { onFail: ref('Bad') })]),
    )
    await service.finish(await service.take('wg'), 'FAILED')
    await service.pass(minuteMs)
    expect(service.notifications.map((notification) => notification.message)).toEqual([`A of ${pipelineId}||`])
  })

  test('for a failure waits for the last try', async () => {
    await activate(shell('A', { ...actions, maximumRetries: '1', retryDelay: '2 minutes' }))
    await service.finish(await service.take('wg'), 'FAILED')
    expect(subjects()).toEqual([])
    await service.pass(2 * minuteMs)
    await service.finish(await service.take('wg'), 'FAILED')
    expect(subjects()).toEqual([`Bad of ${of('A')}`])
  })

  test('is performed again for the end of a rerun, and also where a failure came by cascade', async () => {
    const pipelineId = await activate(
      shell('A', actions),
      shell('B', { ...actions, dependsOn: ref('A'), failureAndRerunMode: 'cascade' }),
    )
    await service.finish(await service.take('wg'), 'FAILED')
    expect(subjects()).toEqual([`Bad of ${of('A')}`, `Bad of ${of('B')}`])
    service.notifications.length = 0
    await service.engine.setStatus({ pipelineId, objectIds: [objectId(of('A'))], status: 'RERUN' })
    await service.finish(await service.take('wg'))
    await service.finish(await service.take('wg'))
    expect(subjects()).toEqual([`Good of ${of('A')}`, `Good of ${of('B')}`])
  })

  test('may be on data nodes, preconditions and resources', async () => {
    const machine = object('M', {
      ...{ type: 'Ec2Resource', role: 'r', resourceRole: 'r', schedule: ref('Daily'), terminateAfter: '1 day' },
      ...{ onSuccess: ref('Good'), onFail: ref('Bad') },
    })
    const pipelineId = await activate(
      machine,
      object('Key', { type: 'S3KeyExists', role: 'r', s3Key: 's3://b/k', onSuccess: ref('Good') }),
      object('In', {
        ...{ type: 'S3DataNode', filePath: 's3://b/k', schedule: ref('Daily'), precondition: ref('Key') },
        ...{ onSuccess: ref('Good') },
      }),
      shell('A', { input: ref('In'), workerGroup: [], runsOn: ref('M') }),
    )
    await service.finish(await service.take(`resource:${pipelineId}_${of('M')}`))
    expect(subjects()).toEqual([of('In'), of('Key'), of('M')].map((id) => `Good of ${id}`))
  })

  test('Terminate cancels what is late, and leaves alone what has ended', async () => {
    const end = object('End', { type: 'Terminate' })
    const pipelineId = await activate(
      end,
      shell('Slow', { lateAfterTimeout: '1 hour', onLateAction: ref('End'), workerGroup: 'slow' }),
      shell('Done', { lateAfterTimeout: '1 hour', onLateAction: ref('End'), onSuccess: ref('End') }),
    )
    await service.finish(await service.take('wg'))
    await service.pass(60 * minuteMs)
    expect(await service.statuses(pipelineId)).toEqual({ [of('Slow')]: 'CANCELED', [of('Done')]: 'FINISHED' })
    expect(await service.poll('slow')).toBeUndefined()
  })
})

describe('a notification that is refused', () => {
  beforeEach(() => {
    service.publishError = new Error('Topic does not exist')
  })

  const fail = async () => {
    const pipelineId = await activate(shell('A', actions))
    await service.finish(await service.take('wg'), 'FAILED')
    return pipelineId
  }

  test('is sent again until it is taken', async () => {
    const pipelineId = await fail()
    await service.pass(10 * minuteMs)
    expect(subjects()).toEqual([])
    service.publishError = undefined
    await service.pass(30 * minuteMs)
    expect(subjects()).toEqual([`Bad of ${of('A')}`])
    expect(await service.field(pipelineId, of('A'), '@actionFailure')).toBe('')
  })

  test('is given up after less than an hour, and says so where it belongs', async () => {
    const pipelineId = await fail()
    for (let minutes = 0; minutes < 60; minutes += 1) await service.pass(minuteMs)
    expect(await service.field(pipelineId, of('A'), '@actionFailure')).toMatch(
      /^The notification to arn:aws:sns:us-east-1:0:topic was given up at 2026-01-01T00:4\d:\d\d: Topic does not exist$/,
    )
    expect(service.errors.some((line) => line.includes('a notification is given up'))).toBe(true)
    expect(await service.store.reads.listOutbox(0, 9)).toEqual([])
    service.publishError = undefined
    await service.restart()
    expect(subjects()).toEqual([])
  })

  test('is not sent more often because the server is started again', async () => {
    await fail()
    for (const _ of Array.from({ length: 7 })) await service.restart()
    expect(await service.store.reads.listOutbox(0, 9)).toEqual([])
  })

  test('holds up no other command, however many wait for their next try', async () => {
    service.checkResult = { kind: 'notYet', message: 'no key' }
    const crowd = Array.from({ length: 100 }, (_, index) => alarm(`Alarm${index}`))
    const pipelineId = await activate(
      ...crowd,
      shell('A', { onFail: crowd.map(({ id }) => ref(id)) }),
      object('Key', { type: 'S3KeyExists', role: 'r', s3Key: 's3://b/k' }),
      shell('B', { dependsOn: ref('A'), precondition: ref('Key') }),
    )
    await service.finish(await service.take('wg'), 'FAILED')
    service.checkResult = { kind: 'met' }
    await service.pass(10_000)
    expect(await service.field(pipelineId, of('Key'), '@status')).toBe('FINISHED')
    expect((await service.store.reads.listOutbox(0, 1000)).length).toBe(100)
  })

  test('is sent in the end, and once, however many wait for their next try', async () => {
    const crowd = Array.from({ length: 1200 }, (_, index) => alarm(`Alarm${index}`))
    const half = (from: number) => crowd.slice(from, from + 600).map(({ id }) => ref(id))
    await activate(...crowd, shell('A', { onFail: half(0) }), shell('B', { onFail: half(600) }))
    await service.finish(await service.take('wg'), 'FAILED')
    await service.finish(await service.take('wg'), 'FAILED')
    await service.pass(minuteMs)
    service.publishError = undefined
    for (let minutes = 0; minutes < 45; minutes += 1) await service.pass(minuteMs)
    expect(new Set(subjects()).size).toBe(1200)
    expect(subjects()).toHaveLength(1200)
  })
})

describe('a notification that was delivered', () => {
  test('is not sent again because that cannot be written', async () => {
    const pipelineId = await activate(shell('A', actions))
    service.onPublished = () => {
      service.diskError = new Error('disk is full')
    }
    await service.finish(await service.take('wg'), 'FAILED')
    await service.pass(minuteMs)
    expect(service.errors.some((line) => line.includes('a notification could not be recorded'))).toBe(true)
    service.diskError = undefined
    await service.pass(minuteMs)
    expect(subjects()).toEqual([`Bad of ${of('A')}`])
    expect(await service.store.reads.listNotifications(pipelineId, 9)).toHaveLength(1)
    expect(await service.store.reads.listOutbox(0, 9)).toEqual([])
  })
})
