/**
 * What the service makes of a failure: `retryable` uses up a try. `terminal` ends the instance, because it would end the same way
 * however often the attempt is repeated: nothing but an edit of the definition or of the data can help. `returned` is none of the
 * task's doing: the same attempt is offered again, and costs no try.
 */
export type FailureKind = 'retryable' | 'terminal' | 'returned'

/** The ways in which a task fails, by the `errorId` that its task runner reports. */
const failureKinds = {
  /** A command, script or step ended with a status other than 0, or was killed. */
  CommandFailed: 'retryable',
  /** S3 refused a request, or could not be reached. */
  S3RequestFailed: 'retryable',
  /** The attempt used up its `attemptTimeout`. */
  AttemptTimedOut: 'retryable',
  /** The task runner was stopped while the attempt ran. */
  TaskRunnerStopped: 'returned',
  /** The task runner or its machine is at fault: a full disk, a bug. */
  TaskRunnerFault: 'retryable',
  /** A field is missing, or holds something that cannot be worked with. */
  InvalidField: 'terminal',
  /** Data is not in the format that its data node declares. */
  MalformedRecord: 'terminal',
  /** The object's type, or something it asks for, is not built into the task runner. */
  Unsupported: 'terminal',
} as const satisfies Readonly<Record<string, FailureKind>>

/** The `errorId` of a failure that the task runner of this project reports. */
export type FailureId = keyof typeof failureKinds

/**
 * What becomes of a task that failed with this `errorId`. Whatever other task runners report uses up a try, as it always did.
 *
 * @source ours: differences#failures-that-are-not-retried
 */
export const failureKindOf = (errorId: string): FailureKind =>
  Object.entries(failureKinds).find(([id]) => id === errorId)?.[1] ?? 'retryable'

/**
 * Why a task failed, worded for the author of the definition: what happened, to what, what to do next.
 *
 * @source model: SetTaskStatusInput (`errorId` must not begin with `Service_`)
 */
export class TaskFailure extends Error {
  override readonly name = 'TaskFailure'
  readonly errorId: FailureId
  readonly kind: FailureKind

  constructor(errorId: FailureId, message: string, options?: { readonly cause: unknown }) {
    super(message, options)
    this.errorId = errorId
    this.kind = failureKinds[errorId]
  }
}
