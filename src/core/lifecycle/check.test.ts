import { describe, expect, test } from 'vitest'
import { attemptOf, ended, events, instances, line, policyOf, step, testNow } from '../../../test/instances.ts'
import { type Row, testTable } from '../../../test/transition-table.ts'

const { check } = instances

const checking = {
  kind: 'checking',
  attempt: attemptOf(),
  checkCount: 0,
  checkedAt: undefined,
  message: undefined,
} as const

const states = {
  waiting: check({ kind: 'waiting' }, { openDependencies: 1 }),
  held: check({ kind: 'held' }),
  checking: check(checking),
  retrying: check({ kind: 'retrying', retryAt: testNow }),
  ended: check(ended()),
}

const rows: readonly Row[] = [
  ['waiting', 'created', 'same |  |'],
  ['waiting', 'skip', 'SKIPPED | clearAllTimers | dependents satisfied'],
  ['waiting', 'dependency', 'same |  |'],
  ['waiting', 'cancel', 'CANCELED by user | clearAllTimers | dependents failed, preconditions cancel cascade'],
  ['waiting', 'markFinished', 'FINISHED | clearAllTimers | dependents satisfied, preconditions cancel cascade'],
  ['waiting', 'reactivate', 'same |  |'],
  ['waiting', 'late', 'same |  |'],
  ['held', 'dependency', 'same |  |'],
  ['held', 'cancel', 'CANCELED by user | clearAllTimers | dependents failed'],
  ['held', 'markFinished', 'FINISHED | clearAllTimers | dependents satisfied'],
  ['held', 'resume', 'checking | attempt 2 RUNNING, check |'],
  ['held', 'reactivate', 'same |  |'],
  ['held', 'late', 'same |  |'],
  ['checking', 'dependency', 'same |  |'],
  ['checking', 'checked', 'FINISHED | clearAllTimers, attempt 1 FINISHED | dependents satisfied'],
  ['checking', 'cancel', 'CANCELED by user | clearAllTimers, attempt 1 CANCELED | dependents failed'],
  ['checking', 'markFinished', 'FINISHED | clearAllTimers, attempt 1 FINISHED | dependents satisfied'],
  ['checking', 'reactivate', 'same |  |'],
  ['checking', 'recheckDue', 'same | check |'],
  ['checking', 'late', 'same |  |'],
  [
    'checking',
    'preconditionTimedOut',
    'FAILED (PreconditionTimedOut) | clearAllTimers, attempt 1 FAILED (PreconditionTimedOut) | dependents failed',
  ],
  ['retrying', 'dependency', 'same |  |'],
  ['retrying', 'checked', 'same |  |'],
  ['retrying', 'cancel', 'CANCELED by user | clearAllTimers | dependents failed'],
  ['retrying', 'markFinished', 'FINISHED | clearAllTimers | dependents satisfied'],
  ['retrying', 'reactivate', 'same |  |'],
  ['retrying', 'retryDue', 'checking | attempt 2 RUNNING, check |'],
  ['retrying', 'late', 'same |  |'],
  ['retrying', 'preconditionTimedOut', 'FAILED (PreconditionTimedOut) | clearAllTimers | dependents failed'],
  ['ended', 'skip', 'same |  |'],
  ['ended', 'dependency', 'same |  |'],
  ['ended', 'checked', 'same |  |'],
  ['ended', 'cancel', 'same |  |'],
  ['ended', 'rerun', 'checking | attempt 2 RUNNING, check | preconditions rerun cascade, dependents open'],
  ['ended', 'markFinished', 'FINISHED |  | dependents satisfied'],
  ['ended', 'reactivate', 'same |  |'],
]

describe('the table of preconditions that the service checks', () => testTable(states, rows))

describe('a precondition that the service checks', () => {
  const created = check({ kind: 'waiting' }, { attemptCount: 0 })
  const notYet = { kind: 'checked', result: { kind: 'notYet', message: 'no key' } } as const
  const failed = {
    kind: 'checked',
    result: { kind: 'failed', error: { id: 'Service_CheckFailed', message: 'denied', stackTrace: undefined } },
  } as const

  test('is checked as soon as it is created', () => {
    expect(line(created, step(created, events.created))).toBe('checking | attempt 1 RUNNING, check |')
  })

  test('may have a time in which it must hold', () => {
    const policy = policyOf({ preconditionTimeout: { count: 2, unit: 'hour' } })
    expect(line(created, step(created, events.created, { policy }))).toBe(
      'checking | set preconditionTimedOut in 7200 s, attempt 1 RUNNING, check |',
    )
  })

  test('is not checked while its component is paused', () => {
    expect(line(created, step(created, events.created, { isPaused: true }))).toBe('held |  |')
  })

  test('that does not hold yet is checked again after its delay, in the same attempt', () => {
    const transition = step(states.checking, notYet)
    expect(line(states.checking, transition)).toBe('checking | set recheckDue in 10 s |')
    expect(transition.next.state).toMatchObject({ checkCount: 1, checkedAt: testNow, message: 'no key' })
  })

  test('that cannot be checked is retried, and fails with its last try', () => {
    expect(line(states.checking, step(states.checking, failed))).toBe(
      'retrying | clear leaseExpired, clear attemptTimedOut, clear startTimedOut, attempt 1 FAILED (Service_CheckFailed), set retryDue in 600 s |',
    )
    const last = check(checking, { triesFailed: 2 })
    expect(line(last, step(last, failed))).toBe(
      'FAILED (Service_CheckFailed) | clearAllTimers, attempt 1 FAILED (Service_CheckFailed) | dependents failed',
    )
  })

  test('that holds is not asked again when what it guards is rerun; one that failed is', () => {
    const rerun = { kind: 'rerun', by: 'cascade' } as const
    const finished = check(ended({ status: 'FINISHED' }))
    expect(line(finished, step(finished, rerun))).toBe('same |  |')
    expect(line(states.ended, step(states.ended, rerun))).toMatch(/^checking/)
  })
})
