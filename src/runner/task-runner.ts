import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { S3Client } from '@aws-sdk/client-s3'
import { type Instant, instant } from '../core/instant.ts'
import { s3Environment } from '../datanodes/s3/s3-settings.ts'
import { createHttpTransport, type HttpTransport } from '../transport/http-transport.ts'
import { type Client, createClient } from '../wire/client.ts'
import { type DecodedTask, decodeTask } from '../wire/codec.ts'
import { isRetryable } from '../wire/retry.ts'
import { CommandLauncher } from './command-launcher.ts'
import { LogUpload } from './log-upload.ts'
import { startProcessGuard } from './process-guard.ts'
import { RunnerLog } from './runner-log.ts'
import type { RunnerSettings } from './runner-settings.ts'
import { runTask, type Workplace } from './task-run.ts'

/**
 * The most tasks that are under way at once.
 *
 * @source observed: 8.5 (10 workers)
 */
const WORKERS_MAX = 10

/**
 * How often the runner says that it is there, in milliseconds.
 *
 * @source model: ReportTaskRunnerHeartbeat
 */
const HEARTBEAT_MS = 15 * 60_000

/** The longest pause between two polls that fail, in milliseconds; it begins with {@link FIRST_PAUSE_MS} and doubles. */
const PAUSE_MS_MAX = 10_000

const FIRST_PAUSE_MS = 50

/** A task runner that can be started once and stopped. */
export type TaskRunner = {
  /** Resolves when it polls. */
  start(): Promise<void>
  /** Ends its tasks, puts their logs away and leaves nothing running. May be called twice. */
  stop(): Promise<void>
  /** Resolves when it is not wanted any more: the service said so, or has been out of reach for too long. */
  readonly unwanted: Promise<void>
}

/**
 * A task runner: polls for tasks, does them, reports on them.
 *
 * @source guide: dp-how-task-runner-user-managed
 */
export function createTaskRunner(settings: RunnerSettings): TaskRunner {
  return new PollingRunner(settings)
}

class PollingRunner implements TaskRunner {
  readonly unwanted: Promise<void>
  readonly #settings: RunnerSettings
  readonly #transport: HttpTransport
  readonly #client: Client
  readonly #log: RunnerLog
  readonly #stopping = new AbortController()
  readonly #work = new Set<Promise<void>>()
  readonly #pollers: Promise<void>[] = []
  readonly #guard
  readonly #launcher: CommandLauncher
  readonly #logUpload: LogUpload | undefined
  #s3: Promise<S3Client> | undefined
  #dismiss: () => void = () => undefined
  #heartbeat: NodeJS.Timeout | undefined
  #reachedAtMs = performance.now()
  #stopped: Promise<void> | undefined
  #room = Promise.withResolvers<void>()

