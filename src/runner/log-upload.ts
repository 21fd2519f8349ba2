import { createReadStream } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createGzip } from 'node:zlib'
import type { S3Client } from '@aws-sdk/client-s3'

/**
 * How often logs are put to S3, in milliseconds.
 *
 * @source guide: dp-how-task-runner-user-managed
 */
const INTERVAL_MS = 60 * 60_000

/** How many hours' logs are kept beside the runner; older ones are in S3. */
const FILES_KEPT = 8

/** What is put where. */
export type LogUploadOptions = {
  /** The folder of the log files. */
  readonly folder: string
  /** `s3://bucket/prefix` */
  readonly logUri: string
  readonly s3: () => Promise<S3Client>
}

/** Puts the runner's own logs to S3 each hour and at its end. */
export class LogUpload {
  readonly #options: LogUploadOptions
  #timer: NodeJS.Timeout | undefined

  constructor(options: LogUploadOptions) {
    this.#options = options
  }

  start(): void {
    this.#timer = setInterval(() => void this.#upload().catch(() => undefined), INTERVAL_MS)
  }

  /** Puts what there is by now. What S3 does not take then stays in the folder. May be called twice. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.#upload().catch(() => undefined)
  }

  async #upload(): Promise<void> {
    const [{ putObject }, { requireS3Uri }] = await Promise.all([
      import('../datanodes/s3/put-object.ts'),
      import('../datanodes/s3/s3-uri.ts'),
    ])
    const { folder, logUri, s3 } = this.#options
    const files = (await readdir(folder)).filter((name) => name.startsWith('TaskRunner.log.')).sort()
    for (const name of files) {
      const uri = requireS3Uri(`${logUri.replace(/\/+$/, '')}/${name}.gz`, '--logUri')
      const body = createReadStream(join(folder, name)).pipe(createGzip())
      const signal = new AbortController().signal
      await putObject(await s3(), uri, { body, encryption: 'SERVER_SIDE_ENCRYPTION', signal })
    }
    for (const name of files.slice(0, -FILES_KEPT)) await rm(join(folder, name))
  }
}
