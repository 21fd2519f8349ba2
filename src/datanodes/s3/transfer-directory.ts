import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, readdir, stat } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { S3Client } from '@aws-sdk/client-s3'
import { TaskFailure } from '../../core/task-failure.ts'
import { forEachConcurrently } from '../for-each-concurrently.ts'
import { getObject } from './get-object.ts'
import { listObjects } from './list-objects.ts'
import { type Encryption, putObject } from './put-object.ts'
import { requestS3 } from './s3-failure.ts'
import { childUri, formatS3Uri, type S3Uri } from './s3-uri.ts'

/** Files that are transferred at once: small ones cost a round trip each, large ones share the bandwidth. */
const FILES_IN_FLIGHT = 16

/**
 * Fetches one object into a file; folders on the way are made.
 *
 * @throws TaskFailure (S3RequestFailed) when the object is missing, or S3 refuses or cannot be reached.
 */
export async function downloadFile(
  s3: S3Client,
  uri: S3Uri,
  { file, signal }: { readonly file: string; readonly signal: AbortSignal },
): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  const body = await getObject(s3, uri, signal)
  await requestS3('GetObject', uri, () => pipeline(body, createWriteStream(file), { signal }))
}

/**
 * Fetches every object under a prefix into a folder, each under the rest of its key. A key that ends in a slash becomes a folder.
 *
 * @throws TaskFailure (S3RequestFailed) when S3 refuses or cannot be reached; (InvalidField) when a key would lead out of the folder.
 */
export async function downloadDirectory(
  s3: S3Client,
  prefix: S3Uri,
  { folder, signal }: { readonly folder: string; readonly signal: AbortSignal },
): Promise<void> {
  await mkdir(folder, { recursive: true })
  await forEachConcurrently(listObjects(s3, prefix, { signal }), FILES_IN_FLIGHT, async ({ uri }) => {
    const file = fileInside(folder, uri, uri.key.slice(prefix.key.length))
    if (uri.key.endsWith('/')) await mkdir(file, { recursive: true })
    else await downloadFile(s3, uri, { file, signal })
  })
}

/**
 * Stores every file in a folder, and in the folders inside it, under a prefix. Links to files count as files.
 *
 * @throws TaskFailure (S3RequestFailed) when S3 refuses or cannot be reached.
 */
export async function uploadDirectory(
  s3: S3Client,
  prefix: S3Uri,
  {
    folder,
    encryption,
    signal,
  }: { readonly folder: string; readonly encryption: Encryption; readonly signal: AbortSignal },
): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name))
  await forEachConcurrently(files, FILES_IN_FLIGHT, async (file) => {
    const { size, isFile } = await statFile(file)
    if (!isFile) return
    const body = createReadStream(file)
    const uri = childUri(prefix, relative(folder, file).split(sep).join('/'))
    await putObject(s3, uri, { body, encryption, signal, sizeBytesMax: size })
  })
}

// A link may lead nowhere or to a folder, and a command may leave sockets and pipes behind: none of them is data.
async function statFile(file: string): Promise<{ readonly size: number; readonly isFile: boolean }> {
  const found = await stat(file).catch(() => undefined)
  return { size: found?.size ?? 0, isFile: found?.isFile() ?? false }
}

function fileInside(folder: string, uri: S3Uri, name: string): string {
  const file = join(folder, name)
  if (name.includes('\0') || (file !== folder && !file.startsWith(folder + sep))) {
    throw new TaskFailure('InvalidField', `The key of ${formatS3Uri(uri)} cannot be the name of a file in a folder.`)
  }
  return file
}
