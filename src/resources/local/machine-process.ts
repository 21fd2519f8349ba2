import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { sendSignal } from './leftovers.ts'
import { processBirth } from './process-birth.ts'

/** How often to look whether a machine is alive that an earlier server started, in milliseconds: nobody tells when it ends. */
const WATCH_MS = 500

/** How long a machine has to end by itself, in milliseconds: its task runner stops its tasks and puts their logs away. */
const GRACE_MS = 15_000

/** How long a killed process may take to end, in milliseconds; one that takes longer is stuck in the kernel. */
const KILL_MS_MAX = 10_000

/** How often to look whether a process that was told to end has ended, in milliseconds. */
const END_POLL_MS = 10

/** How a machine's process ended. A process that an earlier server started does not tell. */
export type ProcessEnd =
  | { readonly kind: 'exited'; readonly status: number }
  | { readonly kind: 'killed'; readonly signal: string | undefined }

/** What finds a machine's process again after a restart of the server. */
export type ProcessRecord = { readonly pid: number; readonly birth: string }

/** The process of a machine: the leader of a session of its own, so that it outlives the server. */
export class MachineProcess {
  readonly record: ProcessRecord
  /** Resolves when the process has ended. */
  readonly ended: Promise<ProcessEnd>
  readonly #watch = new AbortController()

  private constructor(record: ProcessRecord, ended: Promise<ProcessEnd> | undefined) {
    this.record = record
    this.ended = ended ?? this.#watchAdopted()
  }

  /** Starts a machine's program. @throws Error when there is no such program. */
  static async start(launch: {
    readonly program: readonly string[]
    readonly folder: string
    readonly environment: Readonly<Record<string, string>>
    /** The descriptor of the file that takes what the program prints. */
    readonly output: number
  }): Promise<MachineProcess> {
    const [file = '', ...args] = launch.program
    const child = spawn(file, args, {
      cwd: launch.folder,
      env: { ...launch.environment },
      detached: true,
      stdio: ['ignore', launch.output, launch.output],
    })
    const ended = endOf(child)
    await once(child, 'spawn')
    child.unref()
    const pid = child.pid ?? 0
    return new MachineProcess({ pid, birth: (await processBirth(pid)) ?? '' }, ended)
  }

  /** Takes over a process that an earlier server started; `undefined` when it has ended. */
  static async adopt(record: ProcessRecord): Promise<MachineProcess | undefined> {
    return (await processBirth(record.pid)) === record.birth ? new MachineProcess(record, undefined) : undefined
  }

  /** Asks the process to end, and kills it with its group if it does not in time. */
  async end(): Promise<void> {
    await this.#signalGroup('SIGTERM')
    await this.#waitForEnd(GRACE_MS)
    await this.kill()
  }

  /** Kills the process and its group. */
  async kill(): Promise<void> {
    await this.#signalGroup('SIGKILL')
    await this.#waitForEnd(KILL_MS_MAX)
  }

  /** Looks no more after the process. It goes on. */
  forget(): void {
    this.#watch.abort()
  }

  /** Resolves when the process has ended or the time is over. */
  async #waitForEnd(waitMs: number): Promise<void> {
    const deadline = performance.now() + waitMs
    while (performance.now() < deadline && (await processBirth(this.record.pid)) === this.record.birth) {
      await sleep(END_POLL_MS)
    }
  }

  /** A group whose leader has ended keeps its number while it has members; a leader of another birth means that it is not ours. */
  async #signalGroup(signal: NodeJS.Signals): Promise<void> {
    const birth = await processBirth(this.record.pid)
    if (birth === undefined || birth === this.record.birth) sendSignal(-this.record.pid, signal)
  }

  async #watchAdopted(): Promise<ProcessEnd> {
    const { signal } = this.#watch
    while ((await processBirth(this.record.pid)) === this.record.birth) {
      await sleep(WATCH_MS, undefined, { signal }).catch(() => undefined)
      if (signal.aborted) return new Promise(() => undefined)
    }
    return { kind: 'killed', signal: undefined }
  }
}

const endOf = (child: ChildProcess): Promise<ProcessEnd> =>
  new Promise((resolve) => {
    child.once('exit', (status, signal) => {
      resolve(status === null ? { kind: 'killed', signal: signal ?? undefined } : { kind: 'exited', status })
    })
  })
