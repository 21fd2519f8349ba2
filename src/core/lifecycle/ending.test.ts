import { describe, expect, test } from 'vitest'
import { attemptOf, ended, events, instances, line, policyOf, step, testNow } from '../../../test/instances.ts'
import { objectId } from '../definition/pipeline-object.ts'
import { plusMs } from '../instant.ts'
import { canceled, dependencyStateOf, failed, finished } from './ending.ts'
import type { Outcome } from './instance.ts'

const { task, dataNode, check, resource } = instances

const error = { id: 'ExitStatus', message: 'no', stackTrace: undefined }
const cascading = policyOf({ failureAndRerunMode: 'cascade' })
const cascadeFailed: Outcome = { ...finished, status: 'CASCADE_FAILED' }
const source = events.dependency.source

const outcomes: readonly (readonly [string, Outcome, string])[] = [
  ['FINISHED', finished, 'satisfied'],
  ['SKIPPED', { ...finished, status: 'SKIPPED' }, 'satisfied'],
  ['FAILED', failed(error), 'failed'],
  ['TIMEDOUT', { ...failed(error), status: 'TIMEDOUT' }, 'failed'],
  ['CASCADE_FAILED', cascadeFailed, 'failed'],
  ['CANCELED by a user', canceled('user'), 'failed'],
  ['CANCELED by an action', canceled('action'), 'failed'],
  ['CANCELED with its resource', canceled('resource'), 'failed'],
  ['CANCELED with its pipeline', canceled('deactivation'), 'open'],
  ['CANCELED for the deletion', canceled('deletion'), 'open'],
  ['CANCELED with what it guards', canceled('cascade'), 'open'],
]

describe('what an end means for those that depend on it', () => {
  test.each(outcomes)('%s', (_, outcome, expected) => {
    expect(dependencyStateOf(task(ended(outcome)))).toBe(expected)
  })
})

describe('a failed dependency', () => {
  const waiting = task({ kind: 'waiting' }, { openDependencies: 2 })

  test('leaves an instance waiting whose mode is none', () => {
    const transition = step(waiting, events.dependency)
    expect(line(waiting, transition)).toBe('same |  |')
    expect(transition.next).toMatchObject({ openDependencies: 2, failedDependencies: 1 })
  })

  test('fails an instance whose mode is cascade, and names the culprit', () => {
    const transition = step(waiting, events.dependency, { policy: cascading })
    expect(line(waiting, transition)).toBe(
      'CASCADE_FAILED | clearAllTimers | resource userDone false false, dependents failed, preconditions cancel cascade',
    )
    expect(transition.next.state).toMatchObject({ cascadeFailedOn: source })
  })

  test.each([
    ['queued', task({ kind: 'queued', attempt: attemptOf({ status: 'WAITING_FOR_RUNNER' }) })],
    ['finished', task(ended(finished))],
    ['failed', task(ended())],
  ])('does nothing to an instance that is %s already', (_, instance) => {
    expect(line(instance, step(instance, events.dependency, { policy: cascading }))).toBe('same |  |')
  })

  test('fails a data node that is held, too', () => {
    const held = dataNode({ kind: 'held' })
    expect(step(held, events.dependency, { policy: cascading }).next.state).toMatchObject({ status: 'CASCADE_FAILED' })
  })
})

describe('the cascade of a rerun', () => {
  const hit = task(ended(cascadeFailed), { openDependencies: 1, failedDependencies: 1 })
  const again = { ...events.dependency, from: 'failed', to: 'open' } as const

  test('brings back what has no failed dependency any more', () => {
    expect(line(hit, step(hit, again, { policy: cascading }))).toBe(
      'waiting |  | preconditions rerun cascade, resource userReopened rerun, dependents open',
    )
  })

  test('brings back what depends on something that was finished by hand, and that begins', () => {
    const byHand = { ...again, to: 'satisfied' } as const
    expect(step(hit, byHand, { policy: cascading }).next.state.kind).toBe('queued')
  })

  test('leaves alone what has another failed dependency', () => {
    const hitTwice = task(ended(cascadeFailed), { openDependencies: 2, failedDependencies: 2 })
    expect(line(hitTwice, step(hitTwice, again, { policy: cascading }))).toBe('same |  |')
  })

  test.each([
    ['FAILED', failed(error)],
    ['FINISHED', finished],
    ['CANCELED', canceled('user')],
  ] as const)('leaves alone what is %s', (_, outcome) => {
    const instance = task(ended(outcome), { openDependencies: 1, failedDependencies: 1 })
    expect(line(instance, step(instance, again, { policy: cascading }))).toBe('same |  |')
  })
})

