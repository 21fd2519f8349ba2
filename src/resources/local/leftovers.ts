import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

/** The variable by which a machine's processes are known: whatever they start inherits it. */
export const MACHINE_VARIABLE = 'MILLRACE_MACHINE_ID'

/** How long to wait between killing what is left and looking again, in milliseconds. */
const LOOK_AGAIN_MS = 20

/** How long to go on killing, in milliseconds; a process that survives SIGKILL so long is stuck in the kernel. */
const KILL_MS_MAX = 10_000

/**
 * Kills every process of a machine and resolves when none is left. It finds them on Linux, by {@link MACHINE_VARIABLE}; elsewhere
 * only the process group of the machine is known, which its caller kills.
 */
export async function killLeftovers(machineId: string): Promise<void> {
  const deadline = performance.now() + KILL_MS_MAX
  for (;;) {
    const pids = await processesOf(machineId)
    if (pids.length === 0) return
    for (const pid of pids) sendSignal(pid, 'SIGKILL')
    if (performance.now() > deadline)
      throw new Error(`Processes of machine ${machineId} cannot be killed: ${pids.join(', ')}`)
    await sleep(LOOK_AGAIN_MS)
  }
}

/** Sends a signal to a process, or with a negative id to a process group. One that has ended is past minding. */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

async function processesOf(machineId: string): Promise<readonly number[]> {
  if (process.platform !== 'linux') return []
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const marker = `${MACHINE_VARIABLE}=${machineId}`
  const pids = names.map(async (name) => {
    // Processes of other users cannot be read, and others end before they are.
    const environment = await readFile(`/proc/${name}/environ`, 'latin1').catch(() => '')
    return environment.split('\0').includes(marker) ? [Number(name)] : []
  })
  return (await Promise.all(pids)).flat()
}
