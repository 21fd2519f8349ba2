import type { S3Call, S3Operation } from './call.ts'
import {
  createBucket,
  deleteBucket,
  getBucketLocation,
  getBucketVersioning,
  headBucket,
  listBuckets,
} from './operations/buckets.ts'
import { deleteObject, deleteObjects } from './operations/delete-objects.ts'
import { getObject, headObject } from './operations/get-object.ts'
import { listObjects, listObjectsV2 } from './operations/list-objects.ts'
import {
  abortMultipartUpload,
  completeMultipartUpload,
  createMultipartUpload,
  listParts,
  uploadPart,
  uploadPartCopy,
} from './operations/multipart.ts'
import { copyObject, putObject } from './operations/put-object.ts'
import { S3Error } from './s3-error.ts'

/** The operations, by what they address, their method and the parameter of the query that tells them apart. */
const OPERATIONS: Readonly<Record<string, S3Operation>> = {
  'service GET': listBuckets,
  'bucket PUT': createBucket,
  'bucket DELETE': deleteBucket,
  'bucket HEAD': headBucket,
  'bucket GET': listObjects,
  'bucket GET list-type': listObjectsV2,
  'bucket GET location': getBucketLocation,
  'bucket GET versioning': getBucketVersioning,
  'bucket POST delete': deleteObjects,
  'object GET': getObject,
  'object HEAD': headObject,
  'object PUT': putObject,
  'object PUT copy': copyObject,
  'object DELETE': deleteObject,
  'object POST uploads': createMultipartUpload,
  'object PUT uploadId': uploadPart,
  'object PUT uploadId copy': uploadPartCopy,
  'object POST uploadId': completeMultipartUpload,
  'object DELETE uploadId': abortMultipartUpload,
  'object GET uploadId': listParts,
}

/** Parameters that only say how an operation answers; every other one names an operation of its own. */
const PLAIN_PARAMETERS = new Set([
  'prefix',
  'delimiter',
  'max-keys',
  'marker',
  'encoding-type',
  'continuation-token',
  'start-after',
  'fetch-owner',
  'partNumber',
  'max-parts',
  'part-number-marker',
  'max-buckets',
])

/** @throws S3Error NotImplemented for an operation that the endpoint does not have. */
export function operationOf(call: S3Call): S3Operation {
  const named = [...call.query.keys()].filter((name) => !isPlain(name))
  const copy = 'x-amz-copy-source' in call.headers ? ['copy'] : []
  const name = [targetOf(call), call.method, ...named, ...copy].join(' ')
  const operation = OPERATIONS[name]
  if (operation !== undefined) return operation
  throw new S3Error('NotImplemented', `The local S3 endpoint does not implement this operation (${name}).`)
}

function targetOf(call: S3Call): 'service' | 'bucket' | 'object' {
  if (call.bucket === '') return 'service'
  return call.key === '' ? 'bucket' : 'object'
}

const isPlain = (name: string): boolean =>
  PLAIN_PARAMETERS.has(name) || name === 'x-id' || name.startsWith('response-') || /^x-amz-/i.test(name)
