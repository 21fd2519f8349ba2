import type { S3Operation } from '../call.ts'
import { S3Error } from '../s3-error.ts'
import { elements, parseXmlDocument, textOf, xmlDocument } from '../xml.ts'

/** The most keys that one request may delete. */
const KEYS_MAX = 1000

export const deleteObject: S3Operation = async (call) => {
  const bucket = await call.buckets.get(call.bucket)
  await bucket.remove(call.key)
  return { status: 204 }
}

export const deleteObjects: S3Operation = async (call) => {
  const document = await parseXmlDocument(await call.body.text(), 'Delete')
  const keys = elements(document, 'Object').map((object) => textOf(object, 'Key'))
  if (keys.length === 0 || keys.length > KEYS_MAX) throw new S3Error('MalformedXML')
  const bucket = await call.buckets.get(call.bucket)
  const deleted: string[] = []
  for (const key of keys) {
    if (key === undefined || key === '') throw new S3Error('MalformedXML')
    await bucket.remove(key)
    deleted.push(key)
  }
  const isQuiet = textOf(document, 'Quiet') === 'true'
  const Deleted = isQuiet ? undefined : deleted.map((key) => ({ Key: key }))
  return { status: 200, body: xmlDocument('DeleteResult', { Deleted }) }
}
