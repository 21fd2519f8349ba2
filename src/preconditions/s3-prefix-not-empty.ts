import type { S3Client } from '@aws-sdk/client-s3'
import { listObjects } from '../datanodes/s3/list-objects.ts'
import { formatS3Uri, requireS3Uri } from '../datanodes/s3/s3-uri.ts'
import type { CheckResult } from './precondition-check.ts'

/**
 * Holds if S3 has at least one object whose key begins with `s3Prefix`.
 *
 * @source guide: dp-object-s3prefixnotempty
 * @throws TaskFailure (InvalidField) when `s3Prefix` is no S3 URI; (S3RequestFailed) when S3 refuses to say.
 */
export async function checkS3PrefixNotEmpty(
  fields: ReadonlyMap<string, readonly string[]>,
  s3: S3Client,
): Promise<CheckResult> {
  const prefix = requireS3Uri(fields.get('s3Prefix')?.[0] ?? '', "'s3Prefix'")
  for await (const _ of listObjects(s3, prefix)) return { kind: 'met' }
  return { kind: 'notYet', message: `There is no object under ${formatS3Uri(prefix)}.` }
}
