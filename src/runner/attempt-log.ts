import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { pipeline, Readable } from 'node:stream'
import { createGzip } from 'node:zlib'
import type { S3Client } from '@aws-sdk/client-s3'
import type { PipelineObject } from '../core/definition/pipeline-object.ts'
import type { Instant } from '../core/instant.ts'
import { fieldReferences, fieldText } from '../datanodes/task-objects.ts'
import type { LaunchedEnd } from './command-launcher.ts'
import { type LineOrigin, logLine } from './runner-log.ts'
import type { Secrets } from './secrets.ts'

/** A command that has ended, and the folder of its own in the attempt's logs. */
type LoggedCommand = { readonly end: LaunchedEnd; readonly logFolder: string | undefined }

/** What one attempt leaves to read: its Activity.log, and what its commands printed. Secrets are masked in all of it. */
export class AttemptLog {
  readonly #lines: string[] = []
  readonly #commands: LoggedCommand[] = []
  readonly #origin: LineOrigin
  readonly #secrets: Secrets
  readonly #now: () => Instant

  constructor(origin: LineOrigin, { secrets, now }: { readonly secrets: Secrets; readonly now: () => Instant }) {
    this.#origin = origin
    this.#secrets = secrets
    this.#now = now
  }

  write(sentence: string): void {
    this.#lines.push(logLine(this.#now(), 'INFO', { ...this.#origin, sentence: this.#secrets.mask(sentence) }))
  }

  /** Keeps what a command printed. */
  addCommand(end: LaunchedEnd, logFolder: string | undefined): void {
    this.#commands.push({ end, logFolder })
  }

  /** Gives up what the commands printed. Nothing can be uploaded afterwards. */
  release(): void {
    for (const { end } of this.#commands.splice(0)) end.release()
  }

  /**
   * Puts everything under the folder, `s3://…/`: Activity.log.gz, and StdOutput.gz and StdError.gz where something was printed.
   *
   * @source observed: 8.11
   */
  async upload(s3: S3Client, folderUri: string, signal: AbortSignal): Promise<void> {
    const put = await loadPut(s3, folderUri, signal)
    const putPrinted = async (name: string, files: readonly string[]) => {
      const printed = await withoutEmpty(files)
      if (printed.length > 0)
        await put(
          name,
          pipeline(contents(printed), this.#secrets.maskStream(), () => undefined),
        )
    }
    const ends = this.#commands.map(({ end }) => end)
    await put('Activity.log', Readable.from(this.#lines))
    await putPrinted(
      'StdOutput',
      ends.map(({ stdoutFile }) => stdoutFile),
    )
    await putPrinted(
      'StdError',
      ends.map(({ stderrFile }) => stderrFile),
    )
    for (const { end, logFolder } of this.#commands) {
      if (logFolder === undefined) continue
      await putPrinted(`${logFolder}/StdOutput`, [end.stdoutFile])
      await putPrinted(`${logFolder}/StdError`, [end.stderrFile])
    }
  }
}

type Put = (name: string, body: Readable) => Promise<void>

async function loadPut(s3: S3Client, folderUri: string, signal: AbortSignal): Promise<Put> {
  // What speaks to S3 takes longer to load than a short command runs, and is not needed where logs go nowhere.
  const [{ putObject }, { requireS3Uri }] = await Promise.all([
    import('../datanodes/s3/put-object.ts'),
    import('../datanodes/s3/s3-uri.ts'),
  ])
  return async (name, text) => {
    const uri = requireS3Uri(`${folderUri}${name}.gz`, 'pipelineLogUri')
    const body = pipeline(text, createGzip(), () => undefined)
    await putObject(s3, uri, { body, encryption: 'SERVER_SIDE_ENCRYPTION', signal })
  }
}

async function withoutEmpty(files: readonly string[]): Promise<readonly string[]> {
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size))
  return files.filter((_file, index) => sizes[index] !== 0)
}

async function* contents(files: readonly string[]): AsyncGenerator<Buffer> {
  for (const file of files) yield* createReadStream(file)
}

/**
 * Where the logs of an attempt go: `<pipelineLogUri>/<pipeline>/<component>/<instance>/<attempt>/`; nowhere if the attempt has no
 * pipelineLogUri.
 *
 * @source guide: dp-viewing-logs
 */
export function logFolderOf(attempt: PipelineObject, pipelineId: string): string | undefined {
  const root = fieldText(attempt, 'pipelineLogUri')
  if (root === undefined) return undefined
  const [component] = fieldReferences(attempt, '@componentParent')
  const [instance] = fieldReferences(attempt, '@instanceParent')
  return `${root.replace(/\/+$/, '')}/${pipelineId}/${component ?? ''}/${instance ?? ''}/${attempt.id}/`
}
