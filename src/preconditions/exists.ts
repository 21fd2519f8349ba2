import type { S3Client } from '@aws-sdk/client-s3'
import type { PipelineObject } from '../core/definition/pipeline-object.ts'
import { TaskFailure } from '../core/task-failure.ts'
import { headObject } from '../datanodes/s3/head-object.ts'
import { listObjects } from '../datanodes/s3/list-objects.ts'
import { formatS3Uri } from '../datanodes/s3/s3-uri.ts'
import { toS3DataNode } from '../datanodes/s3-data-node.ts'
import { objectType, referencedObjects, type TaskObjects } from '../datanodes/task-objects.ts'
import type { CheckResult } from './precondition-check.ts'

/**
 * Holds if the data node that it guards is there: the object of a filePath, or any object in a directoryPath.
 *
 * @source guide: dp-object-exists
 * @throws TaskFailure (Unsupported) for a data node that is not in S3.
 */
export async function checkExists(
  precondition: PipelineObject,
  objects: TaskObjects,
  { s3, signal }: { readonly s3: S3Client; readonly signal: AbortSignal },
): Promise<CheckResult> {
  const [guarded] = referencedObjects(objects, precondition, 'node')
  if (guarded === undefined || objectType(guarded) !== 'S3DataNode') {
    const what = guarded === undefined ? 'nothing' : `'${guarded.id}', which is a ${objectType(guarded)}`
    throw new TaskFailure('Unsupported', `'${precondition.id}' guards ${what}. Exists can only look for an S3DataNode.`)
  }
  const { location } = toS3DataNode(guarded, objects)
  if (location.kind === 'file') {
    const found = await headObject(s3, location.uri, signal)
    return found === undefined ? missing(formatS3Uri(location.uri)) : { kind: 'met' }
  }
  for await (const _ of listObjects(s3, location.prefix, { signal })) return { kind: 'met' }
  return missing(formatS3Uri(location.prefix))
}

const missing = (uri: string): CheckResult => ({ kind: 'notYet', message: `${uri} does not exist.` })
