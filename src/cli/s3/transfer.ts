import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, rename, rm, utimes } from 'node:fs/promises'
import { basename, dirname, join, sep } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { CopyObjectCommand, DeleteObjectCommand, GetObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import { assertNever } from '../../core/assert-never.ts'
import { Unusable } from '../command-context.ts'
import { formatLocation, type Location } from './location.ts'

/** Where standard input comes from and standard output goes. */
export type Streams = { readonly input: Readable; readonly output: NodeJS.WritableStream }

/** One file on its way. */
export type Transfer = { readonly source: Location; readonly target: Location }

/** What the AWS CLI calls a transfer, by where it goes. */
export function transferName({ source, target }: Transfer): 'upload' | 'download' | 'copy' {
  if (source.kind === 's3') return target.kind === 's3' ? 'copy' : 'download'
  if (target.kind === 's3') return 'upload'
  throw new Unusable('At least one of the two places must be s3://…')
}

/** Where a single file goes: into what ends in a slash or is a local folder under its own name, else to exactly that place. */
export function targetOf(name: string, target: Location, isFolder: (path: string) => boolean): Location {
  switch (target.kind) {
    case 's3': {
      const isPrefix = target.key === '' || target.key.endsWith('/')
      return isPrefix ? { ...target, key: `${target.key}${basename(name)}` } : target
    }
    case 'local':
      return target.path.endsWith(sep) || isFolder(target.path)
        ? { kind: 'local', path: join(target.path, basename(name)) }
        : target
    case 'stream':
      return target
    default:
      return assertNever(target)
  }
}

/** Where a file of a listing goes, whose name may have folders in it. */
export function targetBelow(name: string, target: Location): Location {
  switch (target.kind) {
    case 's3': {
      const prefix = target.key === '' || target.key.endsWith('/') ? target.key : `${target.key}/`
      return { ...target, key: prefix + name }
    }
    case 'local': {
      // A key may hold dots between slashes, which in a path would lead out of the folder.
      if (name.split('/').includes('..')) throw new Unusable(`The key ${name} cannot be the name of a file.`)
      return { kind: 'local', path: join(target.path, ...name.split('/')) }
    }
    case 'stream':
      throw new Unusable('Several files cannot go to one stream.')
    default:
      return assertNever(target)
  }
}

/** Carries one file from its source to its target. Files appear whole or not at all. */
export async function transfer(s3: S3Client, { source, target }: Transfer, streams: Streams): Promise<void> {
  if (source.kind === 's3' && target.kind === 's3') {
    const CopySource = `${source.bucket}/${encodeURIComponent(source.key)}`
    await s3.send(new CopyObjectCommand({ Bucket: target.bucket, Key: target.key, CopySource }))
    return
  }
  if (source.kind === 's3') await download(s3, source, { target, streams })
  else if (target.kind === 's3')
    await upload(s3, source.kind === 'local' ? createReadStream(source.path) : streams.input, target)
  else throw new Unusable(`${formatLocation(source)} and ${formatLocation(target)} are both local.`)
}

/** Removes what was moved away or is to be deleted. */
export async function remove(s3: S3Client, location: Location): Promise<void> {
  if (location.kind === 's3') await s3.send(new DeleteObjectCommand({ Bucket: location.bucket, Key: location.key }))
  else if (location.kind === 'local') await rm(location.path)
}

type S3Location = Extract<Location, { kind: 's3' }>

async function upload(s3: S3Client, body: Readable, { bucket, key }: S3Location): Promise<void> {
  await new Upload({ client: s3, params: { Bucket: bucket, Key: key, Body: body } }).done()
}

async function download(
  s3: S3Client,
  { bucket, key }: S3Location,
  { target, streams }: { readonly target: Location; readonly streams: Streams },
): Promise<void> {
  const { Body, LastModified } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }))
  const body = Body instanceof Readable ? Body : Readable.from([])
  if (target.kind !== 'local') {
    await pipeline(body, streams.output, { end: false })
    return
  }
  await mkdir(dirname(target.path), { recursive: true })
  const partial = `${target.path}.${process.pid}.part`
  try {
    await pipeline(body, createWriteStream(partial))
    // A file is as old as its object, by which `sync` tells what is new.
    if (LastModified !== undefined) await utimes(partial, LastModified, LastModified)
    await rename(partial, target.path)
  } finally {
    await rm(partial, { force: true })
  }
}
