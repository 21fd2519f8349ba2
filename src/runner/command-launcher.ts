import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Command, CommandEnd } from '../activities/activity.ts'
import { TaskFailure } from '../core/task-failure.ts'
import type { ProcessSpawner, SpawnedGroup } from './process-spawner.ts'

/** A command's end, and the folder that holds what it printed; whoever launched it removes it. */
export type LaunchedEnd = CommandEnd & { readonly folder: string }

/** How long a command that is told to stop may take before it is killed, in milliseconds. */
const STOP_GRACE_MS = 5_000

/** How often it is looked whether a group that was told to stop has ended, in milliseconds. */
const GROUP_POLL_MS = 20

/** How long after a command's end it is looked for what left its group, in milliseconds; looking costs more than many commands. */
const SWEEP_AFTER_MS = 1_000

/** Lets only the owner look: commands may hold secrets. */
const FOLDER_MODE = 0o700

/** Runs commands, each in a process group of its own, of which nothing is left when the command is over. */
export class CommandLauncher {
  readonly #spawner: ProcessSpawner
  readonly #folder: string
  readonly #running = new Set<Promise<LaunchedEnd>>()
  readonly #endedTokens: string[] = []
  #sweepTimer: NodeJS.Timeout | undefined

  /** @param folder - each command gets a folder in it for its script and for what it prints. */
  constructor(spawner: ProcessSpawner, folder: string) {
    this.#spawner = spawner
    this.#folder = folder
  }

  /**
   * Runs a command to its end, and ends what it leaves behind.
   *
   * @throws the signal's reason when that is aborted; TaskFailure (TaskRunnerFault), or an error of the system, when the command cannot
   * be started.
   */
  async launch(command: Command, signal: AbortSignal): Promise<LaunchedEnd> {
    signal.throwIfAborted()
    const run = this.#run(command, signal)
    this.#running.add(run)
    try {
      return await run
    } finally {
      this.#running.delete(run)
    }
  }

  /** Resolves when no command runs any more. May be called twice. */
  async stop(): Promise<void> {
    await Promise.allSettled(this.#running)
    clearTimeout(this.#sweepTimer)
  }

  async #run(command: Command, signal: AbortSignal): Promise<LaunchedEnd> {
    const token = randomUUID()
    const folder = join(this.#folder, token)
    try {
      mkdirSync(folder, { mode: FOLDER_MODE })
      writeScripts(folder, command)
      const status = await statusUnlessAborted(this.#spawner.run(token, folder), signal)
      this.#sweepLater(token)
      return { status, folder, stdoutFile: join(folder, 'StdOutput'), stderrFile: join(folder, 'StdError') }
    } catch (error) {
      this.#spawner.sweep([token])
      await rm(folder, { recursive: true, force: true })
      throw error
    }
  }

  #sweepLater(token: string): void {
    this.#endedTokens.push(token)
    this.#sweepTimer ??= setTimeout(() => {
      this.#sweepTimer = undefined
      this.#spawner.sweep(this.#endedTokens.splice(0))
    }, SWEEP_AFTER_MS).unref()
  }
}

// Commands are files, as in the original, and never arguments, which every user of the machine could read.
function writeScripts(folder: string, { program, arguments: words, environment }: Command): void {
  const commandFile = join(folder, 'command.sh')
  if (program.kind === 'shell') writeFileSync(commandFile, program.text)
  const lines = [
    ...Object.entries(environment).map(([name, value]) => `export ${name}=${quote(value)}`),
    `set -- ${words.map(quote).join(' ')}`,
    program.kind === 'shell' ? `. ${quote(commandFile)}` : `exec ${quote(program.path)} "$@"`,
  ]
  writeFileSync(join(folder, 'start.sh'), `${lines.join('\n')}\n`)
}

function quote(text: string): string {
  if (text.includes('\0')) throw new TaskFailure('InvalidField', 'A command or argument contains the character NUL.')
  return `'${text.replaceAll("'", "'\\''")}'`
}

async function statusUnlessAborted(group: SpawnedGroup, signal: AbortSignal): Promise<number> {
  const over = new AbortController()
  const aborted = signal.aborted ? Promise.resolve() : once(signal, 'abort', { signal: over.signal })
  try {
    const status = await Promise.race([group.status, aborted.then(() => undefined)])
    if (status === undefined) await askToEnd(await group.groupId)
    signalGroup(await group.groupId, 'SIGKILL')
    signal.throwIfAborted()
    return await group.status
  } catch (error) {
    // Of a spawner that was killed, the groups go on.
    void group.groupId.then((groupId) => signalGroup(groupId, 'SIGKILL')).catch(() => undefined)
    throw error
  } finally {
    over.abort()
  }
}

async function askToEnd(groupId: number): Promise<void> {
  const deadlineMs = performance.now() + STOP_GRACE_MS
  signalGroup(groupId, 'SIGTERM')
  while (signalGroup(groupId, 0) === 'processes' && performance.now() < deadlineMs) await sleep(GROUP_POLL_MS)
}

/** Sends a signal to all that is left of a group; 0 only looks. Returns what was found. */
function signalGroup(groupId: number, name: NodeJS.Signals | 0): 'processes' | 'nothing' {
  try {
    process.kill(-groupId, name)
    return 'processes'
  } catch (error) {
    // ESRCH: nobody is left. EPERM, on macOS: only processes that have ended and wait to be noticed.
    if (error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EPERM'))
      return 'nothing'
    throw error
  }
}
