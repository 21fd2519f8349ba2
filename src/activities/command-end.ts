import { open } from 'node:fs/promises'
import { constants } from 'node:os'
import { TaskFailure } from '../core/task-failure.ts'
import type { CommandEnd } from './activity.ts'

/** How much of what a command printed last goes into a message, in bytes. */
const TAIL_BYTES_MAX = 2_000

/** Whether the command said that it succeeded. */
export const hasSucceeded = ({ status }: CommandEnd): boolean => status === 0

/**
 * Passes over a command that succeeded.
 *
 * @param what - names the command at the beginning of the message: `The command`.
 * @throws TaskFailure (CommandFailed) when it did not, with the end of what it printed.
 */
export async function requireSuccess(what: string, end: CommandEnd): Promise<void> {
  if (!hasSucceeded(end)) throw new TaskFailure('CommandFailed', await describeEnd(what, end))
}

/** How a command ended, in a sentence, followed by the end of its StdError, or of its StdOutput if that is empty. */
export async function describeEnd(what: string, { status, stderrFile, stdoutFile }: CommandEnd): Promise<string> {
  const how = `exited with status ${status}${signalNote(status)}`
  const errors = await tailOf(stderrFile)
  if (errors !== '') return `${what} ${how}. Its StdError ends with:\n${errors}`
  const output = await tailOf(stdoutFile)
  return output === ''
    ? `${what} ${how} and printed nothing.`
    : `${what} ${how}. Its StdError is empty; its StdOutput ends with:\n${output}`
}

/** A status above 128 is, by custom, that of something that a signal killed. */
function signalNote(status: number): string {
  const name = Object.entries(constants.signals).find(([, number]) => number === status - 128)?.[0]
  return name === undefined ? '' : ` (${name})`
}

async function tailOf(file: string): Promise<string> {
  const handle = await open(file)
  try {
    const { size } = await handle.stat()
    const start = Math.max(0, size - TAIL_BYTES_MAX)
    const { buffer, bytesRead } = await handle.read({
      buffer: Buffer.alloc(Math.min(size, TAIL_BYTES_MAX)),
      position: start,
    })
    const tail = buffer.toString('utf8', 0, bytesRead).trimEnd()
    // The first line is cut where the file is longer than the tail; a line alone is better cut than missing.
    return start === 0 ? tail : tail.slice(tail.indexOf('\n') + 1)
  } finally {
    await handle.close()
  }
}
