import type { StoredObject } from '../bucket.ts'
import { headerOf, type S3Answer, type S3Call, type S3Operation } from '../call.ts'
import { judge } from '../conditions.ts'
import { S3Error } from '../s3-error.ts'

/** How much is read from the disk at a time, in bytes. */
const READ_BYTES = 256 * 1024

export const getObject: S3Operation = async (call) => {
  const bucket = await call.buckets.get(call.bucket)
  const opened = await bucket.open(call.key)
  if (opened === undefined) throw new S3Error('NoSuchKey')
  const { object, file } = opened
  let isHandedOver = false
  try {
    const head = answerHead(call, object)
    if (head.status === 304) return head
    const range = requestedRange(call, object)
    const span = range ?? { start: 0, end: object.sizeBytes - 1 }
    const body = object.sizeBytes === 0 ? undefined : file.createReadStream({ ...span, highWaterMark: READ_BYTES })
    isHandedOver = body !== undefined
    return { status: head.status, headers: head.headers ?? {}, ...(body === undefined ? {} : { body }) }
  } finally {
    // The stream closes the file when it ends or is destroyed.
    if (!isHandedOver) await file.close()
  }
}

export const headObject: S3Operation = async (call) => {
  const bucket = await call.buckets.get(call.bucket)
  const object = await bucket.describe(call.key)
  if (object === undefined) throw new S3Error('NoSuchKey')
  return answerHead(call, object)
}

function answerHead(call: S3Call, object: StoredObject): S3Answer {
  const quotedEtag = `"${object.etag}"`
  const lastModified = new Date(object.modifiedAtMs).toUTCString()
  const verdict = judge(call, '', object)
  if (verdict === 'changed') throw new S3Error('PreconditionFailed')
  if (verdict === 'unchanged') return { status: 304, headers: { etag: quotedEtag, 'last-modified': lastModified } }
  const range = requestedRange(call, object)
  const length = range === undefined ? object.sizeBytes : range.end - range.start + 1
  return {
    status: range === undefined ? 200 : 206,
    headers: {
      'content-type': 'binary/octet-stream',
      ...object.headers,
      ...overriddenHeaders(call),
      ...(range === undefined ? {} : { 'content-range': `bytes ${range.start}-${range.end}/${object.sizeBytes}` }),
      'accept-ranges': 'bytes',
      'content-length': String(length),
      etag: quotedEtag,
      'last-modified': lastModified,
    },
  }
}

type Range = { readonly start: number; readonly end: number }

/** The one range that is asked for, both ends included. Several at once, and what is no range, get the whole object, as in S3. */
function requestedRange(call: S3Call, object: StoredObject): Range | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(headerOf(call, 'range') ?? '')
  const [, first = '', last = ''] = match ?? []
  if (first === '' && last === '') return undefined
  const lastByte = object.sizeBytes - 1
  const start = first === '' ? Math.max(0, object.sizeBytes - Number(last)) : Number(first)
  const end = first === '' || last === '' ? lastByte : Math.min(Number(last), lastByte)
  if (start > lastByte || start > end) throw new S3Error('InvalidRange')
  return { start, end }
}

/**
 * The headers that a request may choose for its answer; the others belong to the object or to HTTP.
 *
 * @source external: S3 GetObject
 */
const OVERRIDABLE_HEADERS = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
]

/** Presigned URLs may say which headers the answer has, such as a file name for a browser. */
function overriddenHeaders(call: S3Call): Readonly<Record<string, string>> {
  const overrides = OVERRIDABLE_HEADERS.flatMap((name): [string, string][] => {
    const value = call.query.get(`response-${name}`)
    return value === undefined ? [] : [[name, headerText(value)]]
  })
  return Object.fromEntries(overrides)
}

/** @throws S3Error InvalidArgument when no header can hold the text. */
function headerText(text: string): string {
  if (/[^\t\x20-\x7e\x80-\xff]/.test(text)) {
    throw new S3Error('InvalidArgument', 'A header of the answer would hold a character that headers cannot.')
  }
  return text
}
