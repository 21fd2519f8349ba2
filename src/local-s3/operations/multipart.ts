import { rm } from 'node:fs/promises'
import { headerOf, type S3Call, type S3Operation, storedHeaders } from '../call.ts'
import { partNumber, type UploadHead } from '../multipart-upload.ts'
import { receiveStream } from '../request-body.ts'
import { elements, parseXmlDocument, textOf, xmlDocument } from '../xml.ts'
import { openCopySource } from './copy-source.ts'
import { checkCondition } from './put-object.ts'

export const createMultipartUpload: S3Operation = async (call) => {
  await call.buckets.getOrCreate(call.bucket)
  const { bucket, key } = call
  const UploadId = await call.uploads.begin({ bucket, key, headers: storedHeaders(call) })
  return { status: 200, body: xmlDocument('InitiateMultipartUploadResult', { Bucket: bucket, Key: key, UploadId }) }
}

export const uploadPart: S3Operation = async (call) => {
  await findUpload(call)
  const number = partNumber(call.query.get('partNumber'))
  const path = call.buckets.incomingPath()
  try {
    const file = await call.body.receive(path)
    await call.uploads.addPart(uploadIdOf(call), number, file)
    return { status: 200, headers: { etag: `"${file.md5}"` } }
  } finally {
    await rm(path, { force: true })
  }
}

export const uploadPartCopy: S3Operation = async (call) => {
  await findUpload(call)
  const number = partNumber(call.query.get('partNumber'))
  const source = await openCopySource(call)
  const path = call.buckets.incomingPath()
  try {
    const file = await receiveStream(source.stream(), path)
    await call.uploads.addPart(uploadIdOf(call), number, file)
    const LastModified = new Date(source.object.modifiedAtMs).toISOString()
    return { status: 200, body: xmlDocument('CopyPartResult', { LastModified, ETag: `"${file.md5}"` }) }
  } finally {
    await source.close()
    await rm(path, { force: true })
  }
}

export const completeMultipartUpload: S3Operation = async (call) => {
  const { headers } = await findUpload(call)
  const uploadId = uploadIdOf(call)
  const document = await parseXmlDocument(await call.body.text(), 'CompleteMultipartUpload')
  const chosen = elements(document, 'Part').map((part) => ({
    number: partNumber(textOf(part, 'PartNumber')),
    etag: (textOf(part, 'ETag') ?? '').replace(/^"|"$/g, ''),
  }))
  const path = call.buckets.incomingPath()
  try {
    const file = await call.uploads.join(uploadId, chosen, path)
    const bucket = await call.buckets.getOrCreate(call.bucket)
    const incoming = { file, metadata: { etag: file.etag, headers } }
    const object = await bucket.commit(call.key, incoming, (existing) => checkCondition(call, existing))
    await call.uploads.end(uploadId)
    const Location = `http://${headerOf(call, 'host') ?? ''}/${call.bucket}/${encodeURIComponent(call.key)}`
    const content = { Location, Bucket: call.bucket, Key: call.key, ETag: `"${object.etag}"` }
    return { status: 200, body: xmlDocument('CompleteMultipartUploadResult', content) }
  } finally {
    await rm(path, { force: true })
  }
}

export const abortMultipartUpload: S3Operation = async (call) => {
  await findUpload(call)
  await call.uploads.end(uploadIdOf(call))
  return { status: 204 }
}

/** All parts in one page: an upload has at most 10,000, and S3 lets the server choose the size of a page. */
export const listParts: S3Operation = async (call) => {
  await findUpload(call)
  const parts = await call.uploads.parts(uploadIdOf(call))
  const Part = parts.map((part) => ({
    PartNumber: part.number,
    LastModified: new Date(part.modifiedAtMs).toISOString(),
    ETag: `"${part.etag}"`,
    Size: part.sizeBytes,
  }))
  const content = { Bucket: call.bucket, Key: call.key, UploadId: uploadIdOf(call), IsTruncated: false, Part }
  return { status: 200, body: xmlDocument('ListPartsResult', content) }
}

const uploadIdOf = (call: S3Call): string => call.query.get('uploadId') ?? ''

const findUpload = (call: S3Call): Promise<UploadHead> => call.uploads.head(uploadIdOf(call), call.bucket, call.key)
