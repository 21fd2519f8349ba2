import type { IncomingHttpHeaders } from 'node:http'
import type { Readable } from 'node:stream'
import type { BucketFolder } from './bucket-folder.ts'
import type { MultipartUploads } from './multipart-upload.ts'
import type { RequestBody } from './request-body.ts'

/** A request whose signature is right, taken apart. */
export type S3Call = {
  readonly method: string
  /** Empty for a request to the service as a whole. */
  readonly bucket: string
  /** Empty for a request to a bucket as a whole. */
  readonly key: string
  readonly query: ReadonlyMap<string, string>
  readonly headers: IncomingHttpHeaders
  readonly body: RequestBody
  readonly buckets: BucketFolder
  readonly uploads: MultipartUploads
}

export type S3Answer = {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  /** Text is a document; a stream is an object's bytes. */
  readonly body?: string | Readable
}

/** One operation of S3. */
export type S3Operation = (call: S3Call) => Promise<S3Answer>

/** A request header that S3 gives a meaning to; `undefined` when it is absent. */
export function headerOf(call: S3Call, name: string): string | undefined {
  const value = call.headers[name]
  return typeof value === 'string' ? value : undefined
}

const STORED_HEADERS = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
]

/** The headers that become part of an object. */
export function storedHeaders(call: S3Call): Readonly<Record<string, string>> {
  const kept = Object.entries(call.headers).flatMap(([name, value]): [string, string][] => {
    const isStored = STORED_HEADERS.includes(name) || name.startsWith('x-amz-meta-')
    return isStored && typeof value === 'string' ? [[name, value]] : []
  })
  const headers = new Map(kept)
  const encoding = (headers.get('content-encoding') ?? '').split(',').map((part) => part.trim())
  // aws-chunked describes how the request was sent, not the object.
  const objectEncoding = encoding.filter((part) => part !== '' && part !== 'aws-chunked').join(',')
  headers.delete('content-encoding')
  if (objectEncoding !== '') headers.set('content-encoding', objectEncoding)
  return Object.fromEntries(headers)
}
