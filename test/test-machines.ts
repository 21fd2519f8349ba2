import { type MachineRequest, ResourceFailure, type ResourceProvider } from '../src/resources/resource-provider.ts'

/** The machines of a test: they come up when asked for, unless the test says otherwise, and the test can lose them. */
export class TestMachines implements ResourceProvider {
  /** The machines that are up, by their ids. */
  readonly up = new Set<string>()
  /** Every request for a machine, in order. */
  readonly requests: MachineRequest[] = []
  /** What becomes of requests: `wait` lets none come up until it is changed and {@link TestMachines.goOn} is called. */
  mode: 'up' | 'fail' | 'wait' = 'up'
  #onLost: (machineId: string, reason: string) => void = () => undefined
  #goOn: () => void = () => undefined
  #waiting: Promise<void> | undefined

  async create(request: MachineRequest): Promise<{ resourceId: string }> {
    this.requests.push(request)
    while (this.mode === 'wait') {
      this.#waiting ??= new Promise((resolve) => {
        this.#goOn = resolve
      })
      await this.#waiting
    }
    if (this.mode === 'fail') throw new ResourceFailure('no capacity')
    this.up.add(request.machineId)
    return { resourceId: `i-${request.machineId}` }
  }

  async terminate(machineId: string): Promise<void> {
    this.up.delete(machineId)
  }

  async adopt(machineIds: ReadonlySet<string>): Promise<void> {
    for (const machineId of this.up) if (!machineIds.has(machineId)) this.up.delete(machineId)
  }

  onLost(listener: (machineId: string, reason: string) => void): void {
    this.#onLost = listener
  }

  async stop(): Promise<void> {
    this.#onLost = () => undefined
  }

  /** Lets the requests that wait see what becomes of them. */
  goOn(mode: 'up' | 'fail'): void {
    this.mode = mode
    this.#waiting = undefined
    this.#goOn()
  }

  /** Ends a machine without anybody having asked for it. */
  lose(machineId: string): void {
    this.up.delete(machineId)
    this.#onLost(machineId, 'lost by the test')
  }
}
