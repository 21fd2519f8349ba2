import { assertNever } from '../assert-never.ts'
import type { ObjectId } from '../definition/pipeline-object.ts'
import type { Instant } from '../instant.ts'
import type { Occurrence } from '../schedule/occurrence.ts'

/**
 * The status words of instances and attempts, as every client of the original knows them.
 *
 * @source guide: dp-pipeline-status
 */
export type Status =
  | 'WAITING_ON_DEPENDENCIES'
  | 'PAUSED'
  | 'WAITING_FOR_RUNNER'
  | 'CREATING'
  | 'RUNNING'
  | 'SHUTTING_DOWN'
  | EndStatus

/** The status words that end an instance. */
export type EndStatus = 'FINISHED' | 'FAILED' | 'CANCELED' | 'CASCADE_FAILED' | 'TIMEDOUT' | 'SKIPPED'

/** What went wrong with an attempt, as the task runner or the service reports it. */
export type TaskError = {
  /** A short word; task runners may not begin theirs with `Service_`. */
  readonly id: string
  readonly message: string
  readonly stackTrace: string | undefined
}

/** One try of an instance. */
export type Attempt = {
  /** Counted from 1 over the whole life of the instance, reruns included. */
  readonly number: number
  readonly status: Extract<Status, 'WAITING_FOR_RUNNER' | 'PAUSED' | 'CREATING' | 'RUNNING'> | EndStatus
  /** When it was first handed out or begun. */
  readonly startedAt: Instant | undefined
  readonly endedAt: Instant | undefined
  /** How often it has been handed to a runner. */
  readonly handOuts: number
  readonly hostname: string | undefined
  readonly error: TaskError | undefined
}

/**
 * Waits until its dependencies are satisfied. Moved on by the instances it depends on. If none of them ever finishes it waits for
 * ever, or until somebody cancels it or marks it finished.
 */
export type Waiting = { readonly kind: 'waiting' }

/**
 * Could run, but its component is paused. Moved on by RESUME. If nobody resumes, it stays.
 */
export type Paused = { readonly kind: 'paused'; readonly attempt: Attempt }

/**
 * Could begin without a task runner, but its component is paused. Moved on by RESUME. If nobody resumes, it stays.
 */
export type Held = { readonly kind: 'held' }

/**
 * Is offered to task runners. Moved on by a runner that polls for its worker group. If none polls, it stays.
 */
export type Queued = { readonly kind: 'queued'; readonly attempt: Attempt }

/**
 * Waits for `retryDelay` between two tries. Moved on by the timer `retryDue`, which is durable.
 */
export type Retrying = { readonly kind: 'retrying'; readonly retryAt: Instant }

/**
 * A task runner has it. Moved on by the runner's result. If the runner falls silent, the timer `leaseExpired` takes it back; if it
 * takes longer than `attemptTimeout`, the timer `attemptTimedOut` ends it.
 */
export type Running = {
  readonly kind: 'running'
  readonly attempt: Attempt
  /** The word that this hand-out's reports must carry. */
  readonly taskId: string
  readonly handedOutAt: Instant
  /** The latest report; until the first one the hand-out is not acknowledged. */
  readonly reportedAt: Instant | undefined
  /** Why the runner is to stop; it learns so from the answer to its next report. */
  readonly stop: StopReason | undefined
}

/** Why a running attempt is stopped before its runner has a result. */
export type StopReason = { readonly kind: 'canceled'; readonly by: CancelCause } | { readonly kind: 'attemptTimedOut' }

/** Who cancelled something. */
export type CancelCause = 'user' | 'deactivation' | 'deletion' | 'action' | 'cascade' | 'resource'

/**
 * The service asks again and again whether the precondition holds. Moved on by the performer of the check, and by the timer
 * `recheckDue`; ended by the timer `preconditionTimedOut`, where there is one.
 */
export type Checking = {
  readonly kind: 'checking'
  readonly attempt: Attempt
  /** The checks of this attempt that said "not yet". */
  readonly checkCount: number
  readonly checkedAt: Instant | undefined
  /** What the latest check said. */
  readonly message: string | undefined
}

/**
 * The provider makes the machine. Moved on by the provider's answer. If that does not come, the timer `startTimedOut` gives up.
 */
