import { describe, expect, test } from 'vitest'
import { attemptOf, ended, instances, policyOf, testNow } from '../../../test/instances.ts'
import { at } from '../../../test/plans.ts'
import { type ObjectId, objectId, textField } from '../definition/pipeline-object.ts'
import { nextOf, type Runners, type WhyFacts, type WhyNode, waitsForMax, whyOf } from './why.ts'

const ids = (...texts: readonly string[]): readonly ObjectId[] => texts.map(objectId)

/** What is known of an instance beside its row: nothing but what a case is about. */
const factsOf = (instance: WhyFacts['instance'], said: Partial<WhyFacts> = {}): WhyFacts => ({
  instance,
  policy: policyOf(),
  unmet: [],
  users: [],
  machine: undefined,
  attempt: undefined,
  runners: undefined,
  timers: new Map(),
  ...said,
})

const attempt = { attempt: attemptOf(), queuedAt: at('2026-01-01T00:05:00'), fields: [] }

const runners: Runners = {
  workerGroup: 'wg',
  runners: 'absent',
  watchedSince: at('2025-12-31T00:00:00'),
  runningCount: 0,
  hostnames: [],
}

const error = { id: 'ExitStatus', message: 'it failed', stackTrace: 'line 1' }

/** The cause and what is waited for. Members that are absent are left out. */
const shown = (facts: WhyFacts) => {
  const { cause, waitsFor, moreCount } = whyOf(facts)
  const { kind, ...known } = JSON.parse(JSON.stringify(cause))
  return [kind, known, waitsFor.join(' '), moreCount ?? 0]
}

const running = { kind: 'running', attempt: attemptOf(), taskId: 't', handedOutAt: testNow } as const
const checking = { kind: 'checking', attempt: attemptOf() } as const

