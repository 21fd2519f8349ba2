import { assertNever } from '../assert-never.ts'
import { type Instant, plusMs } from '../instant.ts'
import { addPeriods } from '../schedule/period.ts'
import {
  actLate,
  awaitDependencies,
  cancelAtOnce,
  countDependency,
  countDependencyAfterEnd,
  end,
  finished,
  hold,
  letGo,
  markEndedFinished,
  markFinished,
  reactivate,
  rerun,
  retryOrFail,
  skip,
  skipCanceled,
  withState,
} from './ending.ts'
import type { Command, Event, Subject, Transition } from './event.ts'
import type { CheckInstance, Checking } from './instance.ts'
import { failUnmet } from './task.ts'
import { followedBy, ignore, nextAttempt, stay, type TransitionTable } from './transition.ts'

/**
 * A precondition that the service itself checks: asked at once, and again after `retryDelay` while it does not hold. That it does
 * not hold is no failure; that it cannot be checked is one.
 *
 * @source guide: dp-concepts-preconditions
 */
export const checkTable: TransitionTable<CheckInstance> = {
  waiting: {
    created: awaitDependencies,
    skip,
    dependency: countDependency,
    late: actLate,
    cancel: cancelAtOnce,
    markFinished,
    reactivate: ignore,
  },
  held: {
    resume: letGo,
    dependency: countDependency,
    late: actLate,
    cancel: cancelAtOnce,
    markFinished,
    reactivate: ignore,
  },
  checking: {
    checked: takeCheck,
    recheckDue: (subject) => ({ ...stay(subject.instance), commands: [{ kind: 'check' }] }),
    preconditionTimedOut: failUnmet,
    dependency: countDependency,
    late: actLate,
    cancel: cancelAtOnce,
    markFinished,
    reactivate: ignore,
  },
  retrying: {
    retryDue: beginChecking,
    checked: ignore,
    preconditionTimedOut: failUnmet,
    dependency: countDependency,
    late: actLate,
    cancel: cancelAtOnce,
    markFinished,
    reactivate: ignore,
  },
  ended: {
    checked: ignore,
    dependency: countDependencyAfterEnd,
    rerun,
    reactivate,
    skip: skipCanceled,
    markFinished: markEndedFinished,
    cancel: ignore,
  },
}

/** What a precondition does when nothing that it waits for is open. */
export function beginCheck(subject: Subject<CheckInstance>, now: Instant): Transition {
  if (subject.instance.openDependencies > 0) return stay(subject.instance)
  if (subject.isPaused) return hold(subject)
  const { preconditionTimeout } = subject.policy
  const timer: readonly Command[] =
    preconditionTimeout === undefined
      ? []
      : [{ kind: 'setTimer', timer: 'preconditionTimedOut', at: addPeriods(now, preconditionTimeout, 1) }]
  const timed: Transition = { ...stay(subject.instance), commands: timer }
  return followedBy(subject, timed, (begun) => beginChecking(begun, undefined, now))
}

function beginChecking({ instance }: Subject, _event: unknown, now: Instant): Transition {
  const attempt = { ...nextAttempt(instance, 'RUNNING'), startedAt: now }
  return {
    next: withState(
      { ...instance, attemptCount: attempt.number },
      { kind: 'checking', attempt, checkCount: 0, checkedAt: undefined, message: undefined },
    ),
    commands: [{ kind: 'recordAttempt', attempt }, { kind: 'check' }],
    signals: [],
  }
}

function takeCheck(
  subject: Subject<CheckInstance & { state: Checking }>,
  { result }: Extract<Event, { kind: 'checked' }>,
  now: Instant,
): Transition {
  const { state } = subject.instance
  switch (result.kind) {
    case 'met':
      return end(subject, finished, now)
    case 'failed':
      return retryOrFail(subject, result.error, now)
    case 'notYet':
      return {
        next: withState(subject.instance, {
          ...state,
          checkCount: state.checkCount + 1,
          checkedAt: now,
          message: result.message,
        }),
        commands: [{ kind: 'setTimer', timer: 'recheckDue', at: plusMs(now, subject.policy.recheckDelayMs) }],
        signals: [],
      }
    default:
      return assertNever(result)
  }
}
