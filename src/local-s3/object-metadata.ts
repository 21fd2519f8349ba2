import { createHash } from 'node:crypto'
import type { BigIntStats } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** What an object has besides its bytes. */
export type ObjectMetadata = {
  /** Without quotes: the MD5 of the bytes, or for an object of several parts a digest of theirs and their number. */
  readonly etag: string
  /** The headers that its writer gave and its reader gets back, such as `content-type` and `x-amz-meta-…`. */
  readonly headers: Readonly<Record<string, string>>
}

/**
 * The metadata of a bucket's objects, in files beside the bucket, so that the bucket itself is a folder of plain files. Each says
 * which version of the object's file it belongs to: an object that somebody changed by hand has default metadata, not wrong ones.
 */
export class MetadataFolder {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  async read(key: string, stats: BigIntStats): Promise<ObjectMetadata> {
    const stored = decodeMetadata(await readIfThere(this.#path(key)))
    return stored?.version === versionOf(stats) ? stored : defaultMetadata(stats)
  }

  /** Records the metadata of the file with these stats, which is about to become the object. */
  async write(key: string, stats: BigIntStats, metadata: ObjectMetadata): Promise<void> {
    const path = this.#path(key)
    await mkdir(dirname(path), { recursive: true })
    const { etag, headers } = metadata
    await writeFile(`${path}.new`, JSON.stringify({ version: versionOf(stats), etag, headers }), { flush: true })
    await rename(`${path}.new`, path)
  }

  async remove(key: string): Promise<void> {
    await rm(this.#path(key), { force: true })
  }

  #path(key: string): string {
    const digest = createHash('sha256').update(key).digest('hex')
    return join(this.#folder, digest.slice(0, 2), `${digest}.json`)
  }
}

/** What tells two versions of a file apart, also after it was copied with its times to another disk. */
const versionOf = (stats: BigIntStats): string => `${stats.size}-${stats.mtimeNs}`

const defaultMetadata = (stats: BigIntStats): ObjectMetadata => ({
  // The form of an ETag of several parts: clients do not take it for an MD5 of the bytes.
  etag: `${createHash('md5').update(versionOf(stats)).digest('hex')}-1`,
  headers: {},
})

async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  }
}

function decodeMetadata(text: string): (ObjectMetadata & { readonly version: string }) | undefined {
  try {
    // Only this class writes these files, whole, so a file that parses has the shape that was written.
    return JSON.parse(text) as ObjectMetadata & { version: string }
  } catch {
    // A missing file reads as empty text, one that a power failure cut short as half a document: both mean that nothing is known.
    return undefined
  }
}
