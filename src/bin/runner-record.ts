import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RunnerIdentity } from '../engine/lost-runner.ts'
import { killLeftovers, sendSignal } from '../resources/local/leftovers.ts'
import type { ProcessRecord } from '../resources/local/machine-process.ts'
import { processBirth } from '../resources/local/process-birth.ts'

/** What a server must know of the task runner that was started before, by itself or by an earlier server. */
type RunnerRecord = { readonly identity: RunnerIdentity; readonly process: ProcessRecord }

/** How often to look whether a killed process has ended, in milliseconds. */
const LOOK_AGAIN_MS = 10

/** Notes which task runner works in a folder. */
export async function writeRunnerRecord(folder: string, identity: RunnerIdentity, pid: number): Promise<void> {
  const record: RunnerRecord = { identity, process: { pid, birth: (await processBirth(pid)) ?? '' } }
  const path = pathOf(folder)
  await writeFile(`${path}.new`, JSON.stringify(record))
  await rename(`${path}.new`, path)
}

/**
 * Kills what is left of the task runner that worked in a folder, and of its commands. Resolves when nothing is, to who it was;
 * `undefined` where there was none.
 */
export async function endPreviousRunner(folder: string): Promise<RunnerIdentity | undefined> {
  const text = await readFile(pathOf(folder), 'utf8').catch(() => undefined)
  // Only writeRunnerRecord writes this file, and whole.
  const record = text === undefined ? undefined : (JSON.parse(text) as RunnerRecord)
  if (record !== undefined) await endProcess(record.process)
  await killLeftovers(folder)
  return record?.identity
}

/** Without the task runner, the process that guards its commands kills them. */
async function endProcess({ pid, birth }: ProcessRecord): Promise<void> {
  while ((await processBirth(pid)) === birth) {
    sendSignal(pid, 'SIGKILL')
    await sleep(LOOK_AGAIN_MS)
  }
}

const pathOf = (folder: string): string => join(folder, 'runner.json')
