/**
 * The ways in which a task fails, by the `errorId` that its task runner reports. `terminal` ones end the same way however often
 * the attempt is repeated, because nothing but an edit of the definition or of the data can help.
 */
const failureKinds = {
  /** A command, script or step ended with a status other than 0, or was killed. */
  CommandFailed: 'retryable',
  /** S3 refused a request, or could not be reached. */
  S3RequestFailed: 'retryable',
  /** The attempt used up its `attemptTimeout`. */
  AttemptTimedOut: 'retryable',
  /** The task runner was stopped while the attempt ran. */
  TaskRunnerStopped: 'retryable',
  /** The task runner or its machine is at fault: a full disk, a bug. */
  TaskRunnerFault: 'retryable',
  /** A field is missing, or holds something that cannot be worked with. */
  InvalidField: 'terminal',
  /** Data is not in the format that its data node declares. */
  MalformedRecord: 'terminal',
  /** The object's type, or something it asks for, is not built into the task runner. */
  Unsupported: 'terminal',
} as const

/** The `errorId` of a failure that the task runner of this project reports. */
export type FailureId = keyof typeof failureKinds

/** Whether a failure that was reported with this `errorId` is not worth another attempt. Ids of other task runners are. */
export const isTerminalFailure = (errorId: string): boolean =>
  Object.entries(failureKinds).some(([id, kind]) => id === errorId && kind === 'terminal')

/**
 * Why a task failed, worded for the author of the definition: what happened, to what, what to do next.
 *
 * @source model: SetTaskStatusInput (`errorId` must not begin with `Service_`)
 */
export class TaskFailure extends Error {
  override readonly name = 'TaskFailure'
  readonly errorId: FailureId
  readonly kind: 'retryable' | 'terminal'

  constructor(errorId: FailureId, message: string, options?: { readonly cause: unknown }) {
    super(message, options)
    this.errorId = errorId
    this.kind = failureKinds[errorId]
  }
}
