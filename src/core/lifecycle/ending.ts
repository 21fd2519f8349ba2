import type { ObjectId } from '../definition/pipeline-object.ts'
import { type Instant, plusMs } from '../instant.ts'
import { addPeriods } from '../schedule/period.ts'
import type { ActionCause, Command, DependencyState, Event, Signal, Subject, Transition } from './event.ts'
import {
  type Attempt,
  type CancelCause,
  type Ended,
  type Instance,
  type Outcome,
  openAttempt,
  type TaskError,
} from './instance.ts'
import { also, ignore, stay } from './transition.ts'

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
    signals: [...releaseResource(instance, outcome), ...tellDependents(next), ...tellPreconditions(subject, next)],
  }
}

type EndedSubject = Subject<Instance & { state: Ended }>

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
  event: Extract<Event, { kind: 'dependency' }>,
  now: Instant,
): Transition {
  const { instance, policy } = subject
  const counted = { ...instance, ...counts(instance, event) }
  const hasBegun = counted.state.kind !== 'waiting' && counted.state.kind !== 'held'
  const isHit = !hasBegun && policy.failureAndRerunMode === 'cascade' && counted.failedDependencies > 0
  const outcome: Outcome = { status: 'CASCADE_FAILED', ...neutral, cascadeFailedOn: event.source }
  return isHit ? end({ ...subject, instance: counted }, outcome, now) : stay(counted)
}

const counts = (instance: Instance, { from, to }: Extract<Event, { kind: 'dependency' }>) => ({
  openDependencies: instance.openDependencies + openness(to) - openness(from),
  failedDependencies: instance.failedDependencies + failures(to) - failures(from),
})

const openness = (state: DependencyState): number => (state === 'satisfied' ? 0 : 1)
const failures = (state: DependencyState): number => (state === 'failed' ? 1 : 0)

/** What an instance that has ended makes of a change of its dependencies: a cascade of a rerun may bring it back. */
export function countDependencyAfterEnd(
  subject: EndedSubject,
  event: Extract<Event, { kind: 'dependency' }>,
  now: Instant,
): Transition {
  const counted = { ...subject, instance: { ...subject.instance, ...counts(subject.instance, event) } }
  const isRevived =
    subject.instance.state.status === 'CASCADE_FAILED' &&
    event.to !== 'failed' &&
    counted.instance.failedDependencies === 0 &&
    subject.policy.failureAndRerunMode === 'cascade'
  return isRevived ? reopen(counted, 'rerun', now) : stay(counted.instance)
}

/**
 * Back to the start: waits for its dependencies again, with all its tries. The caller lets it go on from there if none is open.
 *
 * @source guide: dp-manage-cascade-failandrerun
 */
function reopen(subject: EndedSubject, by: 'rerun' | 'activation', now: Instant): Transition {
  const { instance } = subject
  const preconditions: Signal = { kind: 'preconditions', event: { kind: 'rerun', by: 'cascade' } }
  const resource: readonly Signal[] =
    instance.kind === 'task' ? [{ kind: 'resource', event: { kind: 'userReopened', by } }] : []
  // What an activation takes up has not had its run; that it was cancelled did not make a rerun of it.
  const isRerun = by === 'rerun' ? true : instance.isRerun
  return {
    next: { ...withState(instance, { kind: 'waiting' }), triesFailed: 0, isRerun },
    commands: lateAgain(subject, now),
    signals: [preconditions, ...resource, { kind: 'dependents', to: 'open' }],
  }
}

/**
 * Set back by hand, or with something else that was. A precondition that holds is not asked again with what it guards, and what was
 * passed over is run by hand only.
 *
 * @source guide: dp-manage-cascade-failandrerun
 */
export function rerun(subject: EndedSubject, event: Extract<Event, { kind: 'rerun' }>, now: Instant): Transition {
  const { by } = event
  const { status } = subject.instance.state
  const isSpared = (by === 'cascade' && status === 'FINISHED') || (by !== 'user' && status === 'SKIPPED')
  return isSpared ? ignore(subject) : goOn(subject, event, now)
}

type GoingOn = Extract<Event, { kind: 'rerun' | 'reactivate' }>

/** Under a failure that still stands it fails again, if it cascades. A precondition that has failed is tried again with what it guards. */
function goOn(subject: EndedSubject, event: GoingOn, now: Instant): Transition {
  const { failureAndRerunMode } = subject.policy
  const mustFailAgain = failureAndRerunMode === 'cascade' && event.failedOn !== undefined
  return mustFailAgain
    ? failAgain(subject, event, now)
    : reopen(subject, event.kind === 'rerun' ? 'rerun' : 'activation', now)
}

/** Preconditions are not asked for what cannot run: those that are open end with it. */
function failAgain(subject: EndedSubject, { failedOn }: GoingOn, now: Instant): Transition {
  const { instance } = subject
  if (instance.state.status === 'CASCADE_FAILED') return ignore(subject)
  const outcome: Outcome = { status: 'CASCADE_FAILED', ...neutral, cascadeFailedOn: failedOn }
  return {
    next: withState(instance, { kind: 'ended', endedAt: now, ...outcome }),
    commands: actions(subject, outcome),
    signals: [
      { kind: 'dependents', to: 'failed' },
      { kind: 'preconditions', event: { kind: 'cancel', by: 'cascade' } },
    ],
  }
}