export type Creating = { readonly kind: 'creating'; readonly attempt: Attempt; readonly machineNumber: number }

/**
 * The machine is up. Moved on when the last activity that runs on it has ended, when it is lost, or by the timer `lifetimeOver`.
 */
export type Up = {
  readonly kind: 'up'
  readonly attempt: Attempt
  readonly machineNumber: number
  /** The provider's id of the machine. */
  readonly resourceId: string
}

/**
 * The provider destroys the machine. Moved on by the provider's answer, which is asked for until it comes.
 */
export type ShuttingDown = {
  readonly kind: 'shuttingDown'
  readonly attempt: Attempt
  readonly machineNumber: number
  readonly outcome: Outcome
}

/** How an instance ended, and why. */
export type Outcome = {
  readonly status: EndStatus
  readonly error: TaskError | undefined
  readonly canceledBy: CancelCause | undefined
  /** The failed dependency, for CASCADE_FAILED. */
  readonly cascadeFailedOn: ObjectId | undefined
}

/** Has ended. Moved on by RERUN only, or by a cascade of one. */
export type Ended = { readonly kind: 'ended'; readonly endedAt: Instant } & Outcome

type Common = {
  readonly id: ObjectId
  readonly componentId: ObjectId
  /** The version of the definition that it was made from. */
  readonly version: number
  readonly occurrence: Occurrence
  /** The object that a precondition guards. */
  readonly nodeId: ObjectId | undefined
  /** When the instance came to be. */
  readonly startedAt: Instant
  /** Dependencies that are not satisfied, failed ones included. */
  readonly openDependencies: number
  /** Dependencies that have failed. */
  readonly failedDependencies: number
  /** Attempts so far. */
  readonly attemptCount: number
  /** Attempts that failed since the instance was made or rerun. */
  readonly triesFailed: number
  /**
   * Whether it had ended and was set back, by hand or by a cascade. Such instances do not count towards `maxActiveInstances`.
   *
   * @source guide: dp-object-copyactivity
   * @defaultValue false
   */
  readonly isRerun?: boolean | undefined
}

/** An activity, or a precondition that a task runner checks. */
export type TaskInstance = Common & {
  readonly kind: 'task'
  readonly state: Waiting | Paused | Queued | Retrying | Running | Ended
}

/** A data node: it holds no work, it is there when its producers and preconditions are done. */
export type DataNodeInstance = Common & { readonly kind: 'dataNode'; readonly state: Waiting | Held | Ended }

/** A precondition that the service checks. */
export type CheckInstance = Common & {
  readonly kind: 'check'
  readonly state: Waiting | Held | Checking | Retrying | Ended
}

/** A machine for the work of one interval. */
export type ResourceInstance = Common & {
  readonly kind: 'resource'
  readonly state: Waiting | Held | Creating | Retrying | Up | ShuttingDown | Ended
  /** Instances that run on it, have come to be and have not ended. */
  readonly openUsers: number
  /** Those of them that are due: offered to its runner, running or between two tries. */
  readonly dueUsers: number
}

/** A component in one occurrence of its schedule. */
export type Instance = TaskInstance | DataNodeInstance | CheckInstance | ResourceInstance

/** The status word that clients see for a state. */
export function statusOf({ kind, state }: Instance): Status {
  switch (state.kind) {
    case 'waiting':
      return 'WAITING_ON_DEPENDENCIES'
    case 'paused':
    case 'held':
      return 'PAUSED'
    case 'queued':
      return 'WAITING_FOR_RUNNER'
    case 'retrying':
      return statusBetweenTries(kind)
    case 'creating':
      return 'CREATING'
    case 'running':
    case 'checking':
    case 'up':
      return 'RUNNING'
    case 'shuttingDown':
      return 'SHUTTING_DOWN'
    case 'ended':
      return state.status
    default:
      return assertNever(state)
  }
}

/** Between two tries, only what needs a task runner waits for one. */
function statusBetweenTries(kind: Instance['kind']): Status {
  if (kind === 'resource') return 'CREATING'
  return kind === 'check' ? 'RUNNING' : 'WAITING_FOR_RUNNER'
}

/** The attempt that an instance is at, if it has one open. */
export const openAttempt = ({ state }: Instance): Attempt | undefined =>
  'attempt' in state ? state.attempt : undefined
