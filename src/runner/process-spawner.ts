import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { Readable, Writable } from 'node:stream'
import { TaskFailure } from '../core/task-failure.ts'

/**
 * A small process that starts commands for the task runner, and outlives it just long enough to kill what is left of them, even if the
 * task runner was itself killed without warning. Starting them costs it little, whereas Node would copy all that it has in memory.
 */
export type ProcessSpawner = {
  /**
   * Starts Bash in a process group of its own. It waits at the named pipe `gate` in the folder for the path of the script that it is to
   * run; what it prints goes to `StdOutput` and `StdError` beside it. The pipe is made if it is missing.
   *
   * @param token - names the shell, and all that it starts, in their environment as {@link COMMAND_VARIABLE}.
   */
  prepare(token: string, folder: string): SpawnedGroup
  /** Kills, on Linux, every process of the commands with these tokens that left its group. */
  sweep(tokens: readonly string[]): void
  /** Registers the one listener for a spawner that was killed. */
  onLost(listener: () => void): void
  /** Kills all that still runs, and resolves when that is done. May be called twice. */
  stop(): Promise<void>
}

/** A process group that has been asked for. Both promises reject with TaskFailure (TaskRunnerFault) when the spawner is killed. */
export type SpawnedGroup = {
  readonly groupId: Promise<number>
  /** The exit status of its first process, 128 more than the signal's number if one killed it; others may go on in the group. */
  readonly status: Promise<number>
}

/** What the spawner is started with. */
export type SpawnerOptions = {
  /** The working directory of all commands. */
  readonly commandFolder: string
  /** The variables that all commands get. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** A word that tells the processes of this task runner from all others. */
  readonly token: string
}

/** Holds a command's token. */
const COMMAND_VARIABLE = 'MILLRACE_COMMAND'

/** Holds the token of a task runner, in the environment of its commands. */
const RUNNER_VARIABLE = 'MILLRACE_TASK_RUNNER'

/**
 * What the spawner runs. It is told what to do through a pipe whose other end only the task runner holds: when that closes, the task
 * runner is gone. A watcher for each command waits for it and tells how it ended; it is in no command's group, so that it survives
 * whatever a command does to its own. Processes that made a session of their own have left their group but not their environment; each
 * round of a sweep finds what was born during the one before.
 */
const SPAWNER_SCRIPT = `
watch() {
  set -m
  over= group=
  trap 'over=1; kill -s KILL -- "-$group"' TERM
  export "${RUNNER_VARIABLE}=$runner" "${COMMAND_VARIABLE}=$1"
  [ -p "$2/gate" ] || mkfifo "$2/gate"
  "$BASH" -c "$at_gate" bash "$2/gate" </dev/null >"$2/StdOutput" 2>"$2/StdError" 3<&- 4>&- &
  group=$!
  [ -z "$over" ] || kill -s KILL -- "-$group"
  printf 'begun %s %s\\n' "$1" "$group" >&4
  wait "$group"
  printf 'ended %s %s\\n' "$1" "$?" >&4
}
sweep() {
  for round in 1 2 3 4 5 6 7 8 9; do
    found=$(grep -lsE "$1" /proc/[0-9]*/environ 2>/dev/null)
    [ -n "$found" ] || return
    for file in $found; do
      process=\${file#/proc/}
      kill -s KILL "\${process%/environ}"
    done
  done
}
runner=$1
at_gate='read -r millrace_script <"$1" && set -- && . "$millrace_script"'
set -m
while read -r verb first second <&3; do
  case $verb in
    prepare) watch "$first" "$second" & ;;
    sweep) sweep "${COMMAND_VARIABLE}=$first" ;;
  esac
done
kill -s TERM $(jobs -pr)
wait
sweep "${RUNNER_VARIABLE}=$runner"
`

/**
 * Starts a spawner in a session of its own.
 *
 * @throws Error when the machine has no Bash. Scripts were written for the original's machines, where it was the shell.
 */
export function startProcessSpawner({ commandFolder, environment, token }: SpawnerOptions): ProcessSpawner {
  const bash = ['/bin/bash', '/usr/bin/bash', '/usr/local/bin/bash'].find((path) => existsSync(path))
  if (bash === undefined) throw new Error('The task runner needs Bash: install it as /bin/bash.')
  const spawner = spawn(bash, ['-c', SPAWNER_SCRIPT, 'millrace-spawner', token], {
    cwd: commandFolder,
    detached: true,
    env: environment,
    // Bash takes a socket on its standard input for a login from afar, and would run the user's start-up file.
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  })
  const groups = new PendingGroups()
  const ended = new Promise<void>((resolve) => {
    spawner.once('error', () => resolve())
    spawner.once('exit', () => resolve())
  }).then(() => groups.fail())
  const [, , , orders, reports] = spawner.stdio
  if (!(orders instanceof Writable && reports instanceof Readable)) throw new Error('The spawner has no pipes.')
  // A spawner that dies is noticed by its end; that it could not be told anything says nothing more.
  orders.on('error', () => undefined)
  createInterface({ input: reports }).on('line', (line) => groups.report(line))
  let stopping: Promise<void> | undefined
  return {
    prepare(shellToken, folder) {
      orders.write(`prepare ${shellToken} ${folder}\n`)
      return groups.add(shellToken)
    },
    sweep: (tokens) => void orders.write(`sweep (${tokens.join('|')})\n`),
    onLost: (listener) => void ended.then(() => stopping ?? listener()),
    stop() {
      stopping ??= ended
      orders.end()
      return stopping
    },
  }
}

type PendingGroup = {
  readonly groupId: PromiseWithResolvers<number>
  readonly status: PromiseWithResolvers<number>
}

/** The groups that have not ended, by the tokens of their commands. */
class PendingGroups {
  readonly #pending = new Map<string, PendingGroup>()
  #isLost = false

  add(token: string): SpawnedGroup {
    const group = { groupId: Promise.withResolvers<number>(), status: Promise.withResolvers<number>() }
    // Not everybody waits for both.
    group.groupId.promise.catch(() => undefined)
    group.status.promise.catch(() => undefined)
    this.#pending.set(token, group)
    if (this.#isLost) this.fail()
    return { groupId: group.groupId.promise, status: group.status.promise }
  }

  /** Takes a line of the spawner: `begun` or `ended`, a token and a number. */
  report(line: string): void {
    const [what, token = '', number] = line.split(' ')
    const group = this.#pending.get(token)
    if (what === 'begun') group?.groupId.resolve(Number(number))
    if (what !== 'ended') return
    group?.status.resolve(Number(number))
    this.#pending.delete(token)
  }

  fail(): void {
    this.#isLost = true
    const failure = new TaskFailure(
      'TaskRunnerFault',
      'The process that starts the commands of the task runner was killed.',
    )
    for (const { groupId, status } of this.#pending.values()) {
      groupId.reject(failure)
      status.reject(failure)
    }
    this.#pending.clear()
  }
}
