import { spawn } from 'node:child_process'
import { once } from 'node:events'

/**
 * A process that outlives the task runner just long enough to kill what the runner leaves behind, even if the runner was itself killed
 * without warning.
 */
export type ProcessGuard = {
  /** Resolves when the process group will be killed should the task runner end; only then may the group begin its work. */
  register(groupId: number): Promise<void>
  /** Forgets a group that has ended, before its id can be given to another one. */
  release(groupId: number): void
  /** Kills, on Linux, every process that was started with one of these variables (`NAME=value`) and left its group. */
  sweep(variables: readonly string[]): void
  /** Registers the one listener for a guard that was killed. */
  onLost(listener: () => void): void
  /** Kills what is still registered and resolves when that is done. May be called twice. */
  stop(): Promise<void>
}

/**
 * What the guard runs. It learns of groups through a pipe whose other end only the task runner holds: when that closes, the task runner
 * is gone, and reading ends. Processes that made a session of their own have left their group but not their environment; each round
 * of a sweep finds what was born during the one before.
 */
const GUARD_SCRIPT = `
trap '' HUP INT TERM
sweep() {
  for round in 1 2 3 4 5 6 7 8 9; do
    found=$(grep -lsE "$1" /proc/[0-9]*/environ 2>/dev/null)
    [ -n "$found" ] || return
    for file in $found; do
      process=\${file#/proc/}
      kill -s KILL "\${process%/environ}" 2>/dev/null
    done
  done
}
groups=' '
while read -r verb operand; do
  case $verb in
    add) groups="$groups$operand " ;;
    remove) groups="\${groups%% $operand *} \${groups#* $operand }" ;;
    sweep) sweep "$operand" ;;
  esac
done
for group in $groups; do
  kill -s KILL -- "-$group" 2>/dev/null
done
sweep "$1"
`

/**
 * Starts a guard in a session of its own.
 *
 * @param variable - `NAME=value`, in the environment of everything that the task runner starts, and of nothing else.
 */
export function startProcessGuard(variable: string): ProcessGuard {
  const guard = spawn('/bin/sh', ['-c', GUARD_SCRIPT, 'millrace-guard', variable], {
    cwd: '/',
    detached: true,
    env: { PATH: '/usr/bin:/bin' },
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  const ended = once(guard, 'exit')
  let stopping: Promise<void> | undefined
  // A guard that dies is noticed by its exit; that a write to it failed says nothing more.
  guard.stdin.on('error', () => undefined)
  const tell = (line: string, written?: (error: Error | null | undefined) => void) =>
    guard.stdin.write(`${line}\n`, written)
  return {
    register: (groupId) =>
      new Promise((resolve, reject) => {
        tell(`add ${groupId}`, (error) => (error ? reject(error) : resolve()))
      }),
    release: (groupId) => void tell(`remove ${groupId}`),
    sweep: (variables) => void tell(`sweep (${variables.join('|')})`),
    onLost: (listener) => void ended.then(() => stopping ?? listener()),
    stop() {
      stopping ??= ended.then(() => undefined)
      guard.stdin.end()
      return stopping
    },
  }
}
