import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Bucket } from './bucket.ts'
import { S3Error } from './s3-error.ts'

/** What the endpoint keeps for itself, beside the buckets; no bucket can have this name. */
const PRIVATE_FOLDER = '.millrace'

/** The folder whose folders are buckets. */
export class BucketFolder {
  readonly #folder: string
  readonly #buckets = new Map<string, Bucket>()

  constructor(folder: string) {
    this.#folder = folder
  }

  /** Where multipart uploads keep their parts. */
  get uploadsFolder(): string {
    return join(this.#folder, PRIVATE_FOLDER, 'uploads')
  }

  /** Makes the folders, and removes what uploads left behind that the last process did not finish. */
  async prepare(): Promise<void> {
    await rm(this.#incomingFolder, { recursive: true, force: true })
    await mkdir(this.#incomingFolder, { recursive: true })
    await mkdir(this.uploadsFolder, { recursive: true })
  }

  /** A path for a file that is being received, on the same disk as the buckets. */
  incomingPath(): string {
    return join(this.#incomingFolder, randomUUID())
  }

  async list(): Promise<readonly { name: string; createdAtMs: number }[]> {
    const entries = await readdir(this.#folder, { withFileTypes: true })
    const names = entries.filter((entry) => entry.isDirectory() && isBucketName(entry.name)).map((entry) => entry.name)
    const buckets = names.map(async (name) => ({
      name,
      createdAtMs: (await stat(join(this.#folder, name))).birthtimeMs,
    }))
    return (await Promise.all(buckets)).sort((left, right) => (left.name < right.name ? -1 : 1))
  }

  /** @throws S3Error NoSuchBucket. */
  async get(name: string): Promise<Bucket> {
    if (!(await this.#isThere(name))) throw new S3Error('NoSuchBucket')
    return this.#open(name)
  }

  /**
   * The bucket of this name, created if need be: the endpoint stands in for an account in which the buckets that a pipeline writes
   * to exist already.
   *
   * @throws S3Error InvalidBucketName.
   */
  async getOrCreate(name: string): Promise<Bucket> {
    if (!isBucketName(name)) throw new S3Error('InvalidBucketName')
    await mkdir(join(this.#folder, name), { recursive: true })
    return this.#open(name)
  }

  /** @throws S3Error BucketAlreadyOwnedByYou, InvalidBucketName. */
  async create(name: string): Promise<void> {
    if (await this.#isThere(name)) throw new S3Error('BucketAlreadyOwnedByYou')
    await this.getOrCreate(name)
  }

  /** @throws S3Error NoSuchBucket, BucketNotEmpty. */
  async remove(name: string): Promise<void> {
    const bucket = await this.get(name)
    if (!(await bucket.removeIfEmpty())) throw new S3Error('BucketNotEmpty')
    await rm(this.#metadataFolder(name), { recursive: true, force: true })
  }

  get #incomingFolder(): string {
    return join(this.#folder, PRIVATE_FOLDER, 'incoming')
  }

  #metadataFolder(name: string): string {
    return join(this.#folder, PRIVATE_FOLDER, 'metadata', name)
  }

  async #isThere(name: string): Promise<boolean> {
    if (!isBucketName(name)) return false
    const stats = await stat(join(this.#folder, name)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined
      throw error
    })
    return stats?.isDirectory() ?? false
  }

  /** One object for each bucket, since its queue is what keeps writers apart. */
  #open(name: string): Bucket {
    const bucket = this.#buckets.get(name) ?? new Bucket(join(this.#folder, name), this.#metadataFolder(name))
    this.#buckets.set(name, bucket)
    return bucket
  }
}

/** @source guide: S3 bucketnamingrules; underscores and capitals, which old buckets have, are accepted too. */
const isBucketName = (name: string): boolean =>
  /^[a-zA-Z0-9][a-zA-Z0-9._-]{1,61}[a-zA-Z0-9]$/.test(name) && !name.includes('..')