describe('what holds up an instance', () => {
  test.each<[string, WhyFacts, unknown[]]>([
    [
      'waits for what has not finished',
      factsOf(instances.task({ kind: 'waiting' }, { openDependencies: 3, failedDependencies: 1 }), {
        unmet: ids('@A', '@B'),
      }),
      ['dependencies', { openCount: 3, failedCount: 1 }, '@A @B', 1],
    ],
    [
      'of a data node is the same',
      factsOf(instances.dataNode({ kind: 'waiting' }, { openDependencies: 1 }), { unmet: ids('@A') }),
      ['dependencies', { openCount: 1, failedCount: 0 }, '@A', 0],
    ],
    [
      'of a resource is that no activity on it is due',
      factsOf(instances.resource({ kind: 'waiting' }, { openUsers: 2 }), { users: ids('@A', '@B') }),
      ['noDueActivity', { activityCount: 2 }, '@A @B', 0],
    ],
    [
      'is its paused component, with an attempt',
      factsOf(instances.task({ kind: 'paused', attempt: attemptOf() }), { attempt }),
      ['pausedComponent', { componentId: 'X' }, '', 0],
    ],
    [
      'is its paused component, without an attempt',
      factsOf(instances.check({ kind: 'held' })),
      ['pausedComponent', { componentId: 'X' }, '', 0],
    ],
    [
      'is a worker group',
      factsOf(instances.task({ kind: 'queued', attempt: attemptOf() }), { attempt, runners }),
      [
        'taskRunner',
        { workerGroup: 'wg', runners: 'absent', watchedSince: runners.watchedSince, runningCount: 0, hostnames: [] },
        '',
        0,
      ],
    ],
    [
      'is the resource that it runs on, whoever polls',
      factsOf(instances.task({ kind: 'queued', attempt: attemptOf() }), {
        attempt,
        machine: objectId('@M'),
        runners: { ...runners, runners: 'busy', runningCount: 2 },
      }),
      ['resource', { runningCount: 2 }, '@M', 0],
    ],
    [
      'is the delay before the next try',
      factsOf(instances.task({ kind: 'retrying', retryAt: testNow }, { triesFailed: 1 }), {
        attempt: { ...attempt, attempt: attemptOf({ status: 'FAILED', error }) },
      }),
      ['retry', { retryAt: testNow, triesLeft: 1, errorMessage: 'it failed' }, '', 0],
    ],
    [
      'is a precondition that a runner found not to hold',
      factsOf(instances.task({ kind: 'retrying', retryAt: testNow }, { attemptCount: 4 }), {
        attempt: {
          ...attempt,
          attempt: attemptOf({ error: { ...error, id: 'PreconditionNotMet' }, endedAt: attempt.queuedAt }),
        },
      }),
      [
        'precondition',
        { checkCount: 4, checkedAt: attempt.queuedAt, result: 'it failed', nextCheckAt: testNow },
        '',
        0,
      ],
    ],
    [
      'is its runner, which has two minutes to acknowledge',
      factsOf(instances.task({ ...running, reportedAt: undefined, stop: undefined }), { attempt }),
      ['running', { hostname: 'host', attemptNumber: 1, handedOutAt: testNow, leaseEndsAt: testNow + 120_000 }, '', 0],
    ],
    [
      'is its runner, with the latest that it said',
      factsOf(instances.task({ ...running, reportedAt: testNow, stop: { kind: 'canceled', by: 'user' } }), {
        attempt: { ...attempt, fields: [textField('attemptStatus', '10 %'), textField('attemptStatus', '50 %')] },
        timers: new Map([['attemptTimedOut', at('2026-01-01T05:00:00')]]),
      }),
      [
        'running',
        {
          hostname: 'host',
          attemptNumber: 1,
          handedOutAt: testNow,
          reportedAt: testNow,
          progress: '50 %',
          leaseEndsAt: testNow + 900_000,
          timeoutAt: at('2026-01-01T05:00:00'),
          stop: 'canceled',
        },
        '',
        0,
      ],
    ],
    [
      'is a precondition that the service checks',
      factsOf(instances.check({ ...checking, checkCount: 2, checkedAt: testNow, message: 'no key' }), {
        timers: new Map([
          ['recheckDue', at('2026-01-01T01:00:00')],
          ['preconditionTimedOut', at('2026-01-01T02:00:00')],
        ]),
      }),
      [
        'precondition',
        {
          checkCount: 2,
          checkedAt: testNow,
          result: 'no key',
          nextCheckAt: at('2026-01-01T01:00:00'),
          timeoutAt: at('2026-01-01T02:00:00'),
        },
        '',
        0,
      ],
    ],
    [
      'is that its machine starts',
      factsOf(instances.resource({ kind: 'creating', attempt: attemptOf(), machineNumber: 11 }), {
        timers: new Map([['startTimedOut', at('2026-01-01T00:30:00')]]),
      }),
      ['machineStarting', { timeoutAt: at('2026-01-01T00:30:00') }, '', 0],
    ],
    [
      'is the work on its machine',
      factsOf(
        instances.resource(
          { kind: 'up', attempt: attemptOf(), machineNumber: 11, resourceId: 'i-1' },
          { openUsers: 3 },
        ),
      ),
      ['machineUp', { resourceId: 'i-1', activityCount: 3 }, '', 0],
    ],
    [
      'is that its machine stops',
      factsOf(instances.resource({ kind: 'shuttingDown', attempt: attemptOf(), machineNumber: 11, outcome: ended() })),
      ['machineStopping', {}, '', 0],
    ],
    ['is nothing', factsOf(instances.task(ended({ status: 'FINISHED' }))), ['finished', {}, '', 0]],
    [
      'is its own failure',
      factsOf(instances.task(ended({ error }))),
      ['failed', { errorId: 'ExitStatus', errorMessage: 'it failed' }, '', 0],
    ],
    [
      'is its own failure to end in time',
      factsOf(instances.resource(ended({ status: 'TIMEDOUT' }))),
      ['failed', {}, '', 0],
    ],
    [
      'is whoever cancelled it',
      factsOf(instances.task(ended({ status: 'CANCELED', canceledBy: 'user' })), { machine: objectId('@M') }),
      ['canceled', { by: 'user' }, '', 0],
    ],
    [
      'is the resource with which it was cancelled',
      factsOf(instances.task(ended({ status: 'CANCELED', canceledBy: 'resource', error })), {
        machine: objectId('@M'),
      }),
      ['canceled', { by: 'resource', errorMessage: 'it failed' }, '@M', 0],
    ],
    [
      'is what a cancelled precondition guards',
      factsOf(instances.check(ended({ status: 'CANCELED', canceledBy: 'cascade' }), { nodeId: objectId('@Guarded') })),
      ['canceled', { by: 'cascade' }, '@Guarded', 0],
    ],
    [
      'is what took it along',
      factsOf(instances.task(ended({ status: 'CASCADE_FAILED', cascadeFailedOn: objectId('@S') }))),
      ['cascadeFailed', {}, '@S', 0],
    ],
    ['is that it was passed over', factsOf(instances.task(ended({ status: 'SKIPPED' }))), ['skipped', {}, '', 0]],
  ])('%s', (_, facts, expected) => {
    expect(shown(facts)).toEqual(expected)
  })
})

