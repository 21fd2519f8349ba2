import { assertNever } from '../assert-never.ts'
import { type Instant, plusMs } from '../instant.ts'
import { addPeriods } from '../schedule/period.ts'
import { failureKindOf } from '../task-failure.ts'
import {
  actLate,
  awaitDependencies,
  cancelAtOnce,
  canceled,
  countDependency,
  countDependencyAfterEnd,
  end,
  failed,
  finished,
  markEndedFinished,
  markFinished,
  reactivate,
  rerun,
  retryOrFail,
  skip,
  skipCanceled,
  tryAgain,
  withState,
} from './ending.ts'
import type { Command, Event, Subject, Transition } from './event.ts'
import type { Attempt, Running, TaskError, TaskInstance } from './instance.ts'
import type { RunPolicy } from './run-policy.ts'
import { followedBy, ignore, nextAttempt, stay, type TransitionTable } from './transition.ts'

/**
 * The time in which a runner must acknowledge a task with its first report.
 *
 * @source model: ReportTaskProgress
 */
export const acknowledgeTimeoutMs = 2 * 60_000

/**
 * The longest silence of a runner, where the object gives no `reportProgressTimeout`.
 *
 * @source model: ReportTaskProgress
 */
export const silenceTimeoutMs = 15 * 60_000

/** How often one attempt is handed out before it counts as failed: an attempt that ends every runner must not go on for ever. */
export const handOutsMax = 10

type RunningSubject = Subject<TaskInstance & { state: Running }>

/**
 * An activity, or a precondition that a task runner checks.
 *
 * @source guide: dp-how-tasks-scheduled, dp-pipeline-status
 */
export const taskTable: TransitionTable<TaskInstance> = {
  waiting: {
    created: awaitDependencies,
    skip,
    dependency: countDependency,
    late: actLate,
    cancel: cancelAtOnce,
    markFinished,
    reactivate: ignore,
    resourceEnded: endWithResource,
    runnerLost: ignore,
  },
  paused: {
    resume: (subject) => queue(subject, { ...subject.instance.state.attempt, status: 'WAITING_FOR_RUNNER' }),
    pause: ignore,
    unrunnable: (subject, event, now) => end(subject, failed(event.error), now),
    dependency: countDependency,
    late: actLate,
    cancel: cancelAtOnce,
    markFinished,
    preconditionTimedOut: failUnmet,
    reactivate: ignore,
    resourceEnded: endWithResource,
    runnerLost: ignore,
  },
  queued: {
    handOut,
    unrunnable: (subject, event, now) => end(subject, failed(event.error), now),
    pause: (subject) => setAside(subject, subject.instance.state.attempt),
    resume: ignore,
    dependency: countDependency,
    late: actLate,
    cancel: cancelAtOnce,
    markFinished,
    preconditionTimedOut: failUnmet,
    reactivate: ignore,
    resourceEnded: endWithResource,
    runnerLost: ignore,
  },
  running: {
    report,
    result: takeResult,
    leaseExpired: checkLease,
    attemptTimedOut: (subject) =>
      subject.instance.state.stop === undefined ? askToStop(subject, { kind: 'attemptTimedOut' }) : ignore(subject),
    dependency: countDependency,
    late: actLate,
    cancel: cancelRunning,
    markFinished,
    preconditionTimedOut: failUnmet,
    reactivate: ignore,
    runnerLost: (subject, _event, now) => takeBack(subject, now),
    resourceEnded: (subject, event, now) => end(subject, failed(event.error), now),
  },
  retrying: {
    retryDue: (subject) => offer(subject),
    dependency: countDependency,
    late: actLate,
    cancel: cancelAtOnce,
    markFinished,
    preconditionTimedOut: failUnmet,
    reactivate: ignore,
    resourceEnded: endWithResource,
    runnerLost: ignore,
  },
  ended: {
    dependency: countDependencyAfterEnd,
    rerun,
    reactivate,
    skip: skipCanceled,
    markFinished: markEndedFinished,
    cancel: ignore,
    resourceEnded: ignore,
    runnerLost: ignore,
  },
}

/** What a task does when nothing that it waits for is open: it asks for its resource and for a runner. */
export function beginTask(subject: Subject<TaskInstance>, now: Instant): Transition {
  if (subject.instance.openDependencies > 0) return stay(subject.instance)
  const { preconditionTimeout } = subject.policy
  const timer: readonly Command[] =
    preconditionTimeout === undefined
      ? []
      : [{ kind: 'setTimer', timer: 'preconditionTimedOut', at: addPeriods(now, preconditionTimeout, 1) }]
  const asked: Transition = {
    next: subject.instance,
    commands: timer,
    signals: [{ kind: 'resource', event: { kind: 'userDue' } }],
  }
  return followedBy(subject, asked, offer)
}

