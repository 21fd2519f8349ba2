import { type Instant, plusMs } from '../instant.ts'
import { addPeriods } from '../schedule/period.ts'
import type { Command, DependencyState, Event, Signal, Subject, Transition } from './event.ts'
import {
  type Attempt,
  type CancelCause,
  type EndStatus,
  type Instance,
  type Outcome,
  openAttempt,
  type TaskError,
} from './instance.ts'
import { also, followedBy, ignore, stay } from './transition.ts'

const neutral = { error: undefined, canceledBy: undefined, cascadeFailedOn: undefined } as const

/** The work is done. */
export const finished: Outcome = { status: 'FINISHED', ...neutral }

/** The work could not be done, for this reason. */
export const failed = (error: TaskError): Outcome => ({ status: 'FAILED', ...neutral, error })

/** Somebody, or something, called it off. */
export const canceled = (canceledBy: CancelCause): Outcome => ({ status: 'CANCELED', ...neutral, canceledBy })

/** Ends an instance: closes its attempt, drops its timers, tells everybody around it, and triggers its actions. */
export function end(subject: Subject, outcome: Outcome, now: Instant): Transition {
  const { instance } = subject
  const next = withState(instance, { kind: 'ended', endedAt: now, ...outcome })
  return {
    next,
    commands: [{ kind: 'clearAllTimers' }, ...closeAttempt(instance, outcome, now), ...actions(subject, outcome)],
    signals: [...releaseResource(instance, outcome), ...tellDependents(subject, outcome)],
  }
}

/** The schedule passes over it. */
export const skip = (subject: Subject, _event: Event, now: Instant): Transition =>
  end(subject, { status: 'SKIPPED', ...neutral }, now)

/** The same instance in another state; the caller has made sure that its kind may be in it. */
export function withState(instance: Instance, state: Instance['state']): Instance {
  // A kind and its states are tied by the transition tables; here only the pair is put together.
  return { ...instance, state } as Instance
}

/** Tries again after `retryDelay` or, with no tries left, ends as failed. */
export function retryOrFail(subject: Subject, error: TaskError, now: Instant): Transition {
  const { instance, policy } = subject
  if (instance.triesFailed >= policy.retriesMax) return end(subject, failed(error), now)
  const counted = { ...subject, instance: { ...instance, triesFailed: instance.triesFailed + 1 } }
  return tryAgain(counted, error, { at: plusMs(now, policy.retryDelayMs), now })
}

/** Closes the attempt with its error; the next one begins at `at`. */
export function tryAgain(
  { instance }: Subject,
  error: TaskError,
  { at, now }: { readonly at: Instant; readonly now: Instant },
): Transition {
  return {
    next: withState(instance, { kind: 'retrying', retryAt: at }),
    commands: [
      { kind: 'clearTimer', timer: 'leaseExpired' },
      { kind: 'clearTimer', timer: 'attemptTimedOut' },
      { kind: 'clearTimer', timer: 'startTimedOut' },
      ...closeAttempt(instance, failed(error), now),
      { kind: 'setTimer', timer: 'retryDue', at },
    ],
    signals: [],
  }
}

/** Counts a dependency that changed; what waits and may cascade fails with a dependency that failed. */
export function countDependency(
  subject: Subject,
  { from, to, source }: Extract<Event, { kind: 'dependency' }>,
  now: Instant,
): Transition {
  const { instance, policy } = subject
  const counted = {
    ...instance,
    openDependencies: instance.openDependencies + openness(to) - openness(from),
    failedDependencies: instance.failedDependencies + failures(to) - failures(from),
  }
  const isHit =
    counted.state.kind === 'waiting' && policy.failureAndRerunMode === 'cascade' && counted.failedDependencies > 0
  return isHit
    ? end({ ...subject, instance: counted }, { status: 'CASCADE_FAILED', ...neutral, cascadeFailedOn: source }, now)
    : stay(counted)
}

const openness = (state: DependencyState): number => (state === 'satisfied' ? 0 : 1)
const failures = (state: DependencyState): number => (state === 'failed' ? 1 : 0)

/** What an instance that has ended makes of a change of its dependencies: a cascade of a rerun may bring it back. */
export function countDependencyAfterEnd(
  subject: Subject<Instance & { state: Extract<Instance['state'], { kind: 'ended' }> }>,
  event: Extract<Event, { kind: 'dependency' }>,
  now: Instant,
): Transition {
  const counted = countDependency(subject, event, now).next
  const isRevived =
    subject.instance.state.status === 'CASCADE_FAILED' &&
    event.to !== 'failed' &&
    counted.failedDependencies === 0 &&
    subject.policy.failureAndRerunMode === 'cascade'
  return isRevived ? reopen({ ...subject, instance: counted }, now) : stay(counted)
}

/**
 * Back to the start: waits for its dependencies again, with all its tries. The caller lets it go on from there if none is open.
 *
 * @source guide: dp-manage-cascade-failandrerun
 */
