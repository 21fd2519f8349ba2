import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { createGzip } from 'node:zlib'
import type { S3Client } from '@aws-sdk/client-s3'
import type { PipelineObject } from '../core/definition/pipeline-object.ts'
import type { Instant } from '../core/instant.ts'
import { fieldText, type TaskObjects } from '../datanodes/task-objects.ts'
import type { LaunchedEnd } from './command-launcher.ts'
import { type LineOrigin, logLine } from './runner-log.ts'

/** What takes the place of a secret. */
const MASK = '*********'

/** A command that has ended, and the folder of its own in the attempt's logs. */
type LoggedCommand = { readonly end: LaunchedEnd; readonly logFolder: string | undefined }

/** What one attempt leaves to read: its Activity.log, and what its commands printed. */
export class AttemptLog {
  readonly #lines: string[] = []
  readonly #commands: LoggedCommand[] = []
  readonly #secrets: readonly string[]
  readonly #origin: LineOrigin
  readonly #now: () => Instant

  constructor(place: LineOrigin & { readonly objects: TaskObjects; readonly now: () => Instant }) {
    this.#origin = place
    this.#now = place.now
    this.#secrets = [...place.objects.values()].flatMap(secretsOf)
  }

  /** Writes a line. Values of encrypted fields are masked in it. */
  write(sentence: string): void {
    this.#lines.push(logLine(this.#now(), 'INFO', { ...this.#origin, sentence: this.mask(sentence) }))
  }

  /** The text without the values of encrypted fields. */
  mask(text: string): string {
    return this.#secrets.reduce((masked, secret) => masked.replaceAll(secret, MASK), text)
  }

  /** Keeps what a command printed. */
  addCommand(end: LaunchedEnd, logFolder: string | undefined): void {
    this.#commands.push({ end, logFolder })
  }

  /** The folders of the commands, to be removed when the log has been put away. */
  get folders(): readonly string[] {
    return this.#commands.map(({ end }) => end.folder)
  }

  /**
   * Puts everything under the folder, `s3://…/`: Activity.log.gz, and StdOutput.gz and StdError.gz where something was printed.
   *
   * @source observed: 8.11
   */
  async upload(s3: S3Client, folderUri: string, signal: AbortSignal): Promise<void> {
    const put = await loadPut(s3, folderUri, signal)
    await put('Activity.log.gz', Readable.from(this.#lines))
    const ends = this.#commands.map(({ end }) => end)
    await putPrinted(
      put,
      'StdOutput',
      ends.map(({ stdoutFile }) => stdoutFile),
    )
    await putPrinted(
      put,
      'StdError',
      ends.map(({ stderrFile }) => stderrFile),
    )
    for (const { end, logFolder } of this.#commands) {
      if (logFolder === undefined) continue
      await putPrinted(put, `${logFolder}/StdOutput`, [end.stdoutFile])
      await putPrinted(put, `${logFolder}/StdError`, [end.stderrFile])
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
  return async (name, body) => {
    const uri = requireS3Uri(`${folderUri}${name}`, 'pipelineLogUri')
    await putObject(s3, uri, { body: body.pipe(createGzip()), encryption: 'SERVER_SIDE_ENCRYPTION', signal })
  }
}

async function putPrinted(put: Put, name: string, files: readonly string[]): Promise<void> {
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size))
  const printed = files.filter((_file, index) => (sizes[index] ?? 0) > 0)
  if (printed.length > 0) await put(`${name}.gz`, Readable.from(contents(printed)))
}

async function* contents(files: readonly string[]): AsyncGenerator<Buffer> {
  for (const file of files) yield* createReadStream(file)
}

const secretsOf = (object: PipelineObject): readonly string[] =>
  object.fields.flatMap(({ key, value }) =>
    key.startsWith('*') && value.kind === 'string' && value.text !== '' ? [value.text] : [],
  )

/**
 * Where the logs of an attempt go: `<pipelineLogUri>/<pipeline>/<component>/<instance>/<attempt>/`; nowhere if the attempt has no
 * pipelineLogUri.
 *
 * @source guide: dp-viewing-logs
 */
export function logFolderOf(attempt: PipelineObject, pipelineId: string): string | undefined {
  const root = fieldText(attempt, 'pipelineLogUri')
  if (root === undefined) return undefined
  const component = referenceText(attempt, '@componentParent')
  const instance = referenceText(attempt, '@instanceParent')
  return `${root.replace(/\/+$/, '')}/${pipelineId}/${component}/${instance}/${attempt.id}/`
}

function referenceText({ fields }: PipelineObject, key: string): string {
  const value = fields.find((field) => field.key === key)?.value
  return value?.kind === 'reference' ? value.target : (value?.text ?? '')
}
