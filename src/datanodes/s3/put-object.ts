import { Readable } from 'node:stream'
import type { S3Client } from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import { requestS3 } from './s3-failure.ts'
import type { S3Uri } from './s3-uri.ts'

/**
 * How S3 encrypts what it stores.
 *
 * @source guide: dp-object-s3datanode
 */
export type Encryption = 'SERVER_SIDE_ENCRYPTION' | 'NONE'

/** What is stored, and how. */
export type PutRequest = {
  readonly body: Readable | Buffer
  readonly encryption: Encryption
  readonly signal: AbortSignal
  /** Bytes; no more than these will come, where a bound is known. It sizes the parts. */
  readonly sizeBytesMax?: number | undefined
}

/** Parts of one upload that are under way at once. */
const PARTS_IN_FLIGHT = 3

/** S3 accepts parts of 5 MiB and more; larger ones cost fewer requests and more memory. */
const PART_BYTES_MIN = 8 * 1024 * 1024

/** For a stream of unknown length: the 10,000 parts that S3 takes make 156 GiB. */
const PART_BYTES_UNKNOWN = 16 * 1024 * 1024

/** S3 takes 10,000 parts; the difference is a reserve. */
const PARTS_MAX = 9_000

/**
 * Stores a stream as an object, in parts when it is longer than one. Memory is bounded by the parts in flight, and an object appears
 * whole or not at all.
 *
 * @throws TaskFailure (S3RequestFailed) when S3 refuses or cannot be reached; whatever the stream fails with, as it is.
 */
export async function putObject(s3: S3Client, uri: S3Uri, request: PutRequest): Promise<void> {
  const { body, encryption, signal } = request
  signal.throwIfAborted()
  const bodyFailure = body instanceof Readable ? watchFailure(body) : undefined
  const upload = new Upload({
    client: s3,
    params: { Bucket: uri.bucket, Key: uri.key, Body: body, ...encryptionParameters(encryption) },
    queueSize: PARTS_IN_FLIGHT,
    partSize: partSize(request.sizeBytesMax),
  })
  const abort = () => void upload.abort()
  signal.addEventListener('abort', abort, { once: true })
  try {
    await requestS3('PutObject', uri, () => upload.done())
  } catch (error) {
    // A server that cannot abort an upload in parts makes the client report that, and hide why it wanted to.
    throw bodyFailure?.() ?? error
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

/** The parameters that ask S3 for encryption at rest. */
export const encryptionParameters = (encryption: Encryption): { ServerSideEncryption?: 'AES256' } =>
  encryption === 'NONE' ? {} : { ServerSideEncryption: 'AES256' }

function watchFailure(body: Readable): () => unknown {
  let failure: unknown
  body.once('error', (error) => {
    failure = error
  })
  return () => failure
}

const partSize = (sizeBytesMax: number | undefined): number =>
  sizeBytesMax === undefined ? PART_BYTES_UNKNOWN : Math.max(PART_BYTES_MIN, Math.ceil(sizeBytesMax / PARTS_MAX))
