import { describe, expect, test } from 'vitest'
import { attemptOf, ended, events, instances, line, policyOf, step, testNow } from '../../../test/instances.ts'
import { type Row, testTable } from '../../../test/transition-table.ts'
import { plusMs } from '../instant.ts'

const { task } = instances

const aMinuteAgo = plusMs(testNow, -60_000)

const running = {
  kind: 'running',
  attempt: attemptOf(),
  taskId: 'task',
  handedOutAt: aMinuteAgo,
  reportedAt: aMinuteAgo,
  stop: undefined,
} as const

const states = {
  waiting: task({ kind: 'waiting' }, { openDependencies: 1 }),
  paused: task({ kind: 'paused', attempt: attemptOf({ status: 'PAUSED' }) }),
  queued: task({
    kind: 'queued',
    attempt: attemptOf({ status: 'WAITING_FOR_RUNNER', startedAt: undefined, handOuts: 0 }),
  }),
  retrying: task({ kind: 'retrying', retryAt: testNow }),
  running: task(running),
  ended: task(ended()),
}

const rows: readonly Row[] = [
  ['waiting', 'created', 'same |  |'],
  ['waiting', 'skip', 'SKIPPED | clearAllTimers | resource userDone false false, dependents satisfied'],
  ['waiting', 'dependency', 'same |  |'],
  [
    'waiting',
    'cancel',
    'CANCELED by user | clearAllTimers | resource userDone false false, dependents failed, preconditions cancel cascade',
  ],
  [
    'waiting',
    'markFinished',
    'FINISHED | clearAllTimers | resource userDone false false, dependents satisfied, preconditions cancel cascade',
  ],
  ['waiting', 'reactivate', 'same |  |'],
  ['waiting', 'runnerLost', 'same |  |'],
  [
    'waiting',
    'resourceEnded',
    'CANCELED by resource (Service_Test) | clearAllTimers | resource userDone false false, dependents failed, preconditions cancel cascade',
  ],
  ['waiting', 'late', 'same |  |'],
  ['paused', 'dependency', 'same |  |'],
  [
    'paused',
    'unrunnable',
    'FAILED (Service_Test) | clearAllTimers, attempt 1 FAILED (Service_Test) | resource userDone true true, dependents failed',
  ],
  [
    'paused',
    'cancel',
    'CANCELED by user | clearAllTimers, attempt 1 CANCELED | resource userDone true false, dependents failed',
  ],
  [
    'paused',
    'markFinished',
    'FINISHED | clearAllTimers, attempt 1 FINISHED | resource userDone true false, dependents satisfied',
  ],
  ['paused', 'pause', 'same |  |'],
  ['paused', 'resume', 'queued | attempt 1 WAITING_FOR_RUNNER |'],
  ['paused', 'reactivate', 'same |  |'],
  ['paused', 'runnerLost', 'same |  |'],
  [
    'paused',
    'resourceEnded',
    'CANCELED by resource (Service_Test) | clearAllTimers, attempt 1 CANCELED (Service_Test) | resource userDone true false, dependents failed',
  ],
  ['paused', 'late', 'same |  |'],
  [
    'paused',
    'preconditionTimedOut',
    'FAILED (PreconditionTimedOut) | clearAllTimers, attempt 1 FAILED (PreconditionTimedOut) | resource userDone true true, dependents failed',
  ],
  ['queued', 'dependency', 'same |  |'],
  ['queued', 'handOut', 'running | attempt 1 RUNNING, set leaseExpired in 120 s |'],
  [
    'queued',
    'unrunnable',
    'FAILED (Service_Test) | clearAllTimers, attempt 1 FAILED (Service_Test) | resource userDone true true, dependents failed',
  ],
  [
    'queued',
    'cancel',
    'CANCELED by user | clearAllTimers, attempt 1 CANCELED | resource userDone true false, dependents failed',
  ],
  [
    'queued',
    'markFinished',
    'FINISHED | clearAllTimers, attempt 1 FINISHED | resource userDone true false, dependents satisfied',
  ],
  ['queued', 'pause', 'paused | attempt 1 PAUSED |'],
  ['queued', 'resume', 'same |  |'],
  ['queued', 'reactivate', 'same |  |'],
  ['queued', 'runnerLost', 'same |  |'],
  [
    'queued',
    'resourceEnded',
    'CANCELED by resource (Service_Test) | clearAllTimers, attempt 1 CANCELED (Service_Test) | resource userDone true false, dependents failed',
  ],
  ['queued', 'late', 'same |  |'],
  [
    'queued',
    'preconditionTimedOut',
    'FAILED (PreconditionTimedOut) | clearAllTimers, attempt 1 FAILED (PreconditionTimedOut) | resource userDone true true, dependents failed',
  ],
  ['retrying', 'dependency', 'same |  |'],
  ['retrying', 'cancel', 'CANCELED by user | clearAllTimers | resource userDone true false, dependents failed'],
  ['retrying', 'markFinished', 'FINISHED | clearAllTimers | resource userDone true false, dependents satisfied'],
  ['retrying', 'reactivate', 'same |  |'],
  ['retrying', 'runnerLost', 'same |  |'],
  [
    'retrying',
    'resourceEnded',
    'CANCELED by resource (Service_Test) | clearAllTimers | resource userDone true false, dependents failed',
  ],
  ['retrying', 'retryDue', 'queued | attempt 2 WAITING_FOR_RUNNER |'],
  ['retrying', 'late', 'same |  |'],
  [
    'retrying',
    'preconditionTimedOut',
    'FAILED (PreconditionTimedOut) | clearAllTimers | resource userDone true true, dependents failed',
  ],
  ['running', 'dependency', 'same |  |'],
  ['running', 'report', 'running |  |'],
  [
    'running',
    'result',
    'FINISHED | clearAllTimers, attempt 1 FINISHED | resource userDone true false, dependents satisfied',
  ],
  ['running', 'cancel', 'running to stop: canceled |  |'],
  [
    'running',
    'markFinished',
    'FINISHED | clearAllTimers, attempt 1 FINISHED | resource userDone true false, dependents satisfied',
  ],
  ['running', 'reactivate', 'same |  |'],
  ['running', 'runnerLost', 'queued | clear leaseExpired, clear attemptTimedOut, attempt 1 WAITING_FOR_RUNNER |'],
  [
    'running',
    'resourceEnded',
    'FAILED (Service_Test) | clearAllTimers, attempt 1 FAILED (Service_Test) | resource userDone true true, dependents failed',
  ],
  ['running', 'leaseExpired', 'same | set leaseExpired in 840 s |'],
  ['running', 'attemptTimedOut', 'running to stop: attemptTimedOut |  |'],
  ['running', 'late', 'same |  |'],
  [
    'running',
    'preconditionTimedOut',
    'FAILED (PreconditionTimedOut) | clearAllTimers, attempt 1 FAILED (PreconditionTimedOut) | resource userDone true true, dependents failed',
  ],
  ['ended', 'skip', 'same |  |'],
  ['ended', 'dependency', 'same |  |'],
  ['ended', 'cancel', 'same |  |'],
  [
    'ended',
    'rerun',
    'queued | attempt 2 WAITING_FOR_RUNNER | preconditions rerun cascade, resource userReopened rerun, dependents open, resource userDue',
  ],
  ['ended', 'markFinished', 'FINISHED |  | dependents satisfied'],
  ['ended', 'reactivate', 'same |  |'],
  ['ended', 'runnerLost', 'same |  |'],
  ['ended', 'resourceEnded', 'same |  |'],
]

