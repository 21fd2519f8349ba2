import type { Logger } from 'pino'
import type { ObjectId } from '../core/definition/pipeline-object.ts'
import { isLegal } from '../core/lifecycle/advance.ts'
import type { Instance } from '../core/lifecycle/instance.ts'
import type { ResourceProvider } from '../resources/resource-provider.ts'
import type { PipelineId } from '../store/rows.ts'
import { machineIdOf } from './performers.ts'
import type { Workshop } from './workshop.ts'

type Owner = { readonly pipelineId: PipelineId; readonly instanceId: ObjectId; readonly machineNumber: number }

/** The pause before a loss is recorded again that could not be, in milliseconds. */
const recordAgainAfterMs = 5000

/** Tells resources when their machines end by themselves, also while no server was there to see it. */
export function createMachineWatch(workshop: Workshop, provider: ResourceProvider, log: Logger) {
  let isStopped = false
  const pauses = new Set<() => void>()
  const record = async (machineId: string, reason: string): Promise<void> => {
    try {
      await reportLoss(workshop, machineId, reason)
    } catch (error) {
      if (isStopped) return
      // A machine is reported once. While that is not recorded, its resource waits for it in vain.
      log.error({ err: error, machineId }, 'the loss of a machine could not be recorded')
      const endPause = workshop.clock.after(recordAgainAfterMs, () => {
        pauses.delete(endPause)
        void record(machineId, reason)
      })
      pauses.add(endPause)
    }
  }
  return {
    /** Hands over the machines that are wanted; the provider destroys the others and reports those that are lost. */
    async start(): Promise<void> {
      provider.onLost((machineId, reason) => void record(machineId, reason))
      const owners = await findOwners(workshop)
      await provider.adopt(new Set(owners.keys()))
    },
    /** Watches no more; what has not been recorded is found again at the next start. May be called twice. */
    async stop(): Promise<void> {
      isStopped = true
      for (const endPause of pauses) endPause()
      pauses.clear()
      await provider.stop()
    },
  }
}

async function reportLoss(workshop: Workshop, machineId: string, reason: string): Promise<void> {
  const owner = (await findOwners(workshop)).get(machineId)
  if (owner === undefined) return
  const event = { kind: 'machineLost', machineNumber: owner.machineNumber, message: reason } as const
  await workshop.onPipeline(owner.pipelineId, async (unit) => {
    const instance = await unit.instance(owner.instanceId)
    if (instance !== undefined && isLegal(instance, event)) await unit.deliver([{ id: owner.instanceId, event }])
  })
}

/** The machines that resources have or are being given. */
async function findOwners(workshop: Workshop): Promise<ReadonlyMap<string, Owner>> {
  const rows = await workshop.store.reads.listResourcesWithMachines()
  return new Map(
    rows.flatMap(({ pipelineId, instance }) => {
      const machineNumber = machineNumberOf(instance)
      if (machineNumber === undefined) return []
      const owner: Owner = { pipelineId, instanceId: instance.id, machineNumber }
      return [[machineIdOf(owner, machineNumber), owner] as const]
    }),
  )
}

const machineNumberOf = ({ state }: Instance): number | undefined =>
  state.kind === 'creating' || state.kind === 'up' ? state.machineNumber : undefined