  constructor(settings: RunnerSettings) {
    const { endpoint, region, credentials, workerGroup, outputFolder } = settings
    this.#settings = settings
    const now = (): Instant => instant(Date.now())
    this.#transport = createHttpTransport(settings.proxyUrl)
    this.#client = createClient({ transport: this.#transport.send, endpoint, region, credentials, now })
    this.#log = new RunnerLog({ outputFolder, workerGroup, now })
    this.unwanted = new Promise((resolve) => {
      this.#dismiss = resolve
    })
    const marker = `MILLRACE_TASK_RUNNER=${crypto.randomUUID()}`
    this.#guard = startProcessGuard(marker)
    this.#launcher = new CommandLauncher(this.#guard, this.#launcherOptions(marker))
    const { logUri } = settings
    this.#logUpload =
      logUri === undefined ? undefined : new LogUpload({ folder: this.#log.folder, logUri, s3: () => this.#loadS3() })
  }

  async start(): Promise<void> {
    await mkdir(this.#tasksFolder, { recursive: true, mode: 0o700 })
    this.#guard.onLost(() => {
      this.#log.write('ERROR', 'The guard of the processes was killed; the task runner ends.')
      this.#dismiss()
    })
    for (let poller = 0; poller < this.#settings.tasks; poller += 1) this.#pollers.push(this.#poll())
    this.#beat()
    this.#logUpload?.start()
    const { readyFile, workerGroup } = this.#settings
    if (readyFile !== undefined) await writeFile(readyFile, '')
    this.#log.write('INFO', `Polling for ${workerGroup}`)
    // The first task that needs S3 should not have to wait until its client is loaded.
    setTimeout(() => void this.#loadS3().catch(() => undefined), 200).unref()
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#end()
    return this.#stopped
  }

  async #end(): Promise<void> {
    clearTimeout(this.#heartbeat)
    this.#stopping.abort()
    this.#room.resolve()
    await Promise.all(this.#pollers)
    await Promise.all(this.#work)
    await this.#launcher.stop()
    await this.#guard.stop()
    await this.#logUpload?.stop()
    await rm(this.#tasksFolder, { recursive: true, force: true })
    this.#transport.close()
    if (this.#s3 !== undefined) (await this.#s3).destroy()
  }

  get #tasksFolder(): string {
    return join(this.#settings.outputFolder, 'tmp', this.#settings.taskrunnerId.replaceAll(/[^\w-]/g, '-'))
  }

  #launcherOptions(marker: string) {
    const { environment, s3, outputFolder } = this.#settings
    const [name = '', value] = marker.split('=')
    return {
      folder: this.#tasksFolder,
      commandFolder: outputFolder,
      environment: { ...environment, ...s3Environment(s3), [name]: value },
    }
  }

  /** Polls until the runner stops; a task is begun before the next poll. */
  async #poll(): Promise<void> {
    const { signal } = this.#stopping
    let pauseMs = FIRST_PAUSE_MS
    while (!signal.aborted) {
      try {
        const task = await this.#ask()
        this.#reachedAtMs = performance.now()
        pauseMs = FIRST_PAUSE_MS
        if (task === undefined) continue
        this.#begin(task)
        while (this.#work.size >= WORKERS_MAX && !signal.aborted) await this.#room.promise
      } catch (error) {
        if (signal.aborted) return
        this.#noteFailure(error)
        // Whoever lost the service together should not come back together.
        await sleep(pauseMs * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined)
        pauseMs = Math.min(2 * pauseMs, PAUSE_MS_MAX)
      }
    }
  }

  async #ask(): Promise<DecodedTask | undefined> {
    const { workerGroup, hostname } = this.#settings
    const answer = await this.#client.pollForTask({ workerGroup, hostname }, this.#stopping.signal)
    return decodeTask(answer.taskObject)
  }

  #begin(task: DecodedTask): void {
    const work = this.#see(task).finally(() => {
      this.#work.delete(work)
      this.#room.resolve()
      this.#room = Promise.withResolvers()
    })
    this.#work.add(work)
  }

  async #see(task: DecodedTask): Promise<void> {
    try {
      const ended = await runTask(task, this.#workplace())
      await ended.cleanUp()
    } catch (error) {
      this.#log.write('ERROR', `${task.attemptId}: ${error instanceof Error ? error.stack : error}`, task.pipelineId)
    }
  }

  #workplace(): Workplace {
    return {
      client: this.#client,
      s3: () => this.#loadS3(),
      launcher: this.#launcher,
      log: this.#log,
      workerGroup: this.#settings.workerGroup,
      tasksFolder: this.#tasksFolder,
      commandFolder: this.#settings.outputFolder,
      now: () => instant(Date.now()),
      stopping: this.#stopping.signal,
    }
  }

  #loadS3(): Promise<S3Client> {
    this.#s3 ??= import('../datanodes/s3/s3-client.ts').then(({ createS3Client }) => createS3Client(this.#settings.s3))
    return this.#s3
  }

  #noteFailure(error: unknown): void {
    if (!isRetryable(error)) {
      this.#log.write('ERROR', `The service refuses polls: ${error instanceof Error ? error.message : error}`)
    }
    const { unreachableMsMax } = this.#settings
    const awayMs = performance.now() - this.#reachedAtMs
    if (unreachableMsMax === undefined || awayMs < unreachableMsMax) return
    this.#log.write(
      'ERROR',
      `The service has been out of reach for ${Math.round(awayMs / 1000)} s; the task runner ends.`,
    )
    this.#dismiss()
  }

  #beat(): void {
    const { taskrunnerId, workerGroup, hostname } = this.#settings
    this.#client.reportTaskRunnerHeartbeat({ taskrunnerId, workerGroup, hostname }, this.#stopping.signal).then(
      ({ terminate }) => {
        if (terminate) this.#dismiss()
      },
      () => undefined,
    )
    if (!this.#stopping.signal.aborted) this.#heartbeat = setTimeout(() => this.#beat(), HEARTBEAT_MS)
  }
}