describe('the table of tasks', () => testTable(states, rows))

const failedResult = (id = 'ExitStatus') =>
  ({ kind: 'result', status: 'FAILED', error: { id, message: 'no', stackTrace: undefined } }) as const

const closed = 'clear leaseExpired, clear attemptTimedOut, clear startTimedOut'

describe('a task that waits for nothing', () => {
  const created = task({ kind: 'waiting' }, { attemptCount: 0 })

  test('asks for its resource and is offered to runners', () => {
    expect(line(created, step(created, events.created))).toBe(
      'queued | attempt 1 WAITING_FOR_RUNNER | resource userDue',
    )
  })

  test('is set aside while its component is paused', () => {
    expect(line(created, step(created, events.created, { isPaused: true }))).toBe(
      'paused | attempt 1 PAUSED | resource userDue',
    )
  })

  test('starts the time in which it must hold, if it is a precondition that has one', () => {
    const policy = policyOf({ preconditionTimeout: { count: 1, unit: 'hour' } })
    expect(line(created, step(created, events.created, { policy }))).toBe(
      'queued | set preconditionTimedOut in 3600 s, attempt 1 WAITING_FOR_RUNNER | resource userDue',
    )
  })

  test('begins with the last thing that it waits for, and not before', () => {
    const satisfied = { ...events.dependency, to: 'satisfied' } as const
    const waitsForTwo = task({ kind: 'waiting' }, { openDependencies: 2, attemptCount: 0 })
    const { next } = step(waitsForTwo, satisfied)
    expect(next.state.kind).toBe('waiting')
    expect(step(next, satisfied).next.state.kind).toBe('queued')
  })
})

