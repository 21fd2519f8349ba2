import { crc32 } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import { InternalServiceError, ServiceException } from '../wire/errors.ts'
import { answerContentType } from './target.ts'

/** Answers with the output of an operation, or with an empty body where it has none. */
export function respond(reply: FastifyReply, output: object | undefined): FastifyReply {
  return send(reply, output === undefined ? '' : JSON.stringify(output))
}

/**
 * Answers with an exception of the service. Whatever else was thrown is a fault of ours: it is logged, and the caller is told no more
 * than the id under which to find it.
 *
 * @source observed: 1.7
 */
export function respondError(error: unknown, reply: FastifyReply, log: Logger): FastifyReply {
  const exception = error instanceof ServiceException ? error : toInternalServiceError(error, reply.request, log)
  const { name, namespace, message, status } = exception
  return send(reply.status(status), JSON.stringify({ __type: `${namespace}#${name}`, message }))
}

function toInternalServiceError(error: unknown, request: FastifyRequest, log: Logger): InternalServiceError {
  const target = request.headers['x-amz-target']
  log.error({ err: error, requestId: request.id, target }, 'a request failed for a reason of our own')
  return new InternalServiceError(`The service failed. Its log says why, under the request id ${request.id}.`)
}

function send(reply: FastifyReply, text: string): FastifyReply {
  // As bytes, because to a text Fastify would add a charset in the content type, which the original does not have.
  const body = Buffer.from(text)
  return reply
    .header('x-amzn-RequestId', reply.request.id)
    .header('x-amz-crc32', crc32(body))
    .header('content-type', answerContentType(reply.request.headers))
    .send(body)
}
