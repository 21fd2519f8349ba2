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
  markEndedFinished,
  markFinished,
  reactivate,
  retryOrFail,
  skip,
  withState,
} from './ending.ts'
import type { Command, Event, Signal, Subject, Transition } from './event.ts'
import type {
  Attempt,
  CancelCause,
  Creating,
  Ended,
  Instance,
  Outcome,
  ResourceInstance,
  ShuttingDown,
  TaskError,
  Up,
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
    skip,
    userDue: countUsers,
    userDone: countUsers,
    userReopened: countUsers,
    machineGone: ignore,
    dependency: countDependency,
    late: actLate,
    cancel: cancelUnmade,
    markFinished,
    reactivate: ignore,
  },
  creating: {
    machineUp: takeMachine,
    machineFailed: (subject, event, now) =>
      isCurrent(subject, event) ? failStart(subject, event, now) : ignore(subject),
    machineLost: replaceMachine,
    startTimedOut: failLateStart,
    lifetimeOver: outlive,
    userDue: countUsers,
    userDone: releaseUser,
    userReopened: countUsers,
    machineGone: ignore,
    dependency: countDependency,
    late: actLate,
    cancel: cancelMachine,
    markFinished: (subject) => shutDown(subject, finished),
    reactivate: ignore,
  },
  retrying: {
    retryDue: create,
    lifetimeOver: ignore,
    userDue: countUsers,
    userDone: releaseRetrying,
    userReopened: countUsers,
    machineUp: ignore,
    machineFailed: ignore,
    machineLost: ignore,
    machineGone: ignore,
    dependency: countDependency,
    late: actLate,
    cancel: cancelUnmade,
    markFinished,
    reactivate: ignore,
  },
  up: {
    machineUp: ignore,
    machineLost: replaceMachine,
    machineFailed: ignore,
    lifetimeOver: outlive,
    userDue: countUsers,
    userDone: releaseUser,
    userReopened: countUsers,
    machineGone: ignore,
    dependency: countDependency,
    late: actLate,
    cancel: cancelMachine,
    markFinished: (subject) => shutDown(subject, finished),
    reactivate: ignore,
  },
  shuttingDown: {
    machineGone: (subject, event, now) => (isCurrent(subject, event) ? settle(subject, now) : ignore(subject)),
    machineUp: ignore,
    machineFailed: ignore,
    machineLost: ignore,
    userDue: countUsers,
    userDone: countUsers,
    userReopened: wantAgain,
    dependency: countDependency,
    late: actLate,
    lifetimeOver: ignore,
    cancel: ignore,
    markFinished: ignore,
    reactivate: ignore,
  },
  ended: {
    userDue: comeBack,
    userDone: countUsers,
    userReopened: comeBack,
    rerun: rerunUsers,
    machineUp: ignore,
    machineFailed: ignore,
    machineLost: ignore,
    machineGone: ignore,
    dependency: countDependencyAfterEnd,
    reactivate,
    markFinished: markEndedFinished,
    cancel: ignore,
  },
}

