import { rm } from 'node:fs/promises'
import type { StoredObject } from '../bucket.ts'
import { headerOf, type S3Call, type S3Operation, storedHeaders } from '../call.ts'
import { namesEtag } from '../conditions.ts'
import { receiveStream } from '../request-body.ts'
import { S3Error } from '../s3-error.ts'
import { xmlDocument } from '../xml.ts'
import { openCopySource } from './copy-source.ts'

export const putObject: S3Operation = async (call) => {
  const path = call.buckets.incomingPath()
  try {
    const file = await call.body.receive(path)
    const metadata = { etag: file.md5, headers: storedHeaders(call) }
    const bucket = await call.buckets.getOrCreate(call.bucket)
    const object = await bucket.commit(call.key, { file, metadata }, (existing) => checkCondition(call, existing))
    return { status: 200, headers: { etag: `"${object.etag}"` } }
  } finally {
    await rm(path, { force: true })
  }
}

export const copyObject: S3Operation = async (call) => {
  const source = await openCopySource(call)
  const isReplacing = headerOf(call, 'x-amz-metadata-directive') === 'REPLACE'
  const isSelf = source.bucket === call.bucket && source.object.key === call.key
  const path = call.buckets.incomingPath()
  try {
    if (isSelf && !isReplacing) {
      throw new S3Error('InvalidRequest', 'An object is copied to itself without changing its metadata.')
    }
    const file = await receiveStream(source.stream(), path)
    const metadata = { etag: file.md5, headers: isReplacing ? storedHeaders(call) : source.object.headers }
    const bucket = await call.buckets.getOrCreate(call.bucket)
    const object = await bucket.commit(call.key, { file, metadata }, (existing) => checkCondition(call, existing))
    const LastModified = new Date(object.modifiedAtMs).toISOString()
    return { status: 200, body: xmlDocument('CopyObjectResult', { LastModified, ETag: `"${object.etag}"` }) }
  } finally {
    await source.close()
    await rm(path, { force: true })
  }
}

/** @throws S3Error PreconditionFailed when the writer wants to replace something else than what is there. */
export function checkCondition(call: S3Call, existing: StoredObject | undefined): void {
  const match = headerOf(call, 'if-match')
  const noneMatch = headerOf(call, 'if-none-match')
  if (match !== undefined && existing === undefined) throw new S3Error('NoSuchKey')
  if (match !== undefined && existing !== undefined && !namesEtag(match, existing.etag)) {
    throw new S3Error('PreconditionFailed')
  }
  if (noneMatch !== undefined && existing !== undefined && namesEtag(noneMatch, existing.etag)) {
    throw new S3Error('PreconditionFailed')
  }
}
