import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Command, CommandEnd } from '../activities/activity.ts'
import type { ProcessGuard } from './process-guard.ts'
import { type ShellOptions, startShell, type WaitingShell } from './waiting-shell.ts'

/** A command's end, and the folder that holds what it printed; whoever launched it removes it. */
export type LaunchedEnd = CommandEnd & { readonly folder: string }

/** How long a command that is told to stop may take before it is killed, in milliseconds. */
const STOP_GRACE_MS = 5_000

/** How often it is looked whether a group that was told to stop has ended, in milliseconds. */
const GROUP_POLL_MS = 20

/** Shells that wait for a command: as many as a task runner polls for at once by default. */
const SHELLS_WAITING = 2

/** How long after a command began another shell takes its place, in milliseconds; at the command's end if that comes first. */
const REPLENISH_AFTER_MS = 25

/** How long after a command's end it is looked for what left its group, in milliseconds; looking costs more than many commands. */
const SWEEP_AFTER_MS = 1_000

/**
 * Runs commands, each in a process group of its own. Shells wait for them, because starting a process takes several times as long as a
 * short command runs. None passes its gate before the guard knows its group.
 */
export class CommandLauncher {
  readonly #guard: ProcessGuard
  readonly #options: ShellOptions
  readonly #waiting = new Set<RegisteredShell>()
  readonly #running = new Set<Promise<LaunchedEnd>>()
  readonly #endedVariables: string[] = []
  #sweepTimer: NodeJS.Timeout | undefined
  #replenishTimer: NodeJS.Timeout | undefined
  #shellsWanted = SHELLS_WAITING

  constructor(guard: ProcessGuard, options: ShellOptions) {
    this.#guard = guard
    this.#options = options
    this.#replenish()
  }

  /**
   * Runs a command to its end, and ends what it leaves behind.
   *
   * @throws the signal's reason when that is aborted; an error of the system when the command cannot be started.
   */
  async launch(command: Command, signal: AbortSignal): Promise<LaunchedEnd> {
    signal.throwIfAborted()
    const run = this.#run(this.#takeShell(), command, signal)
    this.#running.add(run)
    this.#replenishTimer ??= setTimeout(() => this.#replenish(), REPLENISH_AFTER_MS)
    try {
      return await run
    } finally {
      this.#running.delete(run)
      // Starting a process holds everything else up, so whoever waits for the end goes first.
      setImmediate(() => this.#replenish())
    }
  }

  /** Ends the waiting shells and resolves when no command runs any more. May be called twice. */
  async stop(): Promise<void> {
    this.#shellsWanted = 0
    clearTimeout(this.#replenishTimer)
    clearTimeout(this.#sweepTimer)
    await Promise.allSettled(this.#running)
    await Promise.all([...this.#waiting].map((waiting) => this.#discard(waiting)))
  }

  async #run({ shell, registered }: RegisteredShell, command: Command, signal: AbortSignal): Promise<LaunchedEnd> {
    try {
      await registered
      shell.begin(command)
      const exit = await exitUnlessAborted(shell, signal)
      this.#sweepLater(shell.variable)
      return { exit, folder: shell.folder, stdoutFile: shell.stdoutFile, stderrFile: shell.stderrFile }
    } catch (error) {
      this.#guard.sweep([shell.variable])
      await rm(shell.folder, { recursive: true, force: true })
      throw error
    } finally {
      shell.signal('SIGKILL')
      this.#guard.release(shell.groupId)
    }
  }

  #takeShell(): RegisteredShell {
    const [waiting] = this.#waiting
    if (waiting === undefined) return this.#start()
    this.#waiting.delete(waiting)
    return waiting
  }

  #replenish(): void {
    clearTimeout(this.#replenishTimer)
    this.#replenishTimer = undefined
    try {
      while (this.#waiting.size < this.#shellsWanted) this.#addWaiting()
    } catch {
      // The machine has no room for a process now. The next command asks again, and reports it if that still is so.
    }
  }

  #addWaiting(): void {
    const waiting = this.#start()
    this.#waiting.add(waiting)
    const forget = () => void this.#waiting.delete(waiting)
    waiting.shell.exit.then(forget, forget)
  }

  #start(): RegisteredShell {
    const shell = startShell(this.#options)
    const registered = this.#guard.register(shell.groupId)
    // Whoever takes the shell learns that the guard is lost.
    registered.catch(() => undefined)
    return { shell, registered }
  }

  async #discard(waiting: RegisteredShell): Promise<void> {
    const { shell } = waiting
    this.#waiting.delete(waiting)
    shell.signal('SIGKILL')
    await shell.exit
    this.#guard.release(shell.groupId)
    await rm(shell.folder, { recursive: true, force: true })
  }

  #sweepLater(variable: string): void {
    this.#endedVariables.push(variable)
    this.#sweepTimer ??= setTimeout(() => {
      this.#sweepTimer = undefined
      this.#guard.sweep(this.#endedVariables.splice(0))
    }, SWEEP_AFTER_MS).unref()
  }
}

type RegisteredShell = { readonly shell: WaitingShell; readonly registered: Promise<void> }

async function exitUnlessAborted(shell: WaitingShell, signal: AbortSignal): Promise<CommandEnd['exit']> {
  const over = new AbortController()
  const aborted = signal.aborted ? Promise.resolve() : once(signal, 'abort', { signal: over.signal })
  const exit = await Promise.race([shell.exit, aborted.then(() => undefined)])
  if (exit !== undefined) {
    over.abort()
    return exit
  }
  await endGroup(shell)
  await shell.exit
  throw signal.reason
}

async function endGroup(shell: WaitingShell): Promise<void> {
  shell.signal('SIGTERM')
  for (let waitedMs = 0; waitedMs < STOP_GRACE_MS && shell.signal(0) === 'processes'; waitedMs += GROUP_POLL_MS) {
    await sleep(GROUP_POLL_MS)
  }
  shell.signal('SIGKILL')
}
