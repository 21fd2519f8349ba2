import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from '../../src/bin/connection.ts'
import type { Connection } from '../../src/cli/command-context.ts'
import { MachineFolder, machineIdsIn } from '../../src/resources/local/machine-folder.ts'
import { isAlive, type ProcessIdentity, processesAround, processesThatMention } from './processes.ts'
import { freePorts, untilReady } from './server-start.ts'

const MILLRACE = join(import.meta.dirname, '../../src/bin/millrace.js')

/** A server process on a data folder of its own, and its machines, all of which can be killed without warning. */
export class KillableMillrace {
  readonly dataFolder: string
  #server: ChildProcess
  #connection: Connection
  #ports: readonly string[]
  /** Everything that ran when something was killed: the guards of task runners are told by nothing but who started them. */
  readonly #seen = new Map<string, ProcessIdentity>()

  private constructor(dataFolder: string, { server, connection, ports }: Started) {
    this.dataFolder = dataFolder
    this.#server = server
    this.#connection = connection
    this.#ports = ports
  }

  static async start(): Promise<KillableMillrace> {
    const dataFolder = await mkdtemp(join(tmpdir(), 'millrace-kill-'))
    return new KillableMillrace(dataFolder, await startServer(dataFolder, await freePorts()))
  }

  get client(): Connection['client'] {
    return this.#connection.client
  }

  /** Kills the server and starts another one on the same data folder, after `meanwhile`. */
  async replaceServer(endpoint: 'same' | 'other', meanwhile: () => Promise<void>): Promise<void> {
    await this.#remember()
    const exit = once(this.#server, 'exit')
    this.#server.kill('SIGKILL')
    await exit
    this.#connection.close()
    await meanwhile()
    if (endpoint === 'other') this.#ports = await freePorts()
    const { server, connection } = await startServer(this.dataFolder, this.#ports)
    this.#server = server
    this.#connection = connection
  }

  /** The process ids of the task runners of machines. */
  async machines(): Promise<readonly number[]> {
    const machinesFolder = join(this.dataFolder, 'machines')
    const records = (await machineIdsIn(machinesFolder)).map((id) => new MachineFolder(machinesFolder, id).readRecord())
    const identities = (await Promise.all(records)).flatMap((record) => (record === undefined ? [] : [record.process]))
    const alive = await Promise.all(identities.map(isAlive))
    return identities.filter((_, index) => alive[index]).map(({ pid }) => pid)
  }

  async killMachine(pid: number): Promise<void> {
    await this.#remember()
    try {
      process.kill(pid, 'SIGKILL')
    } catch (error) {
      // The machine may have ended while it was looked at.
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
    }
  }

  /**
   * Stops the server; returns the command lines of processes that are left, of which there should be none. May be called twice.
   */
  async stop(): Promise<readonly string[]> {
    await this.#remember()
    this.#connection.close()
    this.#server.stdin?.end()
    const hasEnded = this.#server.exitCode !== null || this.#server.signalCode !== null
    if (!hasEnded) await once(this.#server, 'exit')
    const seen = [...this.#seen.values()]
    const alive = await Promise.all(seen.map(isAlive))
    const mentioning = await processesThatMention(this.dataFolder)
    return [...seen.filter((_, index) => alive[index]), ...mentioning].map(({ commandLine }) => commandLine)
  }

  async remove(): Promise<void> {
    await rm(this.dataFolder, { recursive: true, force: true, maxRetries: 5 })
  }

  async #remember(): Promise<void> {
    const roots = [this.#server.pid ?? 0, ...(await this.machines())]
    for (const found of await processesAround(roots)) this.#seen.set(`${found.pid} ${found.birth}`, found)
  }
}

type Started = {
  readonly server: ChildProcess
  readonly connection: Connection
  readonly ports: readonly string[]
}

async function startServer(dataFolder: string, ports: readonly string[]): Promise<Started> {
  // A try that fails because the service is away must not cost the test the ten minutes that it costs a user.
  const delays = ['--retry-delay', '200ms', '--recheck-delay', '250ms']
  const args = [MILLRACE, 'server', '--data', dataFolder, ...ports, ...delays, '--until-input-ends']
  // Without the AWS CLI, whose place Millrace's own program takes: it is several times as fast.
  const env = { ...process.env, PATH: '/usr/bin:/bin' }
  const server = spawn(process.execPath, args, { env, stdio: ['pipe', 'pipe', 'inherit'] })
  await untilReady(server)
  return { server, connection: await connect({ data: dataFolder }, {}), ports }
}
