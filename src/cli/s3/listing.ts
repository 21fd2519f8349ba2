import { readdir, stat } from 'node:fs/promises'
import { basename, join, relative, sep } from 'node:path'
import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3'
import { assertNever } from '../../core/assert-never.ts'
import { Unusable } from '../command-context.ts'
import type { Location } from './location.ts'

/** A file or object, and its name relative to where the listing began, with slashes. */
export type ListedFile = {
  readonly name: string
  readonly location: Location
  readonly sizeBytes: number
  readonly modifiedAtMs: number
}

/** Everything below a local folder or a prefix that is taken for a folder. */
export async function listBelow(s3: S3Client, location: Location): Promise<readonly ListedFile[]> {
  switch (location.kind) {
    case 's3': {
      const prefix = location.key === '' || location.key.endsWith('/') ? location.key : `${location.key}/`
      const objects = await listObjects(s3, location.bucket, prefix)
      // Objects whose key ends in a slash only mark a folder.
      return objects
        .filter(({ name }) => !name.endsWith('/'))
        .map((file) => ({ ...file, name: file.name.slice(prefix.length) }))
    }
    case 'local':
      return listFolder(location.path)
    case 'stream':
      throw new Unusable('Standard input and output are no folder.')
    default:
      return assertNever(location)
  }
}

/** One local file, under its own name. */
export async function describeFile(path: string): Promise<ListedFile> {
  const stats = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw new Unusable(`The user-provided path ${path} does not exist.`)
    throw error
  })
  if (stats.isDirectory()) throw new Unusable(`${path} is a folder. Add --recursive.`)
  return { name: basename(path), location: { kind: 'local', path }, sizeBytes: stats.size, modifiedAtMs: stats.mtimeMs }
}

/** Every object whose key begins with `prefix`, named by its whole key. */
export async function listObjects(s3: S3Client, bucket: string, prefix: string): Promise<readonly ListedFile[]> {
  const files: ListedFile[] = []
  let token: string | undefined
  do {
    const page = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: token }))
    for (const { Key: key = '', Size: sizeBytes = 0, LastModified } of page.Contents ?? []) {
      const location = { kind: 's3', bucket, key } as const
      files.push({ name: key, location, sizeBytes, modifiedAtMs: LastModified?.getTime() ?? 0 })
    }
    token = page.NextContinuationToken
  } while (token !== undefined)
  return files
}

async function listFolder(folder: string): Promise<readonly ListedFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      // A folder that is written to need not be there.
      if (error.code === 'ENOENT') return []
      throw error
    },
  )
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return Promise.all(
    files.map(async (path) => ({
      ...(await describeFile(path)),
      name: relative(folder, path).split(sep).join('/'),
    })),
  )
}
