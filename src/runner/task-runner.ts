import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { S3Client } from '@aws-sdk/client-s3'
import { type Instant, instant } from '../core/instant.ts'
import { TaskFailure } from '../core/task-failure.ts'
import { type AwsCredentials, s3Environment } from '../datanodes/s3/s3-settings.ts'
import { createHttpTransport, type HttpTransport } from '../transport/http-transport.ts'
import { type Client, createClient } from '../wire/client.ts'
import type { DecodedTask } from '../wire/codec.ts'
import { isRetryable } from '../wire/retry.ts'
import { CommandLauncher } from './command-launcher.ts'
import { Heartbeat } from './heartbeat.ts'
import { LogKeeper } from './log-keeper.ts'
import { type ProcessSpawner, startProcessSpawner } from './process-spawner.ts'
import { RunnerLog } from './runner-log.ts'
import type { RunnerSettings } from './runner-settings.ts'
import { makeTasksFolder } from './task-folder.ts'
import { TaskPoller } from './task-poller.ts'
import { messageOf } from './task-result.ts'
import { runTask, type Workplace } from './task-run.ts'

/** How long a runner that is stopped tries to report results and to put logs away, in milliseconds. Machines are killed after 15 s. */
const STOP_PATIENCE_MS = 10_000

/** When the client of S3 is loaded, in milliseconds after the start: first the runner polls, which matters more. */
const PRELOAD_AFTER_MS = 200

/** A task runner that can be started once and stopped. */
export type TaskRunner = {
  /** Resolves when it polls. */
  start(): Promise<void>
  /** Ends its tasks, reports that, puts their logs away and leaves nothing running. May be called twice. */
  stop(): Promise<void>
  /**
   * Resolves when it is not wanted any more: the service said so, and its tasks are done; the service has been out of reach for too long;
   * or it cannot start commands any more. It should be stopped then.
   */
  readonly unwanted: Promise<void>
}

/**
 * A task runner: polls for tasks, does them, reports on them.
 *
 * @source guide: dp-how-task-runner-user-managed
 */
export function createTaskRunner(settings: RunnerSettings): TaskRunner {
  const unwanted = Promise.withResolvers<void>()
  let started: Promise<RunningTaskRunner> | undefined
  let stopped: Promise<void> | undefined
  return {
    async start() {
      started ??= makeTasksFolder(join(settings.outputFolder, 'tmp'), settings.hostname).then(
        (tasksFolder) => new RunningTaskRunner(settings, { tasksFolder, dismiss: unwanted.resolve }),
      )
      await (await started).start()
    },
    async stop() {
      stopped ??= started?.then((running) => running.stop())
      await stopped
    },
    unwanted: unwanted.promise,
  }
}

/** A task runner whose folder is made. */
class RunningTaskRunner {
  readonly #settings: RunnerSettings
  readonly #surroundings: { readonly tasksFolder: string; readonly dismiss: () => void }
  readonly #log: RunnerLog
  readonly #transport: HttpTransport
  readonly #client: Client
  readonly #spawner: ProcessSpawner
  readonly #launcher: CommandLauncher
  readonly #poller: TaskPoller
  readonly #heartbeat: Heartbeat
  readonly #logKeeper: LogKeeper
  readonly #stopping = new AbortController()
  readonly #patience = new AbortController()
  /** Logs of ended tasks that are being put away. */
  readonly #cleaning = new Set<Promise<void>>()
  #s3: Promise<S3Client> | undefined

