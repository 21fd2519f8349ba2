import { once } from 'node:events'
import { open } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { type Machine, type MachineRequest, ResourceFailure, type ResourceProvider } from '../resource-provider.ts'
import { BootSlots } from './boot-slots.ts'
import { killLeftovers, MACHINE_VARIABLE } from './leftovers.ts'
import { MachineFolder, machineIdsIn } from './machine-folder.ts'
import { MachineProcess, type ProcessEnd } from './machine-process.ts'

/** How often a machine is started again that was killed while it started. */
const STARTS_MAX = 3

/** What the machines of this computer need. */
export type LocalProviderOptions = {
  /** Holds a folder for each machine. */
  readonly machinesFolder: string
  /** The executable of a task runner and its first arguments; the options that make it a machine's are added. */
  readonly program: readonly string[]
  readonly endpoint: string
  readonly region: string
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
  /** The environment of the machines, apart from what is each one's own. */
  readonly environment: Readonly<Record<string, string>>
}

/** A machine that is being made, and what gives it up. */
type Creation = { readonly machine: Promise<Machine>; readonly giveUp: AbortController }

type LocalMachine = { readonly folder: MachineFolder; readonly process: MachineProcess }

/**
 * Machines that are processes of this computer: each a task runner with a folder, a home and a session of its own. Which hardware,
 * image or network the definition asks for describes the machine in the cloud and is left aside here.
 */
export class LocalProvider implements ResourceProvider {
  readonly #options: LocalProviderOptions
  readonly #machines = new Map<string, LocalMachine>()
  readonly #creations = new Map<string, Creation>()
  readonly #terminations = new Map<string, Promise<void>>()
  /** Starting is most of what a machine costs; more at once than there are processors only makes each slower. */
  readonly #bootSlots = new BootSlots(availableParallelism() + 1)
  #onLost: (machineId: string, reason: string) => void = () => undefined
  #state: 'watching' | 'stopped' = 'watching'

  constructor(options: LocalProviderOptions) {
    this.#options = options
  }

