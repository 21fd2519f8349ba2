import { readdir, readFile } from 'node:fs/promises'
import type { ProcessRecord } from '../../src/resources/local/machine-process.ts'
import { processBirth } from '../../src/resources/local/process-birth.ts'

/** One process, told from every other that ever had its id. */
export type ProcessIdentity = ProcessRecord & { readonly commandLine: string }

export const isAlive = async ({ pid, birth }: ProcessRecord): Promise<boolean> => (await processBirth(pid)) === birth

/** The processes with these ids, and all that they have started, directly or not. */
export async function processesAround(roots: readonly number[]): Promise<readonly ProcessIdentity[]> {
  const parents = new Map<number, number>()
  for (const pid of await processIds()) {
    const status = await readProcessFile(pid, 'stat')
    // The name of the program, in parentheses, may hold anything; the parent is the second field after it.
    const [, parent] = status.slice(status.lastIndexOf(')') + 2).split(' ')
    parents.set(pid, Number(parent))
  }
  const around = new Set(roots)
  for (let size = 0; size < around.size; ) {
    size = around.size
    for (const [pid, parent] of parents) if (around.has(parent)) around.add(pid)
  }
  return identify([...around])
}

/** The processes whose command line or environment holds a text, but for this one. */
export async function processesThatMention(text: string): Promise<readonly ProcessIdentity[]> {
  const pids = (await processIds()).filter((pid) => pid !== process.pid)
  const mentions = await Promise.all(
    pids.map(async (pid) => {
      const told = [await readProcessFile(pid, 'cmdline'), await readProcessFile(pid, 'environ')]
      return told.some((part) => part.includes(text))
    }),
  )
  return identify(pids.filter((_, index) => mentions[index]))
}

async function identify(pids: readonly number[]): Promise<readonly ProcessIdentity[]> {
  const identities = await Promise.all(
    pids.map(async (pid) => {
      const birth = await processBirth(pid)
      const commandLine = (await readProcessFile(pid, 'cmdline')).replaceAll('\0', ' ')
      return birth === undefined ? [] : [{ pid, birth, commandLine: `${pid} ${commandLine}` }]
    }),
  )
  return identities.flat()
}

async function processIds(): Promise<readonly number[]> {
  return (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
}

/** Empty for a process that has ended, or is another user's. */
const readProcessFile = (pid: number, name: string): Promise<string> =>
  readFile(`/proc/${pid}/${name}`, 'latin1').catch(() => '')