  constructor(settings: RunnerSettings, surroundings: { readonly tasksFolder: string; readonly dismiss: () => void }) {
    const { endpoint, region, credentials, workerGroup, hostname, taskrunnerId, outputFolder, logUri, tasks } = settings
    this.#settings = settings
    this.#surroundings = surroundings
    this.#log = new RunnerLog({ outputFolder, workerGroup, now })
    this.#transport = createHttpTransport(settings.proxyUrl)
    this.#client = createClient({ transport: this.#transport.send, endpoint, region, credentials, now })
    const client = this.#client
    const environment = { ...settings.environment, ...s3Environment(settings.s3) }
    this.#spawner = startProcessSpawner({ commandFolder: outputFolder, environment, token: crypto.randomUUID() })
    this.#launcher = new CommandLauncher(this.#spawner, surroundings.tasksFolder)
    this.#poller = new TaskPoller({
      ...{ client, workerGroup, hostname, polls: tasks },
      work: (task) => this.#work(task),
      onFailure: (error, failingMs) => this.#noteFailure(error, failingMs),
    })
    const onTerminate = () => void this.#drain()
    this.#heartbeat = new Heartbeat({ client, taskrunnerId, workerGroup, hostname, onTerminate })
    this.#logKeeper = new LogKeeper({ log: this.#log, logUri, s3: () => this.#loadS3() })
  }

  async start(): Promise<void> {
    this.#spawner.onLost(() => {
      this.#log.write('ERROR', 'The process that starts commands was killed; the task runner ends')
      this.#surroundings.dismiss()
    })
    this.#poller.start()
    this.#heartbeat.start()
    this.#logKeeper.start()
    setTimeout(() => void this.#loadS3(), PRELOAD_AFTER_MS).unref()
    const { readyFile, workerGroup } = this.#settings
    if (readyFile !== undefined) await writeFile(readyFile, '')
    this.#log.write('INFO', `Polling for ${workerGroup}`)
  }

  async stop(): Promise<void> {
    const timer = setTimeout(() => this.#patience.abort(), STOP_PATIENCE_MS)
    this.#log.write('INFO', 'Stopping')
    this.#stopping.abort(new TaskFailure('TaskRunnerStopped', 'The task runner was stopped while the attempt ran.'))
    await this.#heartbeat.stop()
    await this.#poller.stop()
    await Promise.all(this.#cleaning)
    await this.#launcher.stop()
    await this.#spawner.stop()
    await this.#logKeeper.stop(this.#patience.signal)
    clearTimeout(timer)
    await rm(this.#surroundings.tasksFolder, { recursive: true, force: true })
    this.#transport.close()
    if (this.#s3 !== undefined) (await this.#s3).destroy()
  }

  async #work(task: DecodedTask): Promise<void> {
    try {
      const ended = await runTask(task, this.#workplace())
      const cleaned = ended.cleanUp().finally(() => this.#cleaning.delete(cleaned))
      this.#cleaning.add(cleaned)
    } catch (error) {
      this.#log.write('ERROR', `${task.attemptId}: ${traceOf(error)}`, task.pipelineId)
    }
  }

  #workplace(): Workplace {
    const { workerGroup, outputFolder, credentials, s3 } = this.#settings
    return {
      client: this.#client,
      s3: () => this.#loadS3(),
      launcher: this.#launcher,
      log: this.#log,
      workerGroup,
      tasksFolder: this.#surroundings.tasksFolder,
      commandFolder: outputFolder,
      secrets: [credentials, s3.credentials].flatMap(secretTexts),
      now,
      stopping: this.#stopping.signal,
      patience: this.#patience.signal,
    }
  }

  /** Takes no more tasks, and is unwanted when the last one is done. */
  async #drain(): Promise<void> {
    this.#log.write('INFO', 'The service wants the task runner to end')
    await this.#poller.stop()
    this.#surroundings.dismiss()
  }

  #noteFailure(error: unknown, failingMs: number): void {
    if (!isRetryable(error)) this.#log.write('ERROR', `The service refuses polls: ${messageOf(error)}`)
    const { unreachableMsMax } = this.#settings
    if (unreachableMsMax === undefined || failingMs < unreachableMsMax) return
    this.#log.write('ERROR', 'The service has been out of reach for too long; the task runner ends')
    this.#surroundings.dismiss()
  }

  /** Loads what speaks to S3 when it is first wanted: that takes longer than many tasks. */
  #loadS3(): Promise<S3Client> {
    this.#s3 ??= import('../datanodes/s3/s3-client.ts').then(({ createS3Client }) => createS3Client(this.#settings.s3))
    return this.#s3
  }
}

const now = (): Instant => instant(Date.now())

const secretTexts = (keys: AwsCredentials | undefined): readonly string[] =>
  keys === undefined ? [] : [keys.secretAccessKey, ...(keys.sessionToken === undefined ? [] : [keys.sessionToken])]

const traceOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error))
