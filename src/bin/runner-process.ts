import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'

/** The pause before a task runner that ended by itself is started again, in milliseconds. */
const RESTART_DELAY_MS = 1000

/** How a task runner is started. */
export type RunnerLaunch = {
  readonly program: readonly string[]
  readonly folder: string
  readonly environment: Readonly<Record<string, string>>
  readonly log: Logger
}

/**
 * The server's own task runner: a process that is started again when it ends, and that ends with the server however the server ends,
 * because its standard input does.
 */
export class RunnerProcess {
  readonly #launch: RunnerLaunch
  readonly #stopped = new AbortController()
  #child: ChildProcess | undefined
  #running: Promise<void> | undefined

  constructor(launch: RunnerLaunch) {
    this.#launch = launch
  }

  start(): void {
    this.#running ??= this.#keepRunning()
  }

  /** Asks the task runner to end and waits until it has. May be called twice. */
  async stop(): Promise<void> {
    this.#stopped.abort()
    this.#child?.kill('SIGTERM')
    await this.#running
  }

  async #keepRunning(): Promise<void> {
    const { signal } = this.#stopped
    while (!signal.aborted) {
      await this.#runOnce()
      if (signal.aborted) return
      this.#launch.log.warn({ program: this.#launch.program }, 'the task runner ended and is started again')
      await sleep(RESTART_DELAY_MS, undefined, { signal }).catch(() => undefined)
    }
  }

  async #runOnce(): Promise<void> {
    const [file = '', ...args] = this.#launch.program
    const { folder, environment } = this.#launch
    const child = spawn(file, args, { cwd: folder, env: { ...environment }, stdio: ['pipe', 'inherit', 'inherit'] })
    this.#child = child
    await once(child, 'exit')
    this.#child = undefined
  }
}
