import { assertNever } from '../assert-never.ts'
import type { Instant } from '../instant.ts'
import { addPeriods } from '../schedule/period.ts'
import {
  actLate,
  awaitDependencies,
  canceled,
  countDependency,
  countDependencyAfterEnd,
  end,
  failed,
  finished,
  hold,
  lateAgain,
  letGo,
  markEndedFinished,
  markFinished,
  retryOrFail,
  skip,
  skipCanceled,
  withState,
} from './ending.ts'
import type { Command, Event, Signal, Subject, Transition } from './event.ts'
import type {
  Attempt,
  CancelCause,
  Creating,
  Ended,
  Held,
  Instance,
  Outcome,
  ResourceInstance,
  Retrying,
  ShuttingDown,
  TaskError,
  Up,
  Waiting,
} from './instance.ts'
import { also, followedBy, ignore, nextAttempt, stay, type TransitionTable } from './transition.ts'

/**
 * How often the machine of one attempt is replaced after it was lost: work that brings down every machine must not go on for ever.
 */
export const replacementsMax = 10

type InState<S> = Subject<ResourceInstance & { state: S }>

/**
 * A machine for the work of one interval: made when the first activity that runs on it is due, destroyed when the last one is done.
 *
 * @source guide: dp-concepts-schedules, dp-concepts-resources
 */
export const resourceTable: TransitionTable<ResourceInstance> = {
  waiting: {
    created: awaitDependencies,
    skip: skipUnneeded,
    userBorn: countUsers,
    userDue: countUsers,
    userDone: countUsers,
    userReopened: countUsers,
    unneeded: endUnneeded,
    machineGone: ignore,
    dependency: countDependency,
    late: actLate,
    cancel: cancelUnmade,
    markFinished,
    reactivate: ignore,
  },
  held: {
    resume: letGo,
    userBorn: countUsers,
    userDue: countUsers,
    // Without work that is due it could not begin, paused or not.
    userDone: (subject, event) => letGo({ ...subject, instance: countUsers(subject, event).next }),
    userReopened: countUsers,
    unneeded: endUnneeded,
    machineGone: ignore,
    dependency: countDependency,
    late: actLate,
    cancel: cancelUnmade,
    markFinished: finishUnmade,
    reactivate: ignore,
  },
  creating: {
    machineUp: takeMachine,
    machineFailed: (subject, event, now) =>
      isCurrent(subject, event) ? failStart(subject, event, now) : ignore(subject),
    machineLost: replaceMachine,
    startTimedOut: failLateStart,
    lifetimeOver: outlive,
    userBorn: countUsers,
    userDue: countUsers,
    userDone: releaseUser,
    userReopened: countUsers,
    unneeded: shutDownUnneeded,
    machineGone: ignore,
    dependency: countDependency,
    late: actLate,
    cancel: cancelMachine,
    markFinished: finishMachine,
    reactivate: ignore,
  },
  retrying: {
    retryDue: create,
    lifetimeOver: outliveUnmade,
    userBorn: countUsers,
    userDue: countUsers,
    userDone: (subject, event) => askIfIdle(countUsers(subject, event)),
    userReopened: countUsers,
    unneeded: endUnneeded,
    machineUp: ignore,
    machineFailed: ignore,
    machineLost: ignore,
    machineGone: ignore,
    dependency: countDependency,
    late: actLate,
    cancel: cancelUnmade,
    markFinished: finishUnmade,
    reactivate: ignore,
  },
  up: {
    machineUp: ignore,
    machineLost: replaceMachine,
    machineFailed: ignore,
    lifetimeOver: outlive,
    userBorn: countUsers,
    userDue: countUsers,
    userDone: releaseUser,
    userReopened: countUsers,
    unneeded: shutDownUnneeded,
    machineGone: ignore,
    dependency: countDependency,
    late: actLate,
    cancel: cancelMachine,
    markFinished: finishMachine,
    reactivate: ignore,
  },
  shuttingDown: {
    machineGone: (subject, event, now) => (isCurrent(subject, event) ? settle(subject, now) : ignore(subject)),
    machineUp: ignore,
    machineFailed: ignore,
    machineLost: ignore,
    userBorn: countUsers,
    userDue: wantWhileGoing,
    userDone: countUsers,
    userReopened: wantAgain,
    unneeded: ignore,
    dependency: countDependency,
    late: actLate,
    lifetimeOver: ignore,
    cancel: ignore,
    markFinished: ignore,
    reactivate: ignore,
  },
  ended: {
    userBorn: countUsers,
    userDue: comeBack,
    userDone: countUsers,
    userReopened: comeBack,
    unneeded: ignore,
    rerun: rerunUsers,
    skip: skipCanceled,
    machineUp: ignore,
    machineFailed: ignore,
    machineLost: ignore,
    machineGone: ignore,
    dependency: countDependencyAfterEnd,
    reactivate: reactivateResource,
    markFinished: markEndedFinished,
    cancel: ignore,
  },
}

