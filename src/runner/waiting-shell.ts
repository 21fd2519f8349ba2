import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { closeSync, existsSync, mkdirSync, openSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import type { Command, CommandEnd } from '../activities/activity.ts'
import { TaskFailure } from '../core/task-failure.ts'

/** Where shells live and what they know. */
export type ShellOptions = {
  /** Each shell gets a folder in it for its script and for what it prints. */
  readonly folder: string
  /** The working directory of all commands. */
  readonly commandFolder: string
  /** The variables that all commands get. */
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** A shell in a session and process group of its own, which waits until it is told what to run. */
export type WaitingShell = {
  readonly groupId: number
  /** `NAME=value` in the environment of all that the shell starts, whatever group it moves to. */
  readonly variable: string
  readonly folder: string
  readonly stdoutFile: string
  readonly stderrFile: string
  /** Lets the shell run a command, once. */
  begin(command: Command): void
  /** Resolves when the shell, or what it became, has ended. */
  readonly exit: Promise<CommandEnd['exit']>
  /** Sends a signal to all that is left of the group; 0 only looks. Returns what was found. */
  signal(name: NodeJS.Signals | 0): 'processes' | 'nothing'
}

/** Lets only the owner look: commands may hold secrets. */
const FOLDER_MODE = 0o700

/** The shell that the original's machines had as their `sh`; scripts were written for it. */
const SHELL = ['/bin/bash', '/usr/bin/bash', '/usr/local/bin/bash'].find((path) => existsSync(path)) ?? '/bin/sh'

/**
 * What each shell does first: it waits for the path of what it is to run. If none comes, the task runner is gone. The path does not come
 * through the standard input: Bash takes a socket there for a login from afar, and runs the user's start-up file.
 */
const GATE = 'read -r millrace_start <&3 && exec 3<&- && . "$millrace_start"'

/**
 * Starts a shell.
 *
 * @throws TaskFailure (TaskRunnerFault) when the machine has no room for another process or file.
 */
export function startShell({ folder: parent, commandFolder, environment }: ShellOptions): WaitingShell {
  const token = randomUUID()
  const folder = join(parent, token)
  const stdoutFile = join(folder, 'StdOutput')
  const stderrFile = join(folder, 'StdError')
  mkdirSync(folder, { mode: FOLDER_MODE })
  const stdout = openSync(stdoutFile, 'w')
  const stderr = openSync(stderrFile, 'w')
  const child = spawn(SHELL, ['-c', GATE], {
    cwd: commandFolder,
    detached: true,
    env: { ...environment, MILLRACE_COMMAND: token },
    stdio: ['ignore', stdout, stderr, 'pipe'],
  })
  closeSync(stdout)
  closeSync(stderr)
  const exit = new Promise<CommandEnd['exit']>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      resolve(signal === null ? { kind: 'exited', code: code ?? 0 } : { kind: 'killed', signal })
    })
  })
  // Whoever waits for the end learns of a failure; a shell that is never used fails for nobody.
  exit.catch(() => undefined)
  const gate = child.stdio[3]
  // That a shell was killed before it was told what to run shows in how it ends.
  gate?.on('error', () => undefined)
  const groupId = child.pid
  if (groupId === undefined)
    throw new TaskFailure('TaskRunnerFault', `No process could be started in ${commandFolder}.`)
  return {
    groupId,
    variable: `MILLRACE_COMMAND=${token}`,
    folder,
    stdoutFile,
    stderrFile,
    begin: (command) => {
      if (gate instanceof Writable) gate.end(`${writeStart(folder, command)}\n`)
    },
    exit,
    signal: (name) => signalGroup(groupId, name),
  }
}

// Commands are files, as in the original, and never arguments, which every user of the machine could read.
function writeStart(folder: string, { program, arguments: words, environment }: Command): string {
  const commandFile = join(folder, 'command.sh')
  const startFile = join(folder, 'start.sh')
  if (program.kind === 'shell') writeFileSync(commandFile, program.text)
  const lines = [
    ...Object.entries(environment).map(([name, value]) => `export ${name}=${quote(value)}`),
    `set -- ${words.map(quote).join(' ')}`,
    program.kind === 'shell' ? `. ${quote(commandFile)}` : `exec ${quote(program.path)} "$@"`,
  ]
  writeFileSync(startFile, `${lines.join('\n')}\n`)
  return startFile
}

function quote(text: string): string {
  if (text.includes('\0')) throw new TaskFailure('InvalidField', 'A command or argument contains the character NUL.')
  return `'${text.replaceAll("'", "'\\''")}'`
}

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
