import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { IncomingFile } from './request-body.ts'
import { S3Error } from './s3-error.ts'

/** The smallest part that is not the last one, in bytes. */
const PART_BYTES_MIN = 5 * 1024 * 1024

/** The highest number of a part. */
const PART_NUMBER_MAX = 10_000

/** What an upload was begun with. */
export type UploadHead = {
  readonly bucket: string
  readonly key: string
  readonly headers: Readonly<Record<string, string>>
}

export type UploadedPart = {
  readonly number: number
  readonly etag: string
  readonly sizeBytes: number
  readonly modifiedAtMs: number
}

/** The multipart uploads that have begun and not ended: a folder for each, with its parts. They survive a restart. */
export class MultipartUploads {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  /** Begins an upload and returns its id. */
  async begin(head: UploadHead): Promise<string> {
    const uploadId = randomUUID().replaceAll('-', '')
    await mkdir(join(this.#folder, uploadId))
    await writeFile(join(this.#folder, uploadId, 'head.json'), JSON.stringify(head), { flush: true })
    return uploadId
  }

  /** @throws S3Error NoSuchUpload when there is no such upload of this key. */
  async head(uploadId: string, bucket: string, key: string): Promise<UploadHead> {
    if (!/^[0-9a-f]{32}$/.test(uploadId)) throw new S3Error('NoSuchUpload')
    const text = await readFile(join(this.#folder, uploadId, 'head.json'), 'utf8').catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') throw new S3Error('NoSuchUpload')
        throw error
      },
    )
    // Only `begin` writes these files.
    const head = JSON.parse(text) as UploadHead
    if (head.bucket !== bucket || head.key !== key) throw new S3Error('NoSuchUpload')
    return head
  }

  /** Makes a received file part `number` of an upload, in the place of an earlier one of that number. */
  async addPart(uploadId: string, number: number, file: IncomingFile): Promise<void> {
    const folder = join(this.#folder, uploadId)
    const earlier = (await readdir(folder)).filter((name) => name.startsWith(`${number}-`))
    await rename(file.path, join(folder, `${number}-${file.md5}`))
    for (const name of earlier) if (name !== `${number}-${file.md5}`) await rm(join(folder, name), { force: true })
  }

  /** The parts that have arrived, in order. */
  async parts(uploadId: string): Promise<readonly UploadedPart[]> {
    const names = await readdir(join(this.#folder, uploadId))
    const parts = names.map(async (name): Promise<UploadedPart | undefined> => {
      const match = /^(\d+)-([0-9a-f]{32})$/.exec(name)
      if (match?.[2] === undefined) return undefined
      const stats = await stat(join(this.#folder, uploadId, name))
      return { number: Number(match[1]), etag: match[2], sizeBytes: stats.size, modifiedAtMs: stats.mtimeMs }
    })
    const present = (await Promise.all(parts)).filter((part) => part !== undefined)
    return present.sort((left, right) => left.number - right.number)
  }

  /**
   * Joins the chosen parts to one new file. The upload stays until {@link MultipartUploads.end}.
   *
   * @throws S3Error when a part is missing, too small or out of order.
   */
  async join(
    uploadId: string,
    chosen: readonly { number: number; etag: string }[],
    path: string,
  ): Promise<IncomingFile & { readonly etag: string }> {
    const parts = chooseParts(await this.parts(uploadId), chosen)
    for (const part of parts) {
      const source = createReadStream(join(this.#folder, uploadId, `${part.number}-${part.etag}`))
      await pipeline(source, createWriteStream(path, { flags: 'a', flush: part === parts.at(-1) }))
    }
    const md5 = createHash('md5')
    for (const part of parts) md5.update(part.etag, 'hex')
    const digest = md5.digest('hex')
    const sizeBytes = parts.reduce((sum, part) => sum + part.sizeBytes, 0)
    return { path, sizeBytes, md5: digest, etag: `${digest}-${parts.length}` }
  }

  /** Forgets an upload and its parts. */
  async end(uploadId: string): Promise<void> {
    await rm(join(this.#folder, uploadId), { recursive: true, force: true })
  }
}

/** @throws S3Error InvalidArgument when the text is no number of a part. */
export function partNumber(text: string | undefined): number {
  const number = Number(text)
  if (Number.isInteger(number) && number >= 1 && number <= PART_NUMBER_MAX) return number
  throw new S3Error('InvalidArgument', `Part number must be an integer between 1 and ${PART_NUMBER_MAX}, inclusive`)
}

function chooseParts(
  present: readonly UploadedPart[],
  chosen: readonly { number: number; etag: string }[],
): readonly UploadedPart[] {
  if (chosen.length === 0) throw new S3Error('MalformedXML')
  const byNumber = new Map(present.map((part) => [part.number, part]))
  return chosen.map(({ number, etag }, index) => {
    const part = byNumber.get(number)
    if (part === undefined || part.etag !== etag) throw new S3Error('InvalidPart')
    if (index > 0 && number <= (chosen[index - 1]?.number ?? 0)) throw new S3Error('InvalidPartOrder')
    if (index < chosen.length - 1 && part.sizeBytes < PART_BYTES_MIN) throw new S3Error('EntityTooSmall')
    return part
  })
}