describe('a hand-out', () => {
  test('keeps the time at which the attempt was first handed out, and counts', () => {
    const queued = task({ kind: 'queued', attempt: attemptOf({ status: 'WAITING_FOR_RUNNER', handOuts: 1 }) })
    expect(step(queued, events.handOut).next.state).toMatchObject({
      attempt: { startedAt: attemptOf().startedAt, handOuts: 2, hostname: 'host', status: 'RUNNING' },
      taskId: 'new',
      handedOutAt: testNow,
      reportedAt: undefined,
    })
  })

  test('sets a timer for attemptTimeout, from itself', () => {
    const policy = policyOf({ attemptTimeout: { count: 2, unit: 'hour' } })
    expect(line(states.queued, step(states.queued, events.handOut, { policy }))).toBe(
      'running | attempt 1 RUNNING, set leaseExpired in 120 s, set attemptTimedOut in 7200 s |',
    )
  })
})

describe('a lease', () => {
  const silent = task({ ...running, handedOutAt: plusMs(testNow, -120_000), reportedAt: undefined })

  test('is renewed for 15 minutes by the first report', () => {
    expect(line(silent, step(silent, events.report))).toBe('running | set leaseExpired in 900 s |')
  })

  test('is renewed for reportProgressTimeout, where that is given', () => {
    const policy = policyOf({ reportProgressTimeout: { count: 1, unit: 'hour' } })
    expect(line(silent, step(silent, events.report, { policy }))).toBe('running | set leaseExpired in 3600 s |')
  })

  test('that is not acknowledged in two minutes ends, and the same attempt is offered again', () => {
    expect(line(silent, step(silent, events.leaseExpired))).toBe(
      'queued | clear leaseExpired, clear attemptTimedOut, attempt 1 WAITING_FOR_RUNNER |',
    )
  })

  test('that ends while the component is paused sets the attempt aside', () => {
    expect(line(silent, step(silent, events.leaseExpired, { isPaused: true }))).toBe(
      'paused | clear leaseExpired, clear attemptTimedOut, attempt 1 PAUSED |',
    )
  })

  test('that is silent for reportProgressTimeout costs a try', () => {
    const policy = policyOf({ reportProgressTimeout: { count: 1, unit: 'minute' } })
    expect(line(states.running, step(states.running, events.leaseExpired, { policy }))).toBe(
      `retrying | ${closed}, attempt 1 FAILED (Service_Stalled), set retryDue in 600 s |`,
    )
  })

  test('that ends for the tenth time in one attempt costs a try', () => {
    const lost = task({ ...running, attempt: attemptOf({ handOuts: 10 }) })
    expect(line(lost, step(lost, events.runnerLost))).toBe(
      `retrying | ${closed}, attempt 1 FAILED (Service_RunnerLost), set retryDue in 600 s |`,
    )
    const earlier = task({ ...running, attempt: attemptOf({ handOuts: 9 }) })
    expect(step(earlier, events.runnerLost).next.state.kind).toBe('queued')
  })
})