describe('since when', () => {
  const sinceOf = (facts: WhyFacts) => whyOf(facts).since

  test('it waits is known as long as it has not been set back', () => {
    const waiting = { kind: 'waiting' } as const
    expect(sinceOf(factsOf(instances.task(waiting, { attemptCount: 0 })))).toBe(at('2026-01-01T00:00:00'))
    expect(sinceOf(factsOf(instances.task(waiting, { attemptCount: 1 })))).toBeUndefined()
    expect(sinceOf(factsOf(instances.dataNode(waiting, { isRerun: true })))).toBeUndefined()
  })

  test('it is offered is when that began, and since when it has ended is its end', () => {
    const queued = instances.task({ kind: 'queued', attempt: attemptOf() })
    expect(sinceOf(factsOf(queued, { attempt, runners }))).toBe(attempt.queuedAt)
    expect(sinceOf(factsOf(instances.task(ended())))).toBe(at('2026-01-01T00:00:00'))
  })
})

test('a node names ten instances, and counts the others', () => {
  const unmet = ids(...Array.from({ length: waitsForMax }, (_, index) => `@${index}`))
  const node = whyOf(factsOf(instances.task({ kind: 'waiting' }, { openDependencies: 322 }), { unmet }))
  expect([node.waitsFor.length, node.moreCount]).toEqual([waitsForMax, 312])
})

test('a long message is cut, for the whole of it stands in a field of its own', () => {
  const long = { ...error, message: 'x'.repeat(1000) }
  const { cause } = whyOf(factsOf(instances.task(ended({ error: long }))))
  expect(cause.kind === 'failed' && cause.errorMessage?.length).toBe(301)
})

describe('what is looked into next', () => {
  const node = (id: string, ...waitsFor: readonly string[]): WhyNode => ({
    id: objectId(id),
    cause: { kind: 'dependencies', openCount: 1, failedCount: 0 },
    waitsFor: ids(...waitsFor),
  })

  test('is what nodes wait for and is no node yet, each once', () => {
    expect(nextOf([node('@A', '@B', '@C'), node('@B', '@C', '@D')], 10)).toEqual(['@C', '@D'])
  })

  test('is as much as there is room for', () => {
    expect(nextOf([node('@A', '@B', '@C', '@D')], 3)).toEqual(['@B', '@C'])
    expect(nextOf([node('@A', '@B')], 1)).toEqual([])
  })

  test('is nothing where things wait for one another', () => {
    expect(nextOf([node('@A', '@B'), node('@B', '@A')], 10)).toEqual([])
  })
})
