import type { S3Operation } from '../call.ts'
import { xmlDocument } from '../xml.ts'

/** Whose everything is, in the documents that name an owner. */
const OWNER = { ID: 'millrace', DisplayName: 'millrace' }

export const listBuckets: S3Operation = async (call) => {
  const buckets = await call.buckets.list()
  const Bucket = buckets.map(({ name, createdAtMs }) => ({
    Name: name,
    CreationDate: new Date(createdAtMs).toISOString(),
  }))
  return { status: 200, body: xmlDocument('ListAllMyBucketsResult', { Owner: OWNER, Buckets: { Bucket } }) }
}

export const createBucket: S3Operation = async (call) => {
  await call.buckets.create(call.bucket)
  return { status: 200, headers: { location: `/${call.bucket}` } }
}

export const deleteBucket: S3Operation = async (call) => {
  await call.buckets.remove(call.bucket)
  return { status: 204 }
}

export const headBucket: S3Operation = async (call) => {
  await call.buckets.get(call.bucket)
  return { status: 200, headers: { 'x-amz-bucket-region': 'us-east-1' } }
}

/** An empty location is us-east-1, as S3 says it. */
export const getBucketLocation: S3Operation = async (call) => {
  await call.buckets.get(call.bucket)
  return { status: 200, body: xmlDocument('LocationConstraint', undefined) }
}

/** An empty document: versioning has never been on. */
export const getBucketVersioning: S3Operation = async (call) => {
  await call.buckets.get(call.bucket)
  return { status: 200, body: xmlDocument('VersioningConfiguration', undefined) }
}