describe('RERUN', () => {
  const rerun = events.rerun
  const rerunUnderFailure = { kind: 'rerun', by: 'user', failedOn: objectId('@Failed') } as const

  test('gives all tries back', () => {
    const instance = task(ended(), { triesFailed: 3 })
    expect(step(instance, rerun).next).toMatchObject({ triesFailed: 0, attemptCount: 2 })
  })

  test('under a failure that still stands leaves an object CASCADE_FAILED, and its preconditions as they are', () => {
    const hit = task(ended(cascadeFailed), { openDependencies: 1, failedDependencies: 1 })
    expect(line(hit, step(hit, rerunUnderFailure, { policy: cascading }))).toBe('same |  |')
  })

  test('under a failure that came later makes an object CASCADE_FAILED', () => {
    const policy = { ...cascading, onFail: [objectId('Alarm')] }
    const instance = task(ended(finished), { openDependencies: 1, failedDependencies: 1 })
    expect(line(instance, step(instance, rerunUnderFailure, { policy }))).toBe(
      'CASCADE_FAILED | act Alarm on fail | dependents failed, preconditions cancel cascade',
    )
  })

  test('failed for a moment with a precondition that is tried again with it', () => {
    const hit = task(ended(cascadeFailed), { openDependencies: 1, failedDependencies: 1 })
    expect(step(hit, rerun, { policy: cascading }).next.state.kind).toBe('waiting')
  })

  test('under a failure waits, where the mode is none', () => {
    const instance = task(ended(), { openDependencies: 1, failedDependencies: 1 })
    expect(step(instance, rerun).next.state.kind).toBe('waiting')
  })

  test.each([
    ['cascade', finished, 'same'],
    ['cascade', { ...finished, status: 'SKIPPED' }, 'same'],
    ['cascade', canceled('cascade'), 'queued'],
    ['resource', { ...finished, status: 'SKIPPED' }, 'same'],
    ['resource', finished, 'queued'],
    ['user', { ...finished, status: 'SKIPPED' }, 'queued'],
  ] as const)('by %s of %o: %s', (by, outcome, expected) => {
    const instance = task(ended(outcome))
    expect(line(instance, step(instance, { kind: 'rerun', by }))).toMatch(new RegExp(`^${expected} `))
  })
})

describe('going on after a deactivation', () => {
  const rested = task(ended(canceled('deactivation')), { triesFailed: 1 })

  test('takes up what the deactivation cancelled, and nothing else', () => {
    expect(step(rested, events.reactivate).next.state.kind).toBe('queued')
    const byHand = task(ended(canceled('user')))
    expect(line(byHand, step(byHand, events.reactivate))).toBe('same |  |')
  })

  test('fails what a failure has hit meanwhile, if it cascades', () => {
    const hit = task(ended(canceled('deactivation')), { openDependencies: 1, failedDependencies: 1 })
    expect(line(hit, step(hit, { kind: 'reactivate', failedOn: objectId('@Failed') }, { policy: cascading }))).toBe(
      'CASCADE_FAILED |  | dependents failed, preconditions cancel cascade',
    )
  })

  test('passes over what lies before the time from which the pipeline goes on', () => {
    expect(line(rested, step(rested, events.skip))).toBe('SKIPPED |  | dependents satisfied')
  })
})

describe('an action', () => {
  const alarms = [objectId('Alarm'), objectId('Other')]
  const policy = policyOf({ onSuccess: alarms, onFail: alarms.slice(0, 1) })
  const instance = task({ kind: 'waiting' }, { openDependencies: 1 })

  test('is one command for each object that is named', () => {
    expect(line(instance, step(instance, events.markFinished, { policy }))).toBe(
      'FINISHED | clearAllTimers, act Alarm on success, act Other on success | resource userDone false false, dependents satisfied, preconditions cancel cascade',
    )
  })

  test.each([
    ['CASCADE_FAILED', events.dependency, 1],
    ['CANCELED', events.cancel, 0],
    ['CANCELED with its resource', events.resourceEnded, 0],
    ['SKIPPED', events.skip, 0],
  ] as const)('is triggered by an end as %s, or not', (_, event, count) => {
    const own = { ...policy, failureAndRerunMode: 'cascade' } as const
    expect(step(instance, event, { policy: own }).commands.filter(({ kind }) => kind === 'act')).toHaveLength(count)
  })
})

describe('lateness', () => {
  const policy = policyOf({ lateAfterTimeout: { count: 1, unit: 'hour' }, onLateAction: [objectId('Alarm')] })
  const soon = policyOf({ ...policy, lateAfterTimeout: { count: 10, unit: 'minute' } })
  const created = task({ kind: 'waiting' }, { openDependencies: 1 })

  test('is counted from the scheduled start', () => {
    expect(line(created, step(created, events.created, { policy }))).toBe('same | set late in 1800 s |')
  })

  test('is at once where the start is long past', () => {
    expect(line(created, step(created, events.created, { policy: soon }))).toBe('same | set late in -1200 s |')
  })

  test('is unknown on demand', () => {
    const onDemand = task({ kind: 'waiting' }, { openDependencies: 1, occurrence: { start: testNow, end: testNow } })
    expect(line(onDemand, step(onDemand, events.created, { policy }))).toBe('same |  |')
  })

  test('leads to onLateAction', () => {
    expect(line(created, step(created, events.late, { policy }))).toBe('same | act Alarm on late |')
  })

  test('of what rested with its pipeline is counted unless it was late before', () => {
    const late = (endedAt: number) => {
      const rested = task(
        { ...ended(canceled('deactivation')), endedAt: plusMs(testNow, endedAt) },
        { openDependencies: 1 },
      )
      return line(rested, step(rested, events.reactivate, { policy: soon }))
    }
    expect(late(-1_200_001)).toMatch('set late in -1200 s')
    expect(late(-1_200_000)).not.toMatch('set late')
  })

  test('of what is run again is counted only if it is still to come', () => {
    const late = (own: typeof policy, outcome: Outcome = failed(error)) => {
      const instance = task(ended(outcome), { openDependencies: 1 })
      const event = outcome.canceledBy === 'deactivation' ? events.reactivate : events.rerun
      return step(instance, event, { policy: own }).commands
    }
    expect(late(policy)).toHaveLength(1)
    expect(late(soon)).toHaveLength(0)
    expect(late(soon, canceled('deactivation'))).toHaveLength(1)
  })
})

describe('MARK_FINISHED', () => {
  test('of what is finished changes nothing', () => {
    for (const instance of [task(ended(finished)), check(ended(finished)), resource(ended(finished))]) {
      expect(line(instance, step(instance, events.markFinished))).toBe('same |  |')
    }
  })
})
