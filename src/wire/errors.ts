/** An error that the API answers with: an exception's name, its HTTP status and its message. */
export abstract class ServiceException extends Error {
  /** The HTTP status of the answer. */
  abstract readonly status: number

  /** What precedes the name in `__type`. */
  readonly namespace: string = 'com.amazon.setl.webservice'

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

/** What every AWS service of this protocol answers before an operation has been reached; no model lists these. */
abstract class CommonException extends ServiceException {
  override readonly namespace: string = 'com.amazon.coral.service'
  readonly status: number = 400
}

/** The request carries no signature. */
export class MissingAuthenticationTokenException extends CommonException {}

/** The request carries a signature of which a part is missing or malformed. */
export class IncompleteSignatureException extends CommonException {}

/** No one has this access key. */
export class UnrecognizedClientException extends CommonException {}

/** The signature is not the request's, or not of this time. */
export class InvalidSignatureException extends CommonException {}

/** The caller is known, and may not do this. */
export class AccessDeniedException extends CommonException {}

/** The target names no operation. */
export class UnknownOperationException extends CommonException {}

/** The body is not JSON, or a member is not of its type. */
export class SerializationException extends CommonException {}

/** The body is longer than the operation allows. */
export class RequestEntityTooLargeException extends CommonException {
  override readonly status = 413
}

/** The caller calls too often; the call may be repeated later. */
export class ThrottlingException extends CommonException {
  override readonly namespace = 'com.amazon.coral.availability'
}

/**
 * A member is missing, too long, too short, or not of its pattern.
 *
 * @source observed: 6
 */
export class ValidationException extends CommonException {
  override readonly namespace = 'com.amazon.coral.validate'
}

/** To a client, an error of the service that has no class of its own here. */
export class UnknownServiceException extends ServiceException {
  readonly status: number
  readonly #name: string

  constructor(answer: { name: string; status: number; message: string }) {
    super(answer.message)
    this.#name = answer.name
    this.status = answer.status
  }

  override get name(): string {
    return this.#name
  }
}
