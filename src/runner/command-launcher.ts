import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, constants, mkdirSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Command, CommandEnd } from '../activities/activity.ts'
import { TaskFailure } from '../core/task-failure.ts'
import type { ProcessSpawner, SpawnedGroup } from './process-spawner.ts'

/** A command's end. The files with what it printed stay until whoever launched it releases them. */
export type LaunchedEnd = CommandEnd & { release(): void }

/** How long a command that is told to stop may take before it is killed, in milliseconds. */
const STOP_GRACE_MS = 5_000

/** How often it is looked whether a group that was told to stop has ended, in milliseconds. */
const GROUP_POLL_MS = 20

/** How long after a command's end it is looked for what left its group, in milliseconds; looking costs more than many commands. */
const SWEEP_AFTER_MS = 1_000

/** What one command has in its folder. */
const FILES = { stdout: 'StdOutput', stderr: 'StdError', command: 'command.sh', start: 'start.sh' } as const

/** Lets only the owner look: commands may hold secrets. */
const FOLDER_MODE = 0o700

/** Shells that wait for a command: as many as a task runner polls for at once by default. */
const SHELLS_WAITING = 2

/** How often it is looked whether a shell that has just been started has come to its gate, in milliseconds. */
const GATE_POLL_MS = 1

/**
 * Runs commands, each in a process group of its own, of which nothing is left when the command is over. Shells wait for commands, since
 * starting one takes several times as long as a short command runs.
 */
export class CommandLauncher {
  readonly #spawner: ProcessSpawner
  readonly #folder: string
  readonly #waiting = new Set<Shell>()
  readonly #running = new Set<Promise<LaunchedEnd>>()
  readonly #endedTokens: string[] = []
  /** Folders that nothing uses: making one with its pipe takes longer than many commands run. */
  readonly #freeFolders: string[] = []
  #folders = 0
  #sweepTimer: NodeJS.Timeout | undefined
  #shellsWanted = SHELLS_WAITING

  /** @param folder - exists; it gets a folder for each command that is under way, and for a few more. */
  constructor(spawner: ProcessSpawner, folder: string) {
    this.#spawner = spawner
    this.#folder = folder
    this.#replenish()
  }

  /**
   * Runs a command to its end, and ends what it leaves behind.
   *
   * @throws the signal's reason when that is aborted; TaskFailure (TaskRunnerFault), or an error of the system, when the command cannot
   * be started.
   */
  async launch(command: Command, signal: AbortSignal): Promise<LaunchedEnd> {
    signal.throwIfAborted()
    const run = this.#run(this.#takeShell(), command, signal)
    this.#running.add(run)
    try {
      return await run
    } finally {
      this.#running.delete(run)
      // Whoever waits for the end goes first.
      setImmediate(() => this.#replenish())
    }
  }

  /** Resolves when no command runs any more. The shells that wait end with the spawner. May be called twice. */
  async stop(): Promise<void> {
    this.#shellsWanted = 0
    clearTimeout(this.#sweepTimer)
    await Promise.allSettled(this.#running)
  }

  async #run({ token, folder, group }: Shell, command: Command, signal: AbortSignal): Promise<LaunchedEnd> {
    try {
      await openGate(join(folder, 'gate'), writeScript(folder, command), group.status)
      const status = await statusUnlessAborted(group, signal)
      this.#sweepLater(token)
      const release = () => this.#release(folder)
      return { status, stdoutFile: join(folder, FILES.stdout), stderrFile: join(folder, FILES.stderr), release }
    } catch (error) {
      // Of a spawner that was killed, the groups go on.
      void group.groupId.then((groupId) => signalGroup(groupId, 'SIGKILL')).catch(() => undefined)
      this.#spawner.sweep([token])
      await rm(folder, { recursive: true, force: true })
      throw error
    }
  }

  /** What left its group may write for a while longer: its files go, and the next command gets others. */
  #release(folder: string): void {
    for (const name of Object.values(FILES)) rmSync(join(folder, name), { force: true })
    this.#freeFolders.push(folder)
  }

  #takeShell(): Shell {
    const [waiting] = this.#waiting
    if (waiting === undefined) return this.#startShell()
    this.#waiting.delete(waiting)
    return waiting
  }

  #startShell(): Shell {
    const token = randomUUID()
    const folder = this.#freeFolders.pop() ?? this.#makeFolder()
    return { token, folder, group: this.#spawner.prepare(token, folder) }
  }

  #makeFolder(): string {
    const folder = join(this.#folder, `command-${++this.#folders}`)
    mkdirSync(folder, { mode: FOLDER_MODE })
    return folder
  }

  #replenish(): void {
    try {
      while (this.#waiting.size < this.#shellsWanted) {
        const shell = this.#startShell()
        this.#waiting.add(shell)
        const forget = () => void this.#waiting.delete(shell)
        shell.group.status.then(forget, forget)
      }
    } catch {
      // The disk has no room for a folder now. The next command asks again, and reports it if that still is so.
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

/** A shell that waits at its gate, or is on its way there. */
type Shell = { readonly token: string; readonly folder: string; readonly group: SpawnedGroup }

/** Writes what the shell is to run, and returns the path. Commands are no arguments: every user of a machine can read those. */
function writeScript(folder: string, { program, arguments: words, environment }: Command): string {
  const commandFile = join(folder, FILES.command)
  const exports = Object.entries(environment).map(([name, value]) => `export ${name}=${quote(value)}`)
  if (program.kind === 'shell') {
    writeFileSync(commandFile, program.text)
    if (exports.length === 0 && words.length === 0) return commandFile
  }
  const startFile = join(folder, FILES.start)
  const start = program.kind === 'shell' ? `. ${quote(commandFile)}` : `exec ${quote(program.path)} "$@"`
  writeFileSync(startFile, `${[...exports, `set -- ${words.map(quote).join(' ')}`, start].join('\n')}\n`)
  return startFile
}

function quote(text: string): string {
  if (text.includes('\0')) throw new TaskFailure('InvalidField', 'A command or argument contains the character NUL.')
  return `'${text.replaceAll("'", "'\\''")}'`
}

/** Lets a shell run a script as soon as it waits at its gate; one that has ended never will. */
async function openGate(gate: string, script: string, ended: Promise<number>): Promise<void> {
  let isEnded = false
  const end = () => {
    isEnded = true
  }
  ended.then(end, end)
  while (!isEnded) {
    const pipe = openWaiting(gate)
    if (pipe === undefined) {
      await sleep(GATE_POLL_MS)
      continue
    }
    writeSync(pipe, `${script}\n`)
    closeSync(pipe)
    return
  }
}

/** Opens a pipe for writing if there is one, and somebody reads from it. */
function openWaiting(path: string): number | undefined {
  try {
    return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENXIO'))
      return undefined
    throw error
  }
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