/** The schedule passes over it, but not over work that came to be before it and waits for a machine. */
function skipUnneeded(subject: InState<Waiting>, event: Event, now: Instant): Transition {
  return subject.instance.dueUsers > 0 ? awaitDependencies(subject) : skip(subject, event, now)
}

/** What a resource does while it waits: it starts when a user is due. */
export function beginResource(subject: Subject<ResourceInstance>, now: Instant): Transition {
  if (subject.instance.dueUsers === 0) return askIfIdle(stayResource(subject.instance))
  if (subject.isPaused) return hold(subject)
  const { terminateAfter } = subject.policy
  const lifetime: readonly Command[] =
    terminateAfter === undefined
      ? []
      : [{ kind: 'setTimer', timer: 'lifetimeOver', at: addPeriods(now, terminateAfter, 1) }]
  const timed: Transition = { ...stay(subject.instance), commands: lifetime }
  return followedBy(subject, timed, (begun) => create(begun, undefined, now))
}

function create({ instance, policy }: Subject, _event: unknown, now: Instant): Transition {
  const attempt: Attempt = { ...nextAttempt(instance, 'CREATING'), startedAt: now }
  const machineNumber = attempt.number * (replacementsMax + 1)
  return {
    next: withState({ ...instance, attemptCount: attempt.number }, { kind: 'creating', attempt, machineNumber }),
    commands: [
      { kind: 'recordAttempt', attempt },
      { kind: 'createMachine', machineNumber },
      { kind: 'setTimer', timer: 'startTimedOut', at: addPeriods(now, policy.initTimeout, 1) },
    ],
    signals: [],
  }
}

function takeMachine(subject: InState<Creating>, event: Extract<Event, { kind: 'machineUp' }>): Transition {
  if (!isCurrent(subject, event)) return ignore(subject)
  const { attempt, machineNumber } = subject.instance.state
  const running: Attempt = { ...attempt, status: 'RUNNING', hostname: event.resourceId }
  return {
    next: withState(subject.instance, {
      kind: 'up',
      attempt: running,
      machineNumber,
      resourceId: event.resourceId,
    }),
    commands: [
      { kind: 'clearTimer', timer: 'startTimedOut' },
      { kind: 'recordAttempt', attempt: running },
    ],
    signals: [],
  }
}

/** The machine could not be had. */
function failStart(
  subject: Subject,
  { machineNumber, message }: { readonly machineNumber: number; readonly message: string },
  now: Instant,
): Transition {
  const error = resourceError(`Unable to create resource for ${subject.instance.id} due to: ${message}`)
  return tryWithAnother(subject, { machineNumber, error }, now)
}

/**
 * Destroys what there may be of a machine, and tries again with another one if there are tries left. A runner may be up nevertheless and
 * hold work, which goes back.
 */
function tryWithAnother(
  subject: Subject,
  { machineNumber, error }: { readonly machineNumber: number; readonly error: TaskError },
  now: Instant,
): Transition {
  const { policy } = subject
  const once = policy.actionOnResourceFailure === 'retryNone' ? { ...policy, retriesMax: 0 } : policy
  const outcome = retryOrFail({ ...subject, policy: once }, error, now)
  return also(outcome, {
    commands: [{ kind: 'terminateMachine', machineNumber }],
    signals: [outcome.next.state.kind === 'ended' ? tellUsers(error) : handWorkBack],
  })
}

function failLateStart(subject: InState<Creating>, _event: Event, now: Instant): Transition {
  const { machineNumber } = subject.instance.state
  return failStart(subject, { machineNumber, message: 'the machine was not up within initTimeout.' }, now)
}

/**
 * A machine that ended by itself takes no try: another one takes its place, and its work is handed out again, unless the definition says
 * that nothing is to be tried again.
 */
