import { constants } from 'node:fs'
import { type FileHandle, lstat, mkdir, open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { FILE_SUFFIX, pathOfKey } from './key-path.ts'
import { type ListingPage, type ListingRequest, listKeys } from './listing.ts'
import { MetadataFolder, type ObjectMetadata } from './object-metadata.ts'
import type { IncomingFile } from './request-body.ts'

/** An object as its readers see it. */
export type StoredObject = ObjectMetadata & {
  readonly key: string
  readonly sizeBytes: number
  readonly modifiedAtMs: number
}

/** An object that is open for reading. The file is closed by whoever asked for it. */
export type OpenObject = { readonly object: StoredObject; readonly file: FileHandle }

/** A bucket: a folder of plain files. Everything that changes it goes through one queue, so a key has one writer at a time. */
export class Bucket {
  readonly #folder: string
  readonly #metadata: MetadataFolder
  #queue: Promise<unknown> = Promise.resolve()

  constructor(folder: string, metadataFolder: string) {
    this.#folder = folder
    this.#metadata = new MetadataFolder(metadataFolder)
  }

  /** Opens an object; `undefined` when there is none. */
  open(key: string): Promise<OpenObject | undefined> {
    return this.#inTurn(async () => {
      const path = await this.#find(key)
      if (path === undefined) return undefined
      const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW)
      try {
        return { object: await this.#describe(key, await file.stat({ bigint: true })), file }
      } catch (error) {
        await file.close()
        throw error
      }
    })
  }

  /** Describes an object; `undefined` when there is none. */
  describe(key: string): Promise<StoredObject | undefined> {
    return this.#inTurn(() => this.#describeNow(key))
  }

  /**
   * Makes a file that was received the object `key`, in one step: readers see the old bytes or the new ones.
   *
   * @param isAllowed - sees what the key holds and may refuse by throwing.
   */
  commit(
    key: string,
    incoming: { readonly file: IncomingFile; readonly metadata: ObjectMetadata },
    isAllowed: (existing: StoredObject | undefined) => void,
  ): Promise<StoredObject> {
    return this.#inTurn(async () => {
      isAllowed(await this.#describeNow(key))
      const path = await this.#makePlace(key)
      const stats = await stat(incoming.file.path, { bigint: true })
      await this.#metadata.write(key, stats, incoming.metadata)
      await rename(incoming.file.path, path)
      await flushFolder(dirname(path))
      return this.#describe(key, stats)
    })
  }

  /** Removes an object and the folders that it leaves empty. An object that is not there is already removed. */
  remove(key: string): Promise<void> {
    return this.#inTurn(async () => {
      const path = await this.#find(key)
      if (path === undefined) return
      await rm(path)
      await this.#metadata.remove(key)
      await this.#removeEmptyFolders(dirname(path))
    })
  }

  /** A page of the bucket's objects, in the order of their keys' bytes. */
  async list(request: ListingRequest): Promise<ListingPage<StoredObject>> {
    const page = await listKeys(this.#folder, request)
    const objects = await Promise.all(page.keys.map((key) => this.describe(key)))
    return { ...page, keys: objects.filter((object) => object !== undefined) }
  }

  /** Removes the bucket if it holds no object, and says whether it did. */
  removeIfEmpty(): Promise<boolean> {
    return this.#inTurn(async () => {
      const page = await listKeys(this.#folder, { prefix: '', delimiter: '', after: '', itemsMax: 1 })
      if (page.keys.length > 0) return false
      await rm(this.#folder, { recursive: true, force: true })
      return true
    })
  }

  #inTurn<Result>(action: () => Promise<Result>): Promise<Result> {
    const turn = this.#queue.then(action, action)
    this.#queue = turn
    return turn
  }

  async #describeNow(key: string): Promise<StoredObject | undefined> {
    const path = await this.#find(key)
    return path === undefined ? undefined : this.#describe(key, await lstat(path, { bigint: true }))
  }

  async #describe(key: string, stats: Parameters<MetadataFolder['read']>[1]): Promise<StoredObject> {
    const metadata = await this.#metadata.read(key, stats)
    return { ...metadata, key, sizeBytes: Number(stats.size), modifiedAtMs: Number(stats.mtimeMs) }
  }

  /** The path of the object's file, if there is one. */
  async #find(key: string): Promise<string | undefined> {
    const path = this.#naturalPath(key)
    if ((await kindOf(path)) === 'file') return path
    return (await kindOf(path + FILE_SUFFIX)) === 'file' ? path + FILE_SUFFIX : undefined
  }

  /** Makes the folders for a key, moving aside objects whose names they need, and returns the path for its file. */
  async #makePlace(key: string): Promise<string> {
    const folders = pathOfKey(key).slice(0, -1)
    for (const depth of folders.keys()) {
      const folder = join(this.#folder, ...folders.slice(0, depth + 1))
      if ((await kindOf(folder)) === 'file') await rename(folder, folder + FILE_SUFFIX)
    }
    const path = this.#naturalPath(key)
    await mkdir(dirname(path), { recursive: true })
    const isTaken = (await kindOf(path)) === 'folder' || (await kindOf(path + FILE_SUFFIX)) === 'file'
    return isTaken ? path + FILE_SUFFIX : path
  }

  #naturalPath(key: string): string {
    return join(this.#folder, ...pathOfKey(key))
  }

  async #removeEmptyFolders(start: string): Promise<void> {
    let folder = start
    while (folder !== this.#folder && (await readdir(folder)).length === 0) {
      await rmdir(folder)
      folder = dirname(folder)
    }
  }
}

async function kindOf(path: string): Promise<'file' | 'folder' | 'none'> {
  const stats = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
    throw error
  })
  if (stats?.isFile()) return 'file'
  return stats?.isDirectory() ? 'folder' : 'none'
}

/** Flushes the names in a folder to the disk. */
async function flushFolder(path: string): Promise<void> {
  const folder = await open(path)
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
