import { createReadStream } from 'node:fs'
import { copyFile, mkdir } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import { putObject } from '../datanodes/s3/put-object.ts'
import { parseS3Uri } from '../datanodes/s3/s3-uri.ts'
import type { TaskContext } from './activity.ts'

/**
 * Stores a file with what a command printed as the object that `target` names, or as a local file where it is a path. A location that
 * ends in a slash gets the file's name.
 *
 * @source guide: dp-object-shellcommandactivity (paths are allowed with a worker group)
 * @throws TaskFailure (S3RequestFailed) when the object cannot be stored.
 */
export async function storeStream(context: TaskContext, file: string, target: string): Promise<void> {
  const { signal, commandFolder } = context
  const named = target.endsWith('/') ? target + basename(file) : target
  const uri = parseS3Uri(named)
  if (uri !== undefined) {
    await putObject(await context.s3(), uri, {
      body: createReadStream(file),
      encryption: 'SERVER_SIDE_ENCRYPTION',
      signal,
    })
    return
  }
  const path = resolve(commandFolder, named)
  await mkdir(dirname(path), { recursive: true })
  await copyFile(file, path)
}