function replaceMachine(
  subject: InState<Creating | Up>,
  event: Extract<Event, { kind: 'machineLost' }>,
  now: Instant,
): Transition {
  if (!isCurrent(subject, event)) return ignore(subject)
  const { attempt, machineNumber } = subject.instance.state
  const isExhausted = (machineNumber + 1) % (replacementsMax + 1) === 0
  if (isExhausted || subject.policy.actionOnResourceFailure === 'retryNone') {
    const error = resourceError(`The machine of ${subject.instance.id} was lost: ${event.message}`)
    return tryWithAnother(subject, { machineNumber, error }, now)
  }
  const again: Attempt = { ...attempt, status: 'CREATING', hostname: undefined }
  return {
    next: withState(subject.instance, { kind: 'creating', attempt: again, machineNumber: machineNumber + 1 }),
    commands: [
      { kind: 'terminateMachine', machineNumber },
      { kind: 'recordAttempt', attempt: again },
      { kind: 'createMachine', machineNumber: machineNumber + 1 },
      { kind: 'setTimer', timer: 'startTimedOut', at: addPeriods(now, subject.policy.initTimeout, 1) },
    ],
    signals: [handWorkBack],
  }
}

/** A word about an earlier machine changes nothing. */
function isCurrent(
  { instance }: InState<Creating | Up | ShuttingDown>,
  { machineNumber }: { readonly machineNumber: number },
): boolean {
  return instance.state.machineNumber === machineNumber
}

/** Keeps count of who needs the machine. */
function countUsers({ instance }: Subject<ResourceInstance>, event: UserEvent): ResourceTransition {
  switch (event.kind) {
    case 'userBorn':
    case 'userReopened':
      return stayResource({ ...instance, openUsers: instance.openUsers + 1 })
    case 'userDue':
      return stayResource({ ...instance, dueUsers: instance.dueUsers + 1 })
    case 'userDone':
      return stayResource({
        ...instance,
        openUsers: instance.openUsers - 1,
        dueUsers: instance.dueUsers - (event.wasDue ? 1 : 0),
      })
    default:
      return assertNever(event)
  }
}

type UserEvent = Extract<Event, { kind: 'userBorn' | 'userDue' | 'userDone' | 'userReopened' }>

type ResourceTransition = Transition & { readonly next: ResourceInstance }

const stayResource = (next: ResourceInstance): ResourceTransition => ({ next, commands: [], signals: [] })

/** Nobody runs on it: asks whether anybody is to come before it lets go. */
const askIfIdle = (counted: ResourceTransition): Transition =>
  counted.next.openUsers === 0 ? also(counted, { signals: [{ kind: 'idle' }] }) : counted
/** Lets the machine go with the first user that failed where the definition says so, and else with the last one. */
function releaseUser(subject: InState<Creating | Up>, event: Extract<Event, { kind: 'userDone' }>): Transition {
  const counted = countUsers(subject, event)
  const isGivenUp = event.hasFailed && subject.policy.actionOnTaskFailure === 'terminate'
  if (!isGivenUp) return askIfIdle(counted)
  const error = resourceError('A task on this resource failed, and actionOnTaskFailure is terminate.')
  return followedBy(subject, counted, (after) => also(shutDown(after, finished), { signals: [tellUsers(error)] }))
}

/** The answer may come late: somebody may need the machine again by then. */
function shutDownUnneeded(subject: InState<Creating | Up>): Transition {
  return subject.instance.openUsers === 0 ? shutDown(subject, finished) : ignore(subject)
}

function endUnneeded(subject: InState<Waiting | Held | Retrying>, _event: Event, now: Instant): Transition {
  return subject.instance.openUsers === 0 ? end(subject, finished, now) : ignore(subject)
}

function shutDown({ instance }: Subject, outcome: Outcome): Transition {
  const { state } = instance
  if (state.kind !== 'creating' && state.kind !== 'up') return stay(instance)
  const { attempt, machineNumber } = state
  return {
    next: withState(instance, { kind: 'shuttingDown', attempt, machineNumber, outcome }),
    commands: [
      { kind: 'clearTimer', timer: 'startTimedOut' },
      { kind: 'clearTimer', timer: 'lifetimeOver' },
      { kind: 'terminateMachine', machineNumber },
    ],
    signals: [],
  }
}

/**
 * @source guide: dp-pipeline-status (TIMEDOUT)
 */
function outlive(subject: InState<Creating | Up>): Transition {
  return also(shutDown(subject, outlived), { signals: [tellUsers(lifetimeError)] })
}

function outliveUnmade(subject: InState<Retrying>, _event: Event, now: Instant): Transition {
  return also(end(subject, outlived, now), { signals: [tellUsers(lifetimeError)] })
}

/** Cancelled by itself it takes along what runs on it; cancelled with its pipeline, that is cancelled as well. */
function cancelMachine(subject: InState<Creating | Up>, { by }: Extract<Event, { kind: 'cancel' }>): Transition {
  return also(shutDown(subject, canceled(by)), { signals: usersOfCanceled(by) })
}

