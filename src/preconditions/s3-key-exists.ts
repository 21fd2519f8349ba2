import type { S3Client } from '@aws-sdk/client-s3'
import { headObject } from '../datanodes/s3/head-object.ts'
import { formatS3Uri, requireS3Uri } from '../datanodes/s3/s3-uri.ts'
import type { CheckResult } from './precondition-check.ts'

/**
 * Holds if S3 has the object that `s3Key` names.
 *
 * @source guide: dp-object-S3KeyExists
 * @throws TaskFailure (InvalidField) when `s3Key` is no S3 URI; (S3RequestFailed) when S3 refuses to say.
 */
export async function checkS3KeyExists(
  fields: ReadonlyMap<string, readonly string[]>,
  s3: S3Client,
): Promise<CheckResult> {
  const uri = requireS3Uri(fields.get('s3Key')?.[0] ?? '', "'s3Key'")
  const found = await headObject(s3, uri)
  return found === undefined ? { kind: 'notYet', message: `${formatS3Uri(uri)} does not exist.` } : { kind: 'met' }
}
