import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { RunnerIdentity } from '../engine/lost-runner.ts'
import { MACHINE_VARIABLE } from '../resources/local/leftovers.ts'
import { endPreviousRunner, writeRunnerRecord } from './runner-record.ts'

/** The pause before a task runner that ended by itself is started again, in milliseconds; it doubles with each early end. */
const RESTART_DELAY_MS = 1000

/** The longest such pause, in milliseconds: once what ends the task runner is repaired, work goes on within a minute. */
const RESTART_DELAY_MS_MAX = 60_000

/** A task runner that has worked for so long, in milliseconds, ends for another reason than the one before it. */
const STEADY_MS = 60_000

/** How a task runner is started. */
export type RunnerLaunch = {
  readonly program: readonly string[]
  /** Where it works; no other task runner does. */
  readonly folder: string
  readonly environment: Readonly<Record<string, string>>
  /** How it names itself in its polls. */
  readonly identity: RunnerIdentity
  /** Told of a task runner of which nothing is left, before another one takes its place: what it held may be offered again. */
  readonly onGone: (runner: RunnerIdentity) => Promise<void>
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

  /** Gives back what the task runner of an earlier server held, and starts one. */
  async start(): Promise<void> {
    await this.#clearAway()
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
    for (let earlyEnds = 1; !signal.aborted; earlyEnds += 1) {
      const startedAtMs = performance.now()
      await this.#runOnce()
      if (signal.aborted) return
      if (performance.now() - startedAtMs >= STEADY_MS) earlyEnds = 1
      const delayMs = restartDelayMs(earlyEnds)
      this.#launch.log.warn({ program: this.#launch.program, delayMs }, 'the task runner ended and is started again')
      await this.#clearAway()
      await sleep(delayMs, undefined, { signal }).catch(() => undefined)
    }
  }

  /** Gives back what the task runner before held. Where that fails, its tasks are offered again when their leases are over. */
  async #clearAway(): Promise<void> {
    const { folder, onGone, log } = this.#launch
    try {
      const gone = await endPreviousRunner(folder)
      if (gone !== undefined) await onGone(gone)
    } catch (error) {
      log.error({ err: error, folder }, 'the tasks of a task runner that ended could not be given back')
    }
  }

  async #runOnce(): Promise<void> {
    const { program, folder, environment, identity } = this.#launch
    const [file = '', ...args] = program
    const child = spawn(file, args, {
      cwd: folder,
      env: { ...environment, [MACHINE_VARIABLE]: folder },
      stdio: ['pipe', 'inherit', 'inherit'],
    })
    this.#child = child
    const exit = once(child, 'exit')
    if (this.#stopped.signal.aborted) child.kill('SIGTERM')
    await Promise.all([exit, writeRunnerRecord(folder, identity, child.pid ?? 0)])
    this.#child = undefined
  }
}

/** The pause after so many early ends in a row, ≥ 1, in milliseconds. */
export const restartDelayMs = (earlyEnds: number): number =>
  Math.min(RESTART_DELAY_MS * 2 ** (earlyEnds - 1), RESTART_DELAY_MS_MAX)