function cancelUnmade(
  subject: InState<Waiting | Held | Retrying>,
  { by }: Extract<Event, { kind: 'cancel' }>,
  now: Instant,
): Transition {
  return also(end(subject, canceled(by), now), { signals: usersOfCanceled(by) })
}

const usersOfCanceled = (by: CancelCause): readonly Signal[] =>
  by === 'deactivation' || by === 'deletion' ? [] : [tellUsers(resourceError('The resource has been cancelled.'))]

/** Finished by hand. Work that still needs a machine gets another one. */
function finishMachine(subject: InState<Creating | Up>): Transition {
  return shutDown(subject, finished)
}

function finishUnmade(subject: InState<Held | Retrying>, _event: Event, now: Instant): Transition {
  return endAndReturn(subject, finished, now)
}

/** The machine is gone. */
const settle = (subject: InState<ShuttingDown>, now: Instant): Transition =>
  endAndReturn(subject, subject.instance.state.outcome, now)

/** Ends; and if it is needed at that moment, waits again, which makes another machine. What the last one held goes back. */
function endAndReturn(subject: Subject<ResourceInstance>, outcome: Outcome, now: Instant): Transition {
  const ended = end(subject, outcome, now)
  if (!mayReturn(outcome) || subject.instance.dueUsers === 0) return ended
  return followedBy(subject, ended, ({ instance }) => ({ ...stay(waitAgain(instance)), signals: [handWorkBack] }))
}

/** Whether a resource that ended like this is made again for work that is due later. */
const mayReturn = ({ status, canceledBy }: Outcome): boolean =>
  status === 'FINISHED' || status === 'SKIPPED' || canceledBy === 'deactivation'

/** A user that is due while the machine goes gets another one, unless the resource has failed. */
function wantWhileGoing(subject: InState<ShuttingDown>, event: Extract<Event, { kind: 'userDue' }>): Transition {
  const counted = countUsers(subject, event)
  return refuseUsers(counted, subject.instance.state.outcome)
}

/** A user that is rerun needs the machine again, whatever it was shut down for. */
function wantAgain(subject: InState<ShuttingDown>, event: Extract<Event, { kind: 'userReopened' }>): Transition {
  const counted = countUsers(subject, event).next
  return stay(withState(counted, { ...subject.instance.state, outcome: finished }))
}

/** A user that is rerun brings the resource back; one that only now comes to be finds a resource that may not be made again. */
function comeBack(subject: InState<Ended>, event: Extract<Event, { kind: 'userDue' | 'userReopened' }>): Transition {
  const { state } = subject.instance
  const counted = countUsers(subject, event)
  if (event.kind === 'userReopened') {
    const isRerun = event.by === 'rerun' ? true : subject.instance.isRerun
    return stay({ ...waitAgain(counted.next), isRerun })
  }
  return mayReturn(state) ? stay({ ...waitAgain(counted.next), isRerun: false }) : refuseUsers(counted, state)
}

function refuseUsers(counted: Transition, outcome: Outcome): Transition {
  if (mayReturn(outcome)) return counted
  const error = outcome.error ?? resourceError(`The resource is ${outcome.status}.`)
  return also(counted, { signals: [tellUsers(error)] })
}

const waitAgain = (instance: Instance): Instance => ({ ...withState(instance, { kind: 'waiting' }), triesFailed: 0 })

/** What the deactivation cancelled waits again, for the work that goes on or is still to come. */
function reactivateResource(subject: InState<Ended>, _event: Event, now: Instant): Transition {
  if (subject.instance.state.canceledBy !== 'deactivation') return ignore(subject)
  return also(stay(waitAgain(subject.instance)), { commands: lateAgain(subject, now) })
}

/** Rerunning a resource reruns what ran on it; that in turn brings the resource back. */
function rerunUsers({ instance }: Subject): Transition {
  return also(stay(instance), { signals: [{ kind: 'users', event: { kind: 'rerun', by: 'resource' } }] })
}

const handWorkBack: Signal = { kind: 'users', event: { kind: 'runnerLost' } }

const tellUsers = (error: TaskError): Signal => ({ kind: 'users', event: { kind: 'resourceEnded', error } })

const resourceError = (message: string): TaskError => ({ id: 'Service_ResourceFailed', message, stackTrace: undefined })

const lifetimeError = resourceError('The resource has been terminated after terminateAfter.')

const outlived: Outcome = { ...failed(lifetimeError), status: 'TIMEDOUT' }
