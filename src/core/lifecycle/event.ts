import type { ObjectId } from '../definition/pipeline-object.ts'
import type { Instant } from '../instant.ts'
import type { Attempt, CancelCause, Instance, TaskError } from './instance.ts'
import type { RunPolicy } from './run-policy.ts'

/** The durable timers of an instance; each has at most one of a kind. A timer that fires is an event of the same kind. */
export type TimerKind =
  | 'retryDue'
  | 'recheckDue'
  | 'leaseExpired'
  | 'attemptTimedOut'
  | 'late'
  | 'preconditionTimedOut'
  | 'startTimedOut'
  | 'lifetimeOver'

/** What an instance knows of one dependency. */
export type DependencyState = 'open' | 'satisfied' | 'failed'

/** What can happen to an instance. */
export type Event =
  | { readonly kind: TimerKind }
  /** It has just been stored; its dependencies are counted. */
  | { readonly kind: 'created' }
  /** The schedule passes over it, because the pipeline was activated from a later time. */
  | { readonly kind: 'skip' }
  | {
      readonly kind: 'dependency'
      readonly source: ObjectId
      readonly from: DependencyState
      readonly to: DependencyState
    }
  | { readonly kind: 'handOut'; readonly taskId: string; readonly hostname: string | undefined }
  /** It cannot be handed out, for instance because an expression of it fails. */
  | { readonly kind: 'unrunnable'; readonly error: TaskError }
  | { readonly kind: 'report' }
  | {
      readonly kind: 'result'
      readonly status: 'FINISHED' | 'FAILED' | 'FALSE'
      readonly error: TaskError | undefined
    }
  | { readonly kind: 'checked'; readonly result: CheckOutcome }
  | { readonly kind: 'cancel'; readonly by: CancelCause }
  /** By hand, with the resource that it runs on, or with what it guards. `failedOn` is a dependency that has failed, if there is one but for preconditions. */
  | {
      readonly kind: 'rerun'
      readonly by: 'user' | 'resource' | 'cascade'
      readonly failedOn?: ObjectId | undefined
    }
  | { readonly kind: 'markFinished' }
  | { readonly kind: 'pause' }
  | { readonly kind: 'resume' }
  /** The pipeline is active again: what its deactivation cancelled goes on. */
  | { readonly kind: 'reactivate'; readonly failedOn?: ObjectId | undefined }
  /** The runner that has it is gone: it is offered to another one. */
  | { readonly kind: 'runnerLost' }
  /** The resource that it runs on will not come back. */
  | { readonly kind: 'resourceEnded'; readonly error: TaskError }
  /** An instance that is to run on this resource has come to be. */
  | { readonly kind: 'userBorn' }
  /** One of them waits for nothing but a runner. */
  | { readonly kind: 'userDue' }
  | { readonly kind: 'userDone'; readonly wasDue: boolean; readonly hasFailed: boolean }
  /** A user that had ended is open again: rerun, or taken up by an activation. */
  | { readonly kind: 'userReopened'; readonly by: 'rerun' | 'activation' }
  /** The answer to the signal `idle`: nothing is to come that will run on this resource. */
  | { readonly kind: 'unneeded' }
  | { readonly kind: 'machineUp'; readonly machineNumber: number; readonly resourceId: string }
  | { readonly kind: 'machineFailed'; readonly machineNumber: number; readonly message: string }
  | { readonly kind: 'machineLost'; readonly machineNumber: number; readonly message: string }
  | { readonly kind: 'machineGone'; readonly machineNumber: number }

/** What a check of a precondition found. */
export type CheckOutcome =
  | { readonly kind: 'met' }
  | { readonly kind: 'notYet'; readonly message: string }
  | { readonly kind: 'failed'; readonly error: TaskError }

/** What must be done because of a transition; stored with it, performed afterwards. */
export type Command =
  | { readonly kind: 'setTimer'; readonly timer: TimerKind; readonly at: Instant }
  | { readonly kind: 'clearTimer'; readonly timer: TimerKind }
  | { readonly kind: 'clearAllTimers' }
  | { readonly kind: 'recordAttempt'; readonly attempt: Attempt }
  | { readonly kind: 'check' }
  | { readonly kind: 'createMachine'; readonly machineNumber: number }
  | { readonly kind: 'terminateMachine'; readonly machineNumber: number }
  | { readonly kind: 'act'; readonly action: ObjectId; readonly cause: ActionCause }

/** What triggers an action. */
export type ActionCause = 'success' | 'fail' | 'late'

/** Events for the instances around this one; the caller knows which those are. */
export type Signal =
  /** To everything that depends on it. */
  | { readonly kind: 'dependents'; readonly to: DependencyState }
  /** To the resource that it runs on. */
  | { readonly kind: 'resource'; readonly event: Extract<Event, { kind: 'userDue' | 'userDone' | 'userReopened' }> }
  /** To whoever knows the schedule: nobody runs on this resource. The event `unneeded` comes back if nobody is to come either. */
  | { readonly kind: 'idle' }
  /** To everything that runs on it. */
  | { readonly kind: 'users'; readonly event: Extract<Event, { kind: 'runnerLost' | 'resourceEnded' | 'rerun' }> }
  /** To its preconditions. */
  | { readonly kind: 'preconditions'; readonly event: Extract<Event, { kind: 'cancel' | 'rerun' }> }

/** An instance, and what decides how it takes an event. */
export type Subject<I extends Instance = Instance> = {
  readonly instance: I
  readonly policy: RunPolicy
  /** Whether its component is paused. */
  readonly isPaused: boolean
}

/** The outcome of an event: the instance afterwards, and what follows from it. */
export type Transition = {
  readonly next: Instance
  readonly commands: readonly Command[]
  readonly signals: readonly Signal[]
}
