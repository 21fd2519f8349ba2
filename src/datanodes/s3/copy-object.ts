import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  type S3Client,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3'
import { forEachConcurrently } from '../for-each-concurrently.ts'
import { getObject } from './get-object.ts'
import type { S3Object } from './head-object.ts'
import { type Encryption, encryptionParameters, putObject } from './put-object.ts'
import { isNotFound, requestS3 } from './s3-failure.ts'
import type { S3Uri } from './s3-uri.ts'

/** Which object goes where. */
export type CopyRequest = {
  readonly source: S3Object
  readonly target: S3Uri
  readonly encryption: Encryption
  readonly signal: AbortSignal
  /** Bytes; larger objects are copied in parts. @defaultValue 5 GiB, the most that S3 copies at once */
  readonly singleCopyBytesMax?: number
}

const GIB = 1024 ** 3

/** Parts of one copy that are under way at once. */
const PARTS_IN_FLIGHT = 8

/** 10,000 parts of this size make 5,000 GiB, the largest object that S3 holds. */
const PART_BYTES = GIB / 2

/**
 * Copies an object inside S3: the bytes do not come here.
 *
 * @throws TaskFailure (S3RequestFailed) when the source is missing, or S3 refuses or cannot be reached.
 */
export async function copyObject(s3: S3Client, request: CopyRequest): Promise<void> {
  const { source, target, signal, singleCopyBytesMax = 5 * GIB } = request
  await requestS3('CopyObject', source.uri, async () => {
    if (source.sizeBytes > singleCopyBytesMax) return copyInParts(s3, request, Math.min(PART_BYTES, singleCopyBytesMax))
    try {
      await s3.send(new CopyObjectCommand({ ...targetParameters(request), CopySource: copySource(source.uri) }), {
        abortSignal: signal,
      })
    } catch (error) {
      // Servers disagree on which escapes to undo in the name of the source. Where one does not find it, the bytes come this way.
      if (!isNotFound(error)) throw error
      const body = await getObject(s3, source.uri, signal)
      await putObject(s3, target, { ...request, body, sizeBytesMax: source.sizeBytes })
    }
  })
}

async function copyInParts(s3: S3Client, request: CopyRequest, partBytes: number): Promise<void> {
  const { source, target, signal } = request
  const upload = { Bucket: target.bucket, Key: target.key }
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(targetParameters(request)), {
    abortSignal: signal,
  })
  const etags = new Map<number, string | undefined>()
  try {
    await forEachConcurrently(ranges(source.sizeBytes, partBytes), PARTS_IN_FLIGHT, async ({ partNumber, range }) => {
      const part = { ...upload, UploadId, PartNumber: partNumber, CopySource: copySource(source.uri) }
      const command = new UploadPartCopyCommand({ ...part, CopySourceRange: range })
      const { CopyPartResult } = await s3.send(command, { abortSignal: signal })
      etags.set(partNumber, CopyPartResult?.ETag)
    })
    const Parts = [...etags].sort(([a], [b]) => a - b).map(([PartNumber, ETag]) => ({ PartNumber, ETag }))
    await s3.send(new CompleteMultipartUploadCommand({ ...upload, UploadId, MultipartUpload: { Parts } }), {
      abortSignal: signal,
    })
  } catch (error) {
    // Parts that are left behind cost money but do no harm; why the copy failed matters more than why this did.
    await s3.send(new AbortMultipartUploadCommand({ ...upload, UploadId })).catch(() => undefined)
    throw error
  }
}

const targetParameters = ({ target, encryption }: CopyRequest) => ({
  Bucket: target.bucket,
  Key: target.key,
  ...encryptionParameters(encryption),
})

// A header is no path: S3 undoes one level of escapes in it, in which a plus sign would be a blank and a question mark a version.
const copySource = ({ bucket, key }: S3Uri): string =>
  `${bucket}/${encodeURI(key).replaceAll(/[?#+]/g, (character) => encodeURIComponent(character))}`

function* ranges(sizeBytes: number, partBytes: number): Generator<{ partNumber: number; range: string }> {
  for (let start = 0, partNumber = 1; start < sizeBytes; start += partBytes, partNumber++) {
    yield { partNumber, range: `bytes=${start}-${Math.min(start + partBytes, sizeBytes) - 1}` }
  }
}
