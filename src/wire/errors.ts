/** An error that the API answers with: one of AWS's exceptions, its HTTP status and its message. */
export abstract class ServiceException extends Error {
  /** The HTTP status of the answer. */
  abstract readonly status: number

  override get name(): string {
    return this.constructor.name
  }
}

/**
 * The request is malformed, or not possible in the pipeline's state.
 *
 * @source model: InvalidRequestException
 */
export class InvalidRequestException extends ServiceException {
  readonly status = 400
}

/**
 * No pipeline has this id, or the caller may not see it.
 *
 * @source model: PipelineNotFoundException
 */
export class PipelineNotFoundException extends ServiceException {
  readonly status = 400
}

/**
 * The pipeline has been deleted.
 *
 * @source model: PipelineDeletedException
 */
export class PipelineDeletedException extends ServiceException {
  readonly status = 400
}

/**
 * No hand-out of a task has this id.
 *
 * @source model: TaskNotFoundException
 */
export class TaskNotFoundException extends ServiceException {
  readonly status = 400
}

/**
 * The service failed; the call may be repeated.
 *
 * @source model: InternalServiceError
 */
export class InternalServiceError extends ServiceException {
  readonly status = 500
}