  create(request: MachineRequest): Promise<Machine> {
    const { machineId } = request
    const underWay = this.#creations.get(machineId)
    if (underWay !== undefined) return underWay.machine
    const giveUp = new AbortController()
    if (this.#terminations.has(machineId)) giveUp.abort(new ResourceFailure('The machine has been terminated.'))
    const machine = this.#create(request, giveUp.signal).finally(() => this.#creations.delete(machineId))
    this.#creations.set(machineId, { machine, giveUp })
    return machine
  }

  terminate(machineId: string): Promise<void> {
    // What has been terminated stays known, so that a machine which is asked for too late is not made any more.
    const known = this.#terminations.get(machineId)
    if (known !== undefined) return known
    const termination = this.#terminate(machineId)
    this.#terminations.set(machineId, termination)
    // One that failed is asked for again, and must then be tried again.
    termination.catch(() => this.#terminations.delete(machineId))
    return termination
  }

  async adopt(machineIds: ReadonlySet<string>): Promise<void> {
    const present = await machineIdsIn(this.#options.machinesFolder)
    await Promise.all(present.map((id) => (machineIds.has(id) ? this.#adoptOne(id) : this.terminate(id))))
  }

  onLost(listener: (machineId: string, reason: string) => void): void {
    this.#onLost = listener
  }

  async stop(): Promise<void> {
    this.#state = 'stopped'
    const creations = [...this.#creations.values()]
    for (const { giveUp } of creations)
      giveUp.abort(new Error('The server stops; the next one asks for the machine again.'))
    await Promise.allSettled(creations.map(({ machine }) => machine))
    for (const { process } of this.#machines.values()) process.forget()
  }

  /**
   * Kills every machine, after {@link LocalProvider.stop}. Their folders stay, by which the next server knows that they are lost: then
   * their work is handed out again, and costs no try.
   */
  async endAll(): Promise<void> {
    await Promise.all(
      [...this.#machines].map(async ([machineId, { process }]) => {
        await process.kill()
        await killLeftovers(machineId)
      }),
    )
  }

  async #create(request: MachineRequest, givenUp: AbortSignal): Promise<Machine> {
    const { machineId } = request
    const known = this.#machines.get(machineId)
    if (known !== undefined && (await known.folder.isReady())) return { resourceId: machineId }
    await this.#bootSlots.run(async () => {
      for (let starts = 1; ; starts += 1) {
        givenUp.throwIfAborted()
        const machine = this.#machines.get(machineId) ?? (await this.#start(request))
        const end = await bootUp(machine, givenUp)
        if (end === undefined) return
        this.#machines.delete(machineId)
        if (end.kind === 'exited' || starts === STARTS_MAX) throw await startFailure(machine.folder, end)
      }
    })
    return { resourceId: machineId }
  }

  async #start(request: MachineRequest): Promise<LocalMachine> {
    const { machineId } = request
    const folder = new MachineFolder(this.#options.machinesFolder, machineId)
    await killLeftovers(machineId)
    await folder.create(this.#options.credentials)
    const output = await open(folder.outputPath, 'a', 0o600)
    try {
      const process = await MachineProcess.start({
        program: [...this.#options.program, ...runnerArguments(request, folder, this.#options)],
        folder: folder.workPath,
        environment: machineEnvironment(machineId, folder, this.#options),
        output: output.fd,
      })
      await folder.writeRecord({ process: process.record, endpoint: this.#options.endpoint })
      const machine = { folder, process }
      this.#watch(machineId, machine)
      return machine
    } finally {
      await output.close()
    }
  }

  #watch(machineId: string, machine: LocalMachine): void {
    this.#machines.set(machineId, machine)
    void machine.process.ended.then(async (end) => {
      await this.#creations.get(machineId)?.machine.catch(() => undefined)
      const isKnown = this.#terminations.has(machineId) || this.#machines.get(machineId) !== machine
      if (isKnown || this.#state === 'stopped') return
      this.#machines.delete(machineId)
      await killLeftovers(machineId)
      this.#onLost(machineId, await describeEnd('The machine ended by itself', machine.folder, end))
    })
  }

  async #terminate(machineId: string): Promise<void> {
    const creation = this.#creations.get(machineId)
    creation?.giveUp.abort(new ResourceFailure('The machine was terminated while it started.'))
    await creation?.machine.catch(() => undefined)
    await this.#machines.get(machineId)?.process.end()
    await killLeftovers(machineId)
    this.#machines.delete(machineId)
    await new MachineFolder(this.#options.machinesFolder, machineId).remove()
  }

  /** Watches a machine that an earlier server started. One that has ended, or polls another endpoint, is lost. */
  async #adoptOne(machineId: string): Promise<void> {
    const folder = new MachineFolder(this.#options.machinesFolder, machineId)
    const record = await folder.readRecord()
    // Without a record it never was up, and whoever asked for it asks again.
    if (record === undefined) return
    const process = await MachineProcess.adopt(record.process)
    if (process !== undefined && record.endpoint === this.#options.endpoint) {
      this.#watch(machineId, { folder, process })
      return
    }
    // There is nobody whom it could tell how its task ends, and the start of the server waits for it.
    await process?.kill()
    await killLeftovers(machineId)
    if (await folder.isReady()) this.#onLost(machineId, 'The machine ended while the server was down.')
  }
}

/** Resolves when the machine is up, to `undefined`, or when it has ended instead; rejects when it is given up. */
async function bootUp({ folder, process }: LocalMachine, givenUp: AbortSignal): Promise<ProcessEnd | undefined> {
  const settled = new AbortController()
  const aborted = once(givenUp, 'abort', { signal: settled.signal }).then(() => givenUp.throwIfAborted())
  const ready = folder.becomesReady(settled.signal)
  try {
    givenUp.throwIfAborted()
    return (await Promise.race([ready, process.ended, aborted])) ?? undefined
  } finally {
    aborted.catch(() => undefined)
    settled.abort()
  }
}

function runnerArguments(
  request: MachineRequest,
  folder: MachineFolder,
  { endpoint, region }: LocalProviderOptions,
): readonly string[] {
  const logUri = request.fields.get('pipelineLogUri')?.[0]
  return [
    ...['--workerGroup', request.workerGroup],
    ...['--config', folder.credentialsPath],
    ...['--endpoint', endpoint],
    ...['--region', region],
    ...['--output', folder.workPath],
    ...['--ready-file', folder.readyPath],
    ...(logUri === undefined ? [] : ['--logUri', logFolderOf(request, logUri)]),
  ]
}

/** @source guide: dp-viewing-logs */
function logFolderOf({ pipelineId, instanceId }: MachineRequest, logUri: string): string {
  const componentId = instanceId.replace(/^@/, '').replace(/_[^_]*$/, '')
  return `${logUri.replace(/\/$/, '')}/${pipelineId}/${componentId}/${instanceId}`
}

/** Nothing of the user's own home is seen by a machine, just as nothing of it is in the cloud. */
const machineEnvironment = (machineId: string, folder: MachineFolder, { environment }: LocalProviderOptions) => ({
  ...environment,
  HOME: folder.homePath,
  TMPDIR: folder.temporaryPath,
  [MACHINE_VARIABLE]: machineId,
})

const startFailure = async (folder: MachineFolder, end: ProcessEnd): Promise<ResourceFailure> =>
  new ResourceFailure(await describeEnd('The machine ended before it was up', folder, end))

async function describeEnd(what: string, folder: MachineFolder, end: ProcessEnd): Promise<string> {
  const how = end.kind === 'exited' ? `with status ${end.status}` : `by ${end.signal ?? 'a cause that is not known'}`
  const tail = await folder.outputTail()
  return tail === '' ? `${what}, ${how}.` : `${what}, ${how}. Its last output: ${tail}`
}
