import { watch } from 'node:fs'
import { access, mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ProcessRecord } from './machine-process.ts'

/** The last bytes of a machine's output that explain why it ended. */
const OUTPUT_TAIL_BYTES = 2000

/** What a new server must know of a machine that an earlier one started. */
export type MachineRecord = {
  readonly process: ProcessRecord
  /** The server that the machine's task runner polls. */
  readonly endpoint: string
}

/** The folder of one machine: whatever it writes is in here, and goes with it. */
export class MachineFolder {
  readonly path: string

  constructor(machinesFolder: string, machineId: string) {
    this.path = join(machinesFolder, machineId)
  }

  /** The access key of the machine's task runner, in the form of the original's `credentials.json`. */
  get credentialsPath(): string {
    return join(this.path, 'credentials.json')
  }

  /** Where the task runner works. */
  get workPath(): string {
    return join(this.path, 'work')
  }

  get homePath(): string {
    return join(this.path, 'home')
  }

  get temporaryPath(): string {
    return join(this.path, 'tmp')
  }

  /** The file that the task runner writes when it polls. */
  get readyPath(): string {
    return join(this.path, 'ready')
  }

  /** What the task runner prints. */
  get outputPath(): string {
    return join(this.path, 'output.log')
  }

  /** Makes the folder, empty but for its subfolders and the credentials. */
  async create(credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }): Promise<void> {
    await this.remove()
    for (const path of [this.path, this.workPath, this.homePath, this.temporaryPath]) {
      await mkdir(path, { recursive: true, mode: 0o700 })
    }
    const text = JSON.stringify({ 'access-id': credentials.accessKeyId, 'private-key': credentials.secretAccessKey })
    await writeFile(this.credentialsPath, text, { mode: 0o600 })
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true, maxRetries: 5 })
  }

  async writeRecord(record: MachineRecord): Promise<void> {
    await writeFile(this.#recordPath('.new'), JSON.stringify(record))
    await rename(this.#recordPath('.new'), this.#recordPath(''))
  }

  /** `undefined` when the server ended before it had written one. */
  async readRecord(): Promise<MachineRecord | undefined> {
    const text = await readFile(this.#recordPath(''), 'utf8').catch(() => undefined)
    // Only writeRecord writes this file, and whole.
    return text === undefined ? undefined : (JSON.parse(text) as MachineRecord)
  }

  async isReady(): Promise<boolean> {
    return access(this.readyPath).then(
      () => true,
      () => false,
    )
  }

  /** Resolves when the task runner polls. */
  async becomesReady(signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const watcher = watch(this.path, { signal, persistent: false }, () => void check())
      const check = async () => {
        if (!(await this.isReady())) return
        watcher.close()
        resolve()
      }
      watcher.on('error', reject)
      void check()
    })
  }

  /** The last of what the task runner printed. */
  async outputTail(): Promise<string> {
    const file = await open(this.outputPath).catch(() => undefined)
    if (file === undefined) return ''
    try {
      const { size } = await file.stat()
      const start = Math.max(0, size - OUTPUT_TAIL_BYTES)
      const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(OUTPUT_TAIL_BYTES), position: start })
      return buffer.toString('utf8', 0, bytesRead).trim()
    } finally {
      await file.close()
    }
  }

  #recordPath(suffix: string): string {
    return join(this.path, `machine.json${suffix}`)
  }
}

/** The ids of the machines that have a folder. */
export async function machineIdsIn(machinesFolder: string): Promise<readonly string[]> {
  await mkdir(machinesFolder, { recursive: true, mode: 0o700 })
  const entries = await readdir(machinesFolder, { withFileTypes: true })
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
}
