import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

/**
 * When the process with this id began, in words that differ for every other process that ever had the id, also after a restart of
 * the computer; `undefined` when there is none, or only one that has ended and waits for its parent to notice.
 */
export async function processBirth(pid: number): Promise<string | undefined> {
  return process.platform === 'linux' ? linuxBirth(pid) : portableBirth(pid)
}

async function linuxBirth(pid: number): Promise<string | undefined> {
  const status = await readIfThere(`/proc/${pid}/stat`)
  if (status === undefined) return undefined
  // The name of the program, in parentheses, may hold anything; the fields after it are counted from the third.
  const fields = status.slice(status.lastIndexOf(')') + 2).split(' ')
  const [state] = fields
  const startTicks = fields[22 - 3]
  if (state === 'Z' || state === 'X' || startTicks === undefined) return undefined
  const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim()
  return `${boot} ${startTicks}`
}

async function portableBirth(pid: number): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'stat=,lstart=', '-p', String(pid)])
    const [state = '', ...start] = stdout.trim().split(/\s+/)
    return state === '' || state.startsWith('Z') ? undefined : start.join(' ')
  } catch {
    // ps ends with a status other than 0 when no process has the id.
    return undefined
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch {
    // The process may end at any moment, before or while its file is read; the kernel has several errors for that.
    return undefined
  }
}
