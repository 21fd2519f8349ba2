import { HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { isNotFound, requestS3 } from './s3-failure.ts'
import type { S3Uri } from './s3-uri.ts'

/** What S3 knows of an object; the size is in bytes. */
export type S3Object = { readonly uri: S3Uri; readonly sizeBytes: number }

/**
 * Looks an object up; `undefined` where there is no such object or no such bucket.
 *
 * @throws TaskFailure (S3RequestFailed) when S3 refuses to say or cannot be reached.
 */
export async function headObject(s3: S3Client, uri: S3Uri, signal?: AbortSignal): Promise<S3Object | undefined> {
  return requestS3('HeadObject', uri, async () => {
    try {
      const command = new HeadObjectCommand({ Bucket: uri.bucket, Key: uri.key })
      const { ContentLength = 0 } = await s3.send(command, abortable(signal))
      return { uri, sizeBytes: ContentLength }
    } catch (error) {
      if (isNotFound(error)) return undefined
      throw error
    }
  })
}

const abortable = (signal: AbortSignal | undefined) => (signal === undefined ? {} : { abortSignal: signal })
