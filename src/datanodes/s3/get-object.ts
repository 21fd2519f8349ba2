import { Readable } from 'node:stream'
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { requestS3 } from './s3-failure.ts'
import type { S3Uri } from './s3-uri.ts'

/**
 * Opens an object for reading. The stream must be read to its end or destroyed; it fails when the connection does.
 *
 * @throws TaskFailure (S3RequestFailed) when the object is missing, or S3 refuses or cannot be reached.
 */
export async function getObject(s3: S3Client, uri: S3Uri, signal: AbortSignal): Promise<Readable> {
  return requestS3('GetObject', uri, async () => {
    const command = new GetObjectCommand({ Bucket: uri.bucket, Key: uri.key })
    const { Body } = await s3.send(command, { abortSignal: signal })
    return Body instanceof Readable ? Body : Readable.from([])
  })
}
