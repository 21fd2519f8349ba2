import type { IncomingHttpHeaders } from 'node:http'
import { SerializationException, UnknownOperationException } from '../wire/errors.ts'
import { isOperationName, type OperationName } from '../wire/inputs.ts'

/** The API model's prefix, and the one that the guide prints. */
const targetPrefixes = ['DataPipeline.', 'DataPipeline_20121129.']

/** The protocol's content types; an answer has that of its request. */
const contentTypes = ['application/x-amz-json-1.1', 'application/x-amz-json-1.0'] as const

/**
 * The operation that a request is for.
 *
 * @throws UnknownOperationException when the target is missing or names no operation.
 * @throws SerializationException when the content type is another protocol's.
 * @source guide: dp-make-http-request; model: targetPrefix
 */
export function operationOf(headers: IncomingHttpHeaders): OperationName {
  const target = headers['x-amz-target']
  if (typeof target !== 'string') throw new UnknownOperationException("The header 'X-Amz-Target' is missing.")
  const operation = operationNamed(target)
  if (operation === undefined) throw new UnknownOperationException(`'${target}' names no operation of the service.`)
  if (contentTypeOf(headers) !== undefined) return operation
  throw new SerializationException(`The content type is '${headers['content-type']}', not '${contentTypes[0]}'.`)
}

/** The content type of an answer to a request: the same version of the protocol, the later one when the request is of neither. */
export const answerContentType = (headers: IncomingHttpHeaders): string => contentTypeOf(headers) ?? contentTypes[0]

function operationNamed(target: string): OperationName | undefined {
  const prefix = targetPrefixes.find((candidate) => target.startsWith(candidate))
  const name = prefix && target.slice(prefix.length)
  return name !== undefined && isOperationName(name) ? name : undefined
}

function contentTypeOf(headers: IncomingHttpHeaders): string | undefined {
  const essence = headers['content-type']?.split(';', 1)[0]
  return contentTypes.find((contentType) => contentType === essence)
}
