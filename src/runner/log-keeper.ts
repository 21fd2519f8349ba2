import { createReadStream, createWriteStream } from 'node:fs'
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream'
import { pipeline as finishedPipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { S3Client } from '@aws-sdk/client-s3'
import { LOG_FILE_PREFIX, type RunnerLog } from './runner-log.ts'
import { messageOf } from './task-result.ts'

/**
 * How often logs are put to S3, in milliseconds.
 *
 * @source guide: dp-how-task-runner-user-managed
 */
const INTERVAL_MS = 60 * 60_000

/**
 * Hours whose logs are kept as they are; older files are compressed.
 *
 * @source guide: dp-how-task-runner-user-managed
 */
const HOURS_UNCOMPRESSED = 8

/** Where logs go. */
export type LogKeeperOptions = {
  readonly log: RunnerLog
  /** `s3://bucket/prefix`; logs stay where they are if absent. */
  readonly logUri: string | undefined
  readonly s3: () => Promise<S3Client>
}

/** Puts the runner's own logs to S3 each hour and at its end, and compresses old ones. */
export class LogKeeper {
  readonly #options: LogKeeperOptions
  /** The sizes, in bytes, that files had when they were put to S3. */
  readonly #putSizes = new Map<string, number>()
  #timer: NodeJS.Timeout | undefined
  #work: Promise<void> = Promise.resolve()

  constructor(options: LogKeeperOptions) {
    this.#options = options
  }

  start(): void {
    const { signal } = new AbortController()
    this.#timer = setInterval(() => {
      this.#work = this.#work.then(() => this.#keep(signal))
    }, INTERVAL_MS)
  }

  /** Puts away what has not been by now, until the signal is aborted. */
  async stop(patience: AbortSignal): Promise<void> {
    clearInterval(this.#timer)
    await this.#work
    await this.#keep(patience)
  }

  async #keep(signal: AbortSignal): Promise<void> {
    const { log, logUri } = this.#options
    log.flush()
    try {
      const names = (await readdir(log.folder)).filter((name) => name.startsWith(LOG_FILE_PREFIX)).sort()
      const files = names.filter((name) => !name.endsWith('.gz'))
      if (logUri !== undefined) for (const name of files) await this.#put(logUri, name, signal)
      for (const name of files.slice(0, -HOURS_UNCOMPRESSED)) await compress(join(log.folder, name))
    } catch (error) {
      log.write('ERROR', `Logs could not be put away, which is tried again: ${messageOf(error)}`)
    }
  }

  async #put(logUri: string, name: string, signal: AbortSignal): Promise<void> {
    const { log, s3 } = this.#options
    const file = join(log.folder, name)
    const { size } = await stat(file)
    if (this.#putSizes.get(name) === size) return
    const [{ putObject }, { requireS3Uri }] = await Promise.all([
      import('../datanodes/s3/put-object.ts'),
      import('../datanodes/s3/s3-uri.ts'),
    ])
    const hour = name.slice(LOG_FILE_PREFIX.length)
    const uri = requireS3Uri(`${logUri.replace(/\/+$/, '')}/TaskRunner.${hour}.gz`, '--logUri')
    const body = pipeline(createReadStream(file), createGzip(), () => undefined)
    await putObject(await s3(), uri, { body, encryption: 'SERVER_SIDE_ENCRYPTION', signal })
    this.#putSizes.set(name, size)
  }
}

async function compress(file: string): Promise<void> {
  await finishedPipeline(createReadStream(file), createGzip(), createWriteStream(`${file}.gz`))
  await rm(file)
}