/** What the deactivation of the pipeline cancelled goes on; anything else that has ended stays so. */
export const reactivate = (
  subject: EndedSubject,
  event: Extract<Event, { kind: 'reactivate' }>,
  now: Instant,
): Transition => (subject.instance.state.canceledBy === 'deactivation' ? goOn(subject, event, now) : ignore(subject))

/** The pipeline goes on after a time that lies before it: what the deactivation cancelled is passed over instead. */
export function skipCanceled({ instance }: EndedSubject, _event: Event, now: Instant): Transition {
  if (instance.state.canceledBy !== 'deactivation') return stay(instance)
  return {
    next: withState(instance, { kind: 'ended', endedAt: now, status: 'SKIPPED', ...neutral }),
    commands: [],
    signals: [{ kind: 'dependents', to: 'satisfied' }],
  }
}

/** Its component is paused: what holds no task waits for RESUME before it begins. */
export const hold = ({ instance }: Subject): Transition => stay(withState(instance, { kind: 'held' }))

/** Its component goes on: waits again, and begins if nothing is open. */
export const letGo = ({ instance }: Subject): Transition => stay(withState(instance, { kind: 'waiting' }))

/** New in the store: what it depends on has been counted, and it may be late from now on. */
export const awaitDependencies = (subject: Subject): Transition =>
  also(stay(subject.instance), { commands: lateTimer(subject) })

/** Cancels what holds nothing that must be stopped first. */
export const cancelAtOnce = (subject: Subject, { by }: Extract<Event, { kind: 'cancel' }>, now: Instant): Transition =>
  end(subject, canceled(by), now)

/** Finished by hand. What depends on it goes on, as if the work had been done. */
export const markFinished = (subject: Subject, _event: Event, now: Instant): Transition => end(subject, finished, now)

/** Finished by hand after it had ended otherwise. */
export function markEndedFinished({ instance }: EndedSubject, _event: Event, now: Instant): Transition {
  if (instance.state.status === 'FINISHED') return stay(instance)
  return {
    next: withState(instance, { kind: 'ended', endedAt: now, ...finished }),
    commands: [],
    signals: [{ kind: 'dependents', to: 'satisfied' }],
  }
}

/** An object that has not ended in time: its onLateAction. */
export const actLate = ({ instance, policy }: Subject): Transition =>
  also(stay(instance), { commands: act(policy.onLateAction, 'late') })

/** What is run again after it was late is not late again; what rested with its pipeline when it would have been is late by then. */
export function lateAgain(subject: EndedSubject, now: Instant): readonly Command[] {
  const { canceledBy, endedAt } = subject.instance.state
  return lateTimer(subject).filter(({ at }) => at > (canceledBy === 'deactivation' ? endedAt : now))
}

type LateTimer = Extract<Command, { kind: 'setTimer' }>

/** The timer for {@link actLate}, from the scheduled start. None on demand, where there is no time to be late for. */
function lateTimer({ instance, policy }: Subject): readonly LateTimer[] {
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
  return isSuccess ? act(policy.onSuccess, 'success') : act(policy.onFail, 'fail')
}

/** One command for each action: when one fails and is tried again, the others are not. */
const act = (ids: readonly ObjectId[], cause: ActionCause): readonly Command[] =>
  ids.map((action) => ({ kind: 'act', action, cause }))

function releaseResource(instance: Instance, { status }: Outcome): readonly Signal[] {
  if (instance.kind !== 'task') return []
  const isDue = instance.state.kind !== 'waiting' && instance.state.kind !== 'ended'
  return [{ kind: 'resource', event: { kind: 'userDone', wasDue: isDue, hasFailed: status === 'FAILED' } }]
}

function tellDependents(next: Instance): readonly Signal[] {
  const to = dependencyStateOf(next)
  return to === 'open' ? [] : [{ kind: 'dependents', to }]
}

/** A failure that cascades takes the preconditions along. So does an end before the beginning: nobody waits for them any more. */
function tellPreconditions({ instance, policy }: Subject, next: Instance): readonly Signal[] {
  const to = dependencyStateOf(next)
  const cascades = to === 'failed' && policy.failureAndRerunMode === 'cascade'
  const isUnbegun = instance.state.kind === 'waiting' && instance.openDependencies > 0
  const endsUnbegun = isUnbegun && to !== 'open' && !isSkipped(next)
  return cascades || endsUnbegun ? [{ kind: 'preconditions', event: { kind: 'cancel', by: 'cascade' } }] : []
}

const isSkipped = ({ state }: Instance): boolean => state.kind === 'ended' && state.status === 'SKIPPED'

/**
 * What depends on an instance may go on, is hit, or has to wait. What ended with its pipeline takes nobody along, since the others
 * end for the same reason; neither does a precondition that was cancelled because what it guards has failed.
 */
export function dependencyStateOf({ state }: Instance): DependencyState {
  if (state.kind !== 'ended') return 'open'
  if (state.status === 'FINISHED' || state.status === 'SKIPPED') return 'satisfied'
  const { canceledBy } = state
  return canceledBy === 'deactivation' || canceledBy === 'deletion' || canceledBy === 'cascade' ? 'open' : 'failed'
}