/** Opens an attempt and offers it to runners, or sets it aside while the component is paused. */
function offer(subject: Subject): Transition {
  const attempt = nextAttempt(subject.instance, 'WAITING_FOR_RUNNER')
  const counted = { ...subject, instance: { ...subject.instance, attemptCount: attempt.number } }
  return subject.isPaused ? setAside(counted, attempt) : queue(counted, attempt)
}

const queue = ({ instance }: Subject, attempt: Attempt): Transition => ({
  next: withState(instance, { kind: 'queued', attempt }),
  commands: [{ kind: 'recordAttempt', attempt }],
  signals: [],
})

function setAside({ instance }: Subject, attempt: Attempt): Transition {
  const paused: Attempt = { ...attempt, status: 'PAUSED' }
  return {
    next: withState(instance, { kind: 'paused', attempt: paused }),
    commands: [{ kind: 'recordAttempt', attempt: paused }],
    signals: [],
  }
}

function handOut(
  { instance, policy }: Subject<TaskInstance & { state: { attempt: Attempt } }>,
  { taskId, hostname }: Extract<Event, { kind: 'handOut' }>,
  now: Instant,
): Transition {
  const { attempt } = instance.state
  const running: Attempt = {
    ...attempt,
    status: 'RUNNING',
    startedAt: attempt.startedAt ?? now,
    handOuts: attempt.handOuts + 1,
    hostname,
  }
  const { attemptTimeout } = policy
  const attemptTimer: readonly Command[] =
    attemptTimeout === undefined
      ? []
      : [{ kind: 'setTimer', timer: 'attemptTimedOut', at: addPeriods(now, attemptTimeout, 1) }]
  return {
    next: withState(instance, {
      kind: 'running',
      attempt: running,
      taskId,
      handedOutAt: now,
      reportedAt: undefined,
      stop: undefined,
    }),
    commands: [
      { kind: 'recordAttempt', attempt: running },
      { kind: 'setTimer', timer: 'leaseExpired', at: plusMs(now, acknowledgeTimeoutMs) },
      ...attemptTimer,
    ],
    signals: [],
  }
}

/** A report renews the lease. A runner that is to stop learns so from the answer, and then the attempt is over. */
function report(subject: RunningSubject, _event: Event, now: Instant): Transition {
  const { instance } = subject
  const { state } = instance
  if (state.stop !== undefined) return stopped(subject, now)
  const next = withState(instance, { ...state, reportedAt: now })
  // The timer of an acknowledged hand-out finds out for itself how long the lease is: it need not move with each report.
  return state.reportedAt === undefined
    ? { next, commands: [{ kind: 'setTimer', timer: 'leaseExpired', at: leaseEnd(subject, now) }], signals: [] }
    : stay(next)
}

/** The lease is over if no report has renewed it since its timer was set. */
function checkLease(subject: RunningSubject, _event: Event, now: Instant): Transition {
  const { state } = subject.instance
  const until = leaseEndOf(state, subject.policy)
  if (until > now) {
    return {
      ...stay(subject.instance),
      commands: [{ kind: 'setTimer', timer: 'leaseExpired', at: until }],
    }
  }
  if (state.stop !== undefined) return stopped(subject, now)
  const isStalled = state.reportedAt !== undefined && subject.policy.reportProgressTimeout !== undefined
  return isStalled ? retryOrFail(subject, stalled, now) : takeBack(subject, now)
}

const stalled: TaskError = {
  id: 'Service_Stalled',
  message: 'The task runner reported no progress within reportProgressTimeout.',
  stackTrace: undefined,
}

/** When a runner that reports nothing from here on loses its task. */
export const leaseEndOf = ({ handedOutAt, reportedAt }: Running, policy: RunPolicy): Instant =>
  reportedAt === undefined ? plusMs(handedOutAt, acknowledgeTimeoutMs) : leaseEnd({ policy }, reportedAt)

function leaseEnd({ policy }: Pick<Subject, 'policy'>, reportedAt: Instant): Instant {
  return policy.reportProgressTimeout === undefined
    ? plusMs(reportedAt, silenceTimeoutMs)
    : addPeriods(reportedAt, policy.reportProgressTimeout, 1)
}