/** What a resource does while it waits: it starts when a user is due, and is not needed once all of them have ended. */
export function beginResource(subject: Subject<ResourceInstance>, now: Instant): Transition {
  const { dueUsers, openUsers } = subject.instance
  if (dueUsers === 0) return openUsers === 0 ? end(subject, finished, now) : stay(subject.instance)
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

/** The machine could not be had: destroys what there may be of it, and tries again. */
function failStart(
  subject: Subject,
  { machineNumber, message }: { readonly machineNumber: number; readonly message: string },
  now: Instant,
): Transition {
  const { policy, instance } = subject
  const error = resourceError(`Unable to create resource for ${instance.id} due to: ${message}`)
  const once = policy.actionOnResourceFailure === 'retryNone' ? { ...policy, retriesMax: 0 } : policy
  const outcome = retryOrFail({ ...subject, policy: once }, error, now)
  const users = outcome.next.state.kind === 'ended' ? [tellUsers(error)] : []
  return also(outcome, { commands: [{ kind: 'terminateMachine', machineNumber }], signals: users })
}

function failLateStart(subject: InState<Creating>, _event: Event, now: Instant): Transition {
  const { machineNumber } = subject.instance.state
  return failStart(subject, { machineNumber, message: 'the machine was not up within initTimeout.' }, now)
}

/** A machine that ended by itself takes no try: another one takes its place, and its work is handed out again. */
function replaceMachine(
  subject: InState<Creating | Up>,
  event: Extract<Event, { kind: 'machineLost' }>,
  now: Instant,
): Transition {
  if (!isCurrent(subject, event)) return ignore(subject)
  const { attempt, machineNumber } = subject.instance.state
  const replaced: readonly Signal[] = [{ kind: 'users', event: { kind: 'runnerLost' } }]
  const isExhausted = (machineNumber + 1) % (replacementsMax + 1) === 0
  if (isExhausted) return also(failStart(subject, event, now), { signals: replaced })
  const again: Attempt = { ...attempt, status: 'CREATING', hostname: undefined }
  return {
    next: withState(subject.instance, { kind: 'creating', attempt: again, machineNumber: machineNumber + 1 }),
    commands: [
      { kind: 'terminateMachine', machineNumber },
      { kind: 'recordAttempt', attempt: again },
      { kind: 'createMachine', machineNumber: machineNumber + 1 },
      { kind: 'setTimer', timer: 'startTimedOut', at: addPeriods(now, subject.policy.initTimeout, 1) },
    ],
    signals: replaced,
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
function countUsers({ instance }: Subject<ResourceInstance>, event: UserEvent): Transition {
  switch (event.kind) {
    case 'userDue':
      return stay({ ...instance, dueUsers: instance.dueUsers + 1 })
    case 'userReopened':
      return stay({ ...instance, openUsers: instance.openUsers + 1 })
    case 'userDone':
      return stay({
        ...instance,
        openUsers: instance.openUsers - 1,
        dueUsers: instance.dueUsers - (event.wasDue ? 1 : 0),
      })
    default:
      return assertNever(event)
  }
}

type UserEvent = Extract<Event, { kind: 'userDue' | 'userDone' | 'userReopened' }>

/** Lets the machine go with its last user, or with the first one that failed where the definition says so. */
function releaseUser(subject: InState<Creating | Up>, event: Extract<Event, { kind: 'userDone' }>): Transition {
  const counted = countUsers(subject, event)
  return followedBy(subject, counted, (after) => {
    const { instance, policy } = after
    if (instance.kind !== 'resource') return stay(instance)
    if (instance.openUsers === 0) return shutDown(after, finished)
    const isGivenUp = event.hasFailed && policy.actionOnTaskFailure === 'terminate'
    const error = resourceError('A task on this resource failed, and actionOnTaskFailure is terminate.')
    return isGivenUp ? also(shutDown(after, finished), { signals: [tellUsers(error)] }) : stay(instance)
  })
}

function releaseRetrying(
  subject: Subject<ResourceInstance>,
  event: Extract<Event, { kind: 'userDone' }>,
  now: Instant,
): Transition {
  return followedBy(subject, countUsers(subject, event), (after) =>
    after.instance.kind === 'resource' && after.instance.openUsers === 0
      ? end(after, finished, now)
      : stay(after.instance),
  )
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
  const error = resourceError('The resource has been terminated after terminateAfter.')
  const down = shutDown(subject, { ...failed(error), status: 'TIMEDOUT' })
  return also(down, { signals: [tellUsers(error)] })
}

/** Cancelled by itself it takes along what runs on it; cancelled with its pipeline, that is cancelled as well. */
function cancelMachine(subject: InState<Creating | Up>, { by }: Extract<Event, { kind: 'cancel' }>): Transition {
  return also(shutDown(subject, canceled(by)), { signals: usersOfCanceled(by) })
}

function cancelUnmade(
  subject: Subject<ResourceInstance>,
  { by }: Extract<Event, { kind: 'cancel' }>,
  now: Instant,
): Transition {
  return also(end(subject, canceled(by), now), { signals: usersOfCanceled(by) })
}

const usersOfCanceled = (by: CancelCause): readonly Signal[] =>
  by === 'deactivation' || by === 'deletion' ? [] : [tellUsers(resourceError('The resource has been cancelled.'))]

/** The machine is gone. If it is needed again by then, another one is made. */
function settle(subject: InState<ShuttingDown>, now: Instant): Transition {
  const { openUsers, state } = subject.instance
  if (state.outcome.status !== 'FINISHED' || openUsers === 0) return end(subject, state.outcome, now)
  return followedBy(subject, end(subject, state.outcome, now), ({ instance }) => stay(waitAgain(instance)))
}

/** A user that is rerun needs the machine again, whatever it was shut down for. */
function wantAgain(subject: InState<ShuttingDown>, event: Extract<Event, { kind: 'userReopened' }>): Transition {
  const counted = countUsers(subject, event).next
  return stay(withState(counted, { ...subject.instance.state, outcome: finished }))
}

/** A user that is rerun brings the resource back; one that only now comes to be finds a resource that will not be made again. */
function comeBack(subject: InState<Ended>, event: UserEvent): Transition {
  const { state } = subject.instance
  const counted = countUsers(subject, event)
  if (event.kind === 'userReopened' || state.status === 'FINISHED') return stay(waitAgain(counted.next))
  const error = state.error ?? resourceError(`The resource is ${state.status}.`)
  return also(counted, { signals: [tellUsers(error)] })
}

const waitAgain = (instance: Instance): Instance => ({ ...withState(instance, { kind: 'waiting' }), triesFailed: 0 })

/** Rerunning a resource reruns what ran on it; that in turn brings the resource back. */
function rerunUsers({ instance }: Subject): Transition {
  return also(stay(instance), { signals: [{ kind: 'users', event: { kind: 'rerun', by: 'user' } }] })
}

const tellUsers = (error: TaskError): Signal => ({ kind: 'users', event: { kind: 'resourceEnded', error } })

const resourceError = (message: string): TaskError => ({ id: 'Service_ResourceFailed', message, stackTrace: undefined })
