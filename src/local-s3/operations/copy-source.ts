import type { Readable } from 'node:stream'
import type { StoredObject } from '../bucket.ts'
import { headerOf, type S3Call } from '../call.ts'
import { judge } from '../conditions.ts'
import { S3Error } from '../s3-error.ts'

/** How much is read from the disk at a time, in bytes. */
const READ_BYTES = 1024 * 1024

/** The object that a copy reads. It must be closed, whether or not its stream was used. */
export type CopySource = {
  readonly bucket: string
  readonly object: StoredObject
  /** The object's bytes, or the range of them that the request names. */
  stream(): Readable
  close(): Promise<void>
}

/** @throws S3Error when the header `x-amz-copy-source` names nothing that can be copied. */
export async function openCopySource(call: S3Call): Promise<CopySource> {
  const { bucket, key } = parseCopySource(headerOf(call, 'x-amz-copy-source') ?? '')
  const opened = await (await call.buckets.get(bucket)).open(key)
  if (opened === undefined) throw new S3Error('NoSuchKey')
  const { object, file } = opened
  if (judge(call, 'x-amz-copy-source-', object) !== 'wanted') {
    await file.close()
    throw new S3Error('PreconditionFailed')
  }
  return {
    bucket,
    object,
    stream: () => file.createReadStream({ ...copyRange(call, object), autoClose: false, highWaterMark: READ_BYTES }),
    close: () => file.close(),
  }
}

function parseCopySource(text: string): { bucket: string; key: string } {
  const [path = '', parameters = ''] = text.replace(/^\//, '').split('?')
  const slash = path.indexOf('/')
  if (slash < 1) throw new S3Error('InvalidArgument', 'The copy source must be of the form bucket/key.')
  if (parameters !== '' && parameters !== 'versionId=null') {
    throw new S3Error('NotImplemented', 'The local S3 endpoint keeps no versions of an object.')
  }
  try {
    return { bucket: decodeURIComponent(path.slice(0, slash)), key: decodeURIComponent(path.slice(slash + 1)) }
  } catch {
    // decodeURIComponent throws for a stray percent sign.
    throw new S3Error('InvalidArgument', 'The copy source must be URL-encoded.')
  }
}

function copyRange(call: S3Call, object: StoredObject): { start?: number; end?: number } {
  const text = headerOf(call, 'x-amz-copy-source-range')
  if (text === undefined) return {}
  const match = /^bytes=(\d+)-(\d+)$/.exec(text)
  const [start, end] = [Number(match?.[1]), Number(match?.[2])]
  if (match === null || start > end || end >= object.sizeBytes) {
    throw new S3Error('InvalidArgument', 'The range to copy must be within the object, as in bytes=0-9.')
  }
  return { start, end }
}
