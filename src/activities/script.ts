import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { baseName, parseS3Uri } from '../datanodes/s3/s3-uri.ts'
import { downloadFile } from '../datanodes/s3/transfer-directory.ts'
import type { Program, TaskContext } from './activity.ts'

/** Lets the owner read, write and execute a file; a script may hold secrets. */
const OWNER_ONLY = 0o700

/**
 * Makes a script ready to be executed. One in S3 is fetched; anything else is the path of a file that is there already. The script's
 * first line names its interpreter; without one it is the shell.
 *
 * @throws TaskFailure (S3RequestFailed) when the script cannot be fetched.
 */
export async function fetchScript(
  context: Pick<TaskContext, 's3' | 'signal' | 'taskFolder'>,
  uriText: string,
): Promise<Program> {
  const uri = parseS3Uri(uriText)
  if (uri === undefined) return { kind: 'file', path: uriText }
  const file = join(context.taskFolder, 'script', baseName(uri) || 'script')
  await downloadFile(await context.s3(), uri, { file, signal: context.signal })
  await chmod(file, OWNER_ONLY)
  return { kind: 'file', path: file }
}
