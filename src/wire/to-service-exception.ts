import { z } from 'zod'
import * as errors from './errors.ts'
import { parseJson } from './json.ts'
import type { TransportAnswer } from './transport.ts'

/** The exception that an answer with an error status stands for. */
export function toServiceException(answer: TransportAnswer): errors.ServiceException {
  const { __type: type, message, Message } = decodeErrorBody(answer.body)
  const name = type?.slice(type.indexOf('#') + 1) ?? 'UnknownError'
  const text = message ?? Message ?? `The service answered with HTTP status ${answer.status}.`
  const exception = exceptions.get(name)
  return exception === undefined
    ? new errors.UnknownServiceException({ name, status: answer.status, message: text })
    : new exception(text)
}

const exceptions = new Map(
  [
    errors.AccessDeniedException,
    errors.IncompleteSignatureException,
    errors.InternalServiceError,
    errors.InvalidRequestException,
    errors.InvalidSignatureException,
    errors.MissingAuthenticationTokenException,
    errors.PipelineDeletedException,
    errors.PipelineNotFoundException,
    errors.RequestEntityTooLargeException,
    errors.SerializationException,
    errors.TaskNotFoundException,
    errors.ThrottlingException,
    errors.UnknownOperationException,
    errors.UnrecognizedClientException,
    errors.ValidationException,
  ].map((exception) => [exception.name, exception]),
)

// AWS spells the message's key with a capital where the exception is not the service's own.
const ErrorBody = z.object({
  __type: z.string().optional(),
  message: z.string().optional(),
  Message: z.string().optional(),
})

function decodeErrorBody(body: string): z.infer<typeof ErrorBody> {
  try {
    return ErrorBody.safeParse(parseJson(body)).data ?? {}
  } catch {
    // What stands between client and service, such as a load balancer, answers in HTML; the status is then all there is to know.
    return {}
  }
}