export function reopen(subject: Subject, now: Instant): Transition {
  const { instance, policy } = subject
  const reopened: Instance = { ...withState(instance, { kind: 'waiting' }), triesFailed: 0 }
  const preconditions: Signal = { kind: 'preconditions', event: { kind: 'rerun', by: 'cascade' } }
  const resource: readonly Signal[] =
    instance.kind === 'task' ? [{ kind: 'resource', event: { kind: 'userReopened' } }] : []
  const transition: Transition = {
    next: reopened,
    commands: lateTimer(subject),
    signals: [preconditions, ...resource, { kind: 'dependents', to: 'open' }],
  }
  const mustFailAgain = policy.failureAndRerunMode === 'cascade' && reopened.failedDependencies > 0
  if (!mustFailAgain) return transition
  const outcome: Outcome = { status: 'CASCADE_FAILED', ...neutral, cascadeFailedOn: cascadeSource(instance) }
  return followedBy(subject, transition, (waiting) => end(waiting, outcome, now))
}

function cascadeSource({ state }: Instance): Outcome['cascadeFailedOn'] {
  return state.kind === 'ended' ? state.cascadeFailedOn : undefined
}

/** What the deactivation of the pipeline cancelled goes on; anything else that has ended stays so. */
export function reactivate(
  subject: Subject<Instance & { state: Extract<Instance['state'], { kind: 'ended' }> }>,
  _event: Event,
  now: Instant,
): Transition {
  return subject.instance.state.canceledBy === 'deactivation' ? reopen(subject, now) : ignore(subject)
}

/** Set back by hand, or because something that it depends on was. */
export const rerun = (subject: Subject, _event: Event, now: Instant): Transition => reopen(subject, now)

/** New in the store: what it depends on has been counted, and it may be late from now on. */
export const awaitDependencies = (subject: Subject): Transition =>
  also(stay(subject.instance), { commands: lateTimer(subject) })

/** Cancels what holds nothing that must be stopped first. */
export const cancelAtOnce = (subject: Subject, { by }: Extract<Event, { kind: 'cancel' }>, now: Instant): Transition =>
  end(subject, canceled(by), now)

/** Finished by hand. What depends on it goes on, as if the work had been done. */
export const markFinished = (subject: Subject, _event: Event, now: Instant): Transition => end(subject, finished, now)

/** Finished by hand after it had ended otherwise. */
export function markEndedFinished({ instance }: Subject, _event: Event, now: Instant): Transition {
  return {
    next: withState(instance, { kind: 'ended', endedAt: now, ...finished }),
    commands: [],
    signals: [{ kind: 'dependents', to: 'satisfied' }],
  }
}

/** An object that has not ended in time: its onLateAction. */
export const actLate = ({ instance, policy }: Subject): Transition =>
  also(stay(instance), { commands: [{ kind: 'act', actions: policy.onLateAction, cause: 'late' }] })

/** The timer for {@link actLate}, from the scheduled start. None on demand, where there is no time to be late for. */
function lateTimer({ instance, policy }: Subject): readonly Command[] {
  const { start, end: intervalEnd } = instance.occurrence
  if (policy.lateAfterTimeout === undefined || policy.onLateAction.length === 0 || start === intervalEnd) return []
  return [{ kind: 'setTimer', timer: 'late', at: addPeriods(start, policy.lateAfterTimeout, 1) }]
}

/** The command that closes the open attempt, if there is one, with the outcome of its instance. */
function closeAttempt(instance: Instance, outcome: Outcome, now: Instant): readonly Command[] {
  const attempt: Attempt | undefined = openAttempt(instance)
  if (attempt === undefined) return []
  const closed: Attempt = { ...attempt, status: outcome.status, endedAt: now, error: outcome.error ?? attempt.error }
  return [{ kind: 'recordAttempt', attempt: closed }]
}

function actions({ policy }: Subject, { status, canceledBy }: Outcome): readonly Command[] {
  const isSuccess = status === 'FINISHED'
  const isFailure = status === 'FAILED' || status === 'TIMEDOUT' || status === 'CASCADE_FAILED'
  if (canceledBy !== undefined || !(isSuccess || isFailure)) return []
  const ids = isSuccess ? policy.onSuccess : policy.onFail
  return ids.length === 0 ? [] : [{ kind: 'act', actions: ids, cause: isSuccess ? 'success' : 'fail' }]
}

function releaseResource(instance: Instance, { status }: Outcome): readonly Signal[] {
  if (instance.kind !== 'task') return []
  const isDue = instance.state.kind !== 'waiting' && instance.state.kind !== 'ended'
  return [{ kind: 'resource', event: { kind: 'userDone', wasDue: isDue, hasFailed: status === 'FAILED' } }]
}

function tellDependents({ policy }: Subject, { status, canceledBy }: Outcome): readonly Signal[] {
  // What ends because its pipeline ends takes nobody along: the others end for the same reason.
  if (canceledBy === 'deactivation' || canceledBy === 'deletion') return []
  const to = satisfies(status) ? 'satisfied' : 'failed'
  const dependents: Signal = { kind: 'dependents', to }
  return to === 'failed' && policy.failureAndRerunMode === 'cascade'
    ? [dependents, { kind: 'preconditions', event: { kind: 'cancel', by: 'cascade' } }]
    : [dependents]
}

/** Whether what depends on an instance that ended like this may go on. */
export const satisfies = (status: EndStatus): boolean => status === 'FINISHED' || status === 'SKIPPED'
