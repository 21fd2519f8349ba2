import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Makes the folder for the files of a runner's tasks inside `parent`, and removes those of runners that were killed. The name tells
 * whose it is: the process on this host.
 */
export async function makeTasksFolder(parent: string, hostname: string): Promise<string> {
  await mkdir(parent, { recursive: true, mode: 0o700 })
  const owner = `${hostname.replaceAll(/[^\w.]/g, '_')}-`
  for (const name of await readdir(parent)) {
    const processId = name.startsWith(owner) ? Number.parseInt(name.slice(owner.length), 10) : Number.NaN
    if (processId > 0 && !isAlive(processId)) await rm(join(parent, name), { recursive: true, force: true })
  }
  return await mkdtemp(join(parent, `${owner}${process.pid}-`))
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0)
    return true
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH')
  }
}
