import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3'
import type { S3Object } from './head-object.ts'
import { requestS3 } from './s3-failure.ts'
import type { S3Uri } from './s3-uri.ts'

/** How a listing is fetched. */
export type ListOptions = {
  readonly signal?: AbortSignal | undefined
  /** Objects asked for with one request, 1 to 1000. @defaultValue 1000 */
  readonly pageSize?: number
}

/**
 * Every object whose key begins with that of `prefix`, in the order in which S3 lists them: by the bytes of the key. Pages are
 * fetched as they are needed, so that a listing of any length takes constant memory.
 *
 * @throws TaskFailure (S3RequestFailed) when the bucket is missing, or S3 refuses or cannot be reached.
 */
export async function* listObjects(s3: S3Client, prefix: S3Uri, options: ListOptions = {}): AsyncGenerator<S3Object> {
  let token: string | undefined
  do {
    const page = await requestS3('ListObjects', prefix, () =>
      s3.send(listCommand(prefix, options, token), abortable(options)),
    )
    const decode = page.EncodingType === 'url' ? decodeKey : (key: string) => key
    for (const { Key, Size = 0 } of page.Contents ?? []) {
      if (Key !== undefined) yield { uri: { bucket: prefix.bucket, key: decode(Key) }, sizeBytes: Size }
    }
    token = page.IsTruncated === true ? page.NextContinuationToken : undefined
  } while (token !== undefined)
}

// The encoding carries keys with characters that XML cannot hold; a server that does not know it says so by not repeating it.
const listCommand = ({ bucket, key }: S3Uri, { pageSize = 1000 }: ListOptions, token: string | undefined) =>
  new ListObjectsV2Command({
    Bucket: bucket,
    Prefix: key,
    MaxKeys: pageSize,
    EncodingType: 'url',
    ...(token === undefined ? {} : { ContinuationToken: token }),
  })

const decodeKey = (key: string): string => decodeURIComponent(key.replaceAll('+', ' '))

const abortable = ({ signal }: ListOptions) => (signal === undefined ? {} : { abortSignal: signal })
