import { appendFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { formatInstant, type Instant } from '../core/instant.ts'

/** How important a line is. */
export type LogLevel = 'INFO' | 'WARN' | 'ERROR'

/** Writes lines of a log in the form of the original's. */
export type LineWriter = (level: LogLevel, sentence: string) => void

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const

/** What stands in front of a line: what thread of work wrote it, and for which pipeline. */
export type LineOrigin = { readonly workerGroup: string; readonly pipelineId: string }

/**
 * One line of a log: `29 Jun 2022 06:29:59,745 [INFO] (TaskRunnerService-<worker group>) <pipeline> TaskPoller: Executing …`.
 *
 * @source observed: 8.6
 */
export function logLine(now: Instant, level: LogLevel, line: LineOrigin & { readonly sentence: string }): string {
  const [date = '', time = ''] = formatInstant(now).split('T')
  const [year, month, day] = date.split('-')
  const fraction = String(now % 1000).padStart(3, '0')
  const stamp = `${day} ${months[Number(month) - 1]} ${year} ${time},${fraction}`
  return `${stamp} [${level}] (TaskRunnerService-${line.workerGroup}) ${line.pipelineId} millrace: ${line.sentence}\n`
}

/** How long lines may wait for others to be written with, in milliseconds: one write costs as much as many lines. */
const FLUSH_AFTER_MS = 20

/** What the name of each log file begins with; the hour follows. */
export const LOG_FILE_PREFIX = 'TaskRunner.log.'

/**
 * The runner's own log: a file for each hour, `TaskRunner.log.YYYY-MM-DD-HH`, in UTC.
 *
 * @source guide: dp-how-task-runner-user-managed
 */
export class RunnerLog {
  readonly folder: string
  readonly #workerGroup: string
  readonly #now: () => Instant
  /** Lines of one hour that are not in its file yet. */
  #pending = ''
  #hour = ''
  #timer: NodeJS.Timeout | undefined

  constructor(place: { readonly outputFolder: string; readonly workerGroup: string; readonly now: () => Instant }) {
    this.folder = join(place.outputFolder, 'logs')
    this.#workerGroup = place.workerGroup
    this.#now = place.now
    mkdirSync(this.folder, { recursive: true })
  }

  write(level: LogLevel, sentence: string, pipelineId = '-'): void {
    const now = this.#now()
    const hour = formatInstant(now).slice(0, 13).replace('T', '-')
    if (hour !== this.#hour) this.flush()
    this.#hour = hour
    this.#pending += logLine(now, level, { workerGroup: this.#workerGroup, pipelineId, sentence })
    this.#timer ??= setTimeout(() => this.flush(), FLUSH_AFTER_MS)
  }

  /** Puts what has been written into its file. */
  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#pending !== '') appendFileSync(join(this.folder, LOG_FILE_PREFIX + this.#hour), this.#pending)
    this.#pending = ''
  }
}