describe('a failure', () => {
  test('is retried after retryDelay as long as there are tries, as the next attempt', () => {
    const { next } = step(states.running, failedResult())
    expect(next).toMatchObject({ triesFailed: 1, state: { kind: 'retrying', retryAt: plusMs(testNow, 600_000) } })
    expect(line(next, step(next, events.retryDue))).toBe('queued | attempt 2 WAITING_FOR_RUNNER |')
  })

  test('of the last try ends the instance', () => {
    const last = task(running, { triesFailed: 2 })
    expect(line(last, step(last, failedResult()))).toBe(
      'FAILED (ExitStatus) | clearAllTimers, attempt 1 FAILED (ExitStatus) | resource userDone true true, dependents failed',
    )
  })

  test('without a reason gets one', () => {
    const silent = { kind: 'result', status: 'FAILED', error: undefined } as const
    expect(line(states.running, step(states.running, silent))).toMatch('FAILED (Service_Unexplained)')
  })

  test('that no repetition can help is not retried', () => {
    expect(step(states.running, failedResult('InvalidField')).next.state).toMatchObject({ status: 'FAILED' })
  })

  test('that a runner reports because it is stopped costs no try: the same attempt is offered again', () => {
    const returned = step(task(running, { triesFailed: 2 }), failedResult('TaskRunnerStopped'))
    expect(line(states.running, returned)).toBe(
      'queued | clear leaseExpired, clear attemptTimedOut, attempt 1 WAITING_FOR_RUNNER |',
    )
    expect(returned.next.triesFailed).toBe(2)
  })

  test('waits with its next try while the component is paused', () => {
    expect(line(states.retrying, step(states.retrying, events.retryDue, { isPaused: true }))).toBe(
      'paused | attempt 2 PAUSED |',
    )
  })
})

describe('FALSE', () => {
  const unmet = { kind: 'result', status: 'FALSE', error: undefined } as const

  test('of a precondition is asked again after its delay, and costs no try', () => {
    const precondition = task(running, { nodeId: states.waiting.id })
    const transition = step(precondition, unmet)
    expect(line(precondition, transition)).toBe(
      `retrying | ${closed}, attempt 1 FAILED (PreconditionNotMet), set retryDue in 10 s |`,
    )
    expect(transition.next.triesFailed).toBe(0)
  })

  test('of an activity is a failure', () => {
    const transition = step(states.running, unmet)
    expect(line(states.running, transition)).toMatch('FAILED (Service_NotAPrecondition)')
    expect(transition.next.triesFailed).toBe(1)
  })
})

describe('an attempt that is to stop', () => {
  const canceled = task({ ...running, stop: { kind: 'canceled', by: 'user' } })
  const timedOut = task({ ...running, stop: { kind: 'attemptTimedOut' } })
  const end = 'resource userDone true false, dependents failed'

  test.each(['report', 'runnerLost'] as const)('because it was cancelled ends with %s', (kind) => {
    expect(line(canceled, step(canceled, events[kind]))).toBe(
      `CANCELED by user | clearAllTimers, attempt 1 CANCELED | ${end}`,
    )
  })

  test('because it was cancelled ends with its lease', () => {
    const silent = task({ ...running, reportedAt: plusMs(testNow, -900_000), stop: { kind: 'canceled', by: 'user' } })
    expect(step(silent, events.leaseExpired).next.state).toMatchObject({ status: 'CANCELED' })
  })

  test('because it was cancelled is cancelled even if it fails, and finished if it finishes first', () => {
    expect(step(canceled, failedResult()).next.state).toMatchObject({ status: 'CANCELED' })
    expect(step(canceled, events.result).next.state).toMatchObject({ status: 'FINISHED' })
  })

  test('because it was cancelled stays so when its time is over, too', () => {
    expect(line(canceled, step(canceled, events.attemptTimedOut))).toBe('same |  |')
  })

  test('because it took too long is retried, whatever its runner says', () => {
    const retried = `retrying | ${closed}, attempt 1 FAILED (Service_AttemptTimedOut), set retryDue in 600 s |`
    expect(line(timedOut, step(timedOut, events.report))).toBe(retried)
    expect(line(timedOut, step(timedOut, events.result))).toBe(retried)
    expect(line(timedOut, step(timedOut, failedResult('InvalidField')))).toBe(retried)
  })

  test('because it took too long can still be cancelled', () => {
    expect(step(timedOut, events.cancel).next.state).toMatchObject({ stop: { kind: 'canceled', by: 'user' } })
  })

  test.each(['deactivation', 'deletion'] as const)('by %s of its pipeline ends at once', (by) => {
    expect(line(states.running, step(states.running, { kind: 'cancel', by }))).toBe(
      `CANCELED by ${by} | clearAllTimers, attempt 1 CANCELED | resource userDone true false`,
    )
  })
})