/** The runner is gone: offers the same attempt to another one. */
function takeBack(subject: RunningSubject, now: Instant): Transition {
  const { state } = subject.instance
  if (state.stop !== undefined) return stopped(subject, now)
  if (state.attempt.handOuts >= handOutsMax) return retryOrFail(subject, abandoned, now)
  const attempt: Attempt = { ...state.attempt, status: 'WAITING_FOR_RUNNER', hostname: undefined }
  const requeued = subject.isPaused ? setAside(subject, attempt) : queue(subject, attempt)
  return {
    ...requeued,
    commands: [
      { kind: 'clearTimer', timer: 'leaseExpired' },
      { kind: 'clearTimer', timer: 'attemptTimedOut' },
      ...requeued.commands,
    ],
  }
}

const abandoned: TaskError = {
  id: 'Service_RunnerLost',
  message: `The attempt was handed out ${handOutsMax} times and each task runner fell silent.`,
  stackTrace: undefined,
}

function takeResult(
  subject: RunningSubject,
  { status, error }: Extract<Event, { kind: 'result' }>,
  now: Instant,
): Transition {
  const { stop } = subject.instance.state
  if (status === 'FINISHED' && stop?.kind !== 'attemptTimedOut') return end(subject, finished, now)
  if (stop !== undefined) return stopped(subject, now)
  if (status === 'FALSE' && subject.instance.nodeId !== undefined) return askAgain(subject, now)
  const reason = status === 'FALSE' ? notAPrecondition : (error ?? unexplained)
  return fail(subject, reason, now)
}

function fail(subject: RunningSubject, reason: TaskError, now: Instant): Transition {
  const kind = failureKindOf(reason.id)
  switch (kind) {
    case 'retryable':
      return retryOrFail(subject, reason, now)
    case 'terminal':
      return end(subject, failed(reason), now)
    case 'returned':
      return takeBack(subject, now)
    default:
      return assertNever(kind)
  }
}

const unexplained: TaskError = {
  id: 'Service_Unexplained',
  message: 'The task runner reported a failure without saying why.',
  stackTrace: undefined,
}

const notAPrecondition: TaskError = {
  id: 'Service_NotAPrecondition',
  message: 'The task runner reported FALSE, which only a precondition can be.',
  stackTrace: undefined,
}

/** A precondition that does not hold yet is asked again after its delay, which uses up no try. */
const askAgain = (subject: RunningSubject, now: Instant): Transition =>
  tryAgain(subject, unmet, { at: plusMs(now, subject.policy.recheckDelayMs), now })

/** Why an attempt of a precondition ended that did not hold. */
export const unmet: TaskError = {
  id: 'PreconditionNotMet',
  message: 'The precondition does not hold yet.',
  stackTrace: undefined,
}

/** A precondition that did not come true in time. */
export function failUnmet(subject: Subject, _event: Event, now: Instant): Transition {
  const message = 'The precondition did not hold within preconditionTimeout.'
  return end(subject, failed({ id: 'PreconditionTimedOut', message, stackTrace: undefined }), now)
}

/** Cancelled with its pipeline, it ends at once: its late result is ignored. Cancelled alone, its runner is stopped first. */
function cancelRunning(subject: RunningSubject, { by }: Extract<Event, { kind: 'cancel' }>, now: Instant): Transition {
  return by === 'user' || by === 'action'
    ? askToStop(subject, { kind: 'canceled', by })
    : end(subject, canceled(by), now)
}

const askToStop = ({ instance }: RunningSubject, stop: NonNullable<Running['stop']>): Transition =>
  stay(withState(instance, { ...instance.state, stop }))

/** The runner has been told to stop, or is gone. */
function stopped(subject: RunningSubject, now: Instant): Transition {
  const { stop } = subject.instance.state
  if (stop?.kind === 'canceled') return end(subject, canceled(stop.by), now)
  const message = 'The attempt took longer than attemptTimeout.'
  return retryOrFail(subject, { id: 'Service_AttemptTimedOut', message, stackTrace: undefined }, now)
}

/**
 * @source guide: dp-manage-cascade-failandrerun (a failed resource cancels what was to run on it)
 */
function endWithResource(
  subject: Subject,
  { error }: Extract<Event, { kind: 'resourceEnded' }>,
  now: Instant,
): Transition {
  return end(subject, { ...canceled('resource'), error }, now)
}
