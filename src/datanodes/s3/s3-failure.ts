import { S3ServiceException } from '@aws-sdk/client-s3'
import { TaskFailure } from '../../core/task-failure.ts'
import { formatS3Uri, type S3Uri } from './s3-uri.ts'

/**
 * Performs one request to S3 and words its failure.
 *
 * @param operation - what is done to `uri`, as S3 names it: `GetObject`.
 * @throws TaskFailure (S3RequestFailed) when S3 refuses or cannot be reached; an abort passes through as it is.
 */
export async function requestS3<Answer>(operation: string, uri: S3Uri, send: () => Promise<Answer>): Promise<Answer> {
  try {
    return await send()
  } catch (error) {
    throw toS3Failure(operation, uri, error)
  }
}

/** The failure to report for an error of the S3 client; an abort, and what is a failure already, come back as they are. */
export function toS3Failure(operation: string, uri: S3Uri, error: unknown): unknown {
  if (error instanceof TaskFailure || isAbort(error)) return error
  return new TaskFailure('S3RequestFailed', `${operation} of ${formatS3Uri(uri)} failed: ${describe(error)}`, {
    cause: error,
  })
}

/** Whether S3 says that there is no such object or bucket. */
export const isNotFound = (error: unknown): boolean =>
  error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404

const isAbort = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError'

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (!(error instanceof S3ServiceException)) return error.message || error.name
  const { httpStatusCode, requestId } = error.$metadata
  return (
    `Status Code: ${httpStatusCode}, AWS Service: Amazon S3, AWS Request ID: ${requestId}, ` +
    `AWS Error Code: ${error.name}, AWS Error Message: ${error.message}`
  )
}
