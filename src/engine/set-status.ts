import type { ObjectId } from '../core/definition/pipeline-object.ts'
import { isLegal } from '../core/lifecycle/advance.ts'
import type { Event } from '../core/lifecycle/event.ts'
import { statusOf } from '../core/lifecycle/instance.ts'
import { InvalidRequestException } from '../wire/errors.ts'
import type { Engine, StatusRequest } from './engine.ts'
import type { UnitOfWork } from './unit-of-work.ts'
import type { Workshop } from './workshop.ts'

/** The most instances of one component that a PAUSE or RESUME moves at once. */
const instancesMax = 10_000

const instanceEvents: Readonly<Record<Exclude<StatusRequest, 'PAUSE' | 'RESUME'>, Event>> = {
  RERUN: { kind: 'rerun', by: 'user' },
  TRY_CANCEL: { kind: 'cancel', by: 'user' },
  MARK_FINISHED: { kind: 'markFinished' },
}

/**
 * Changes of status by hand: PAUSE and RESUME of components, the others of instances.
 *
 * @source model: SetStatusInput
 */
export const createSetStatus = (workshop: Workshop): Pick<Engine, 'setStatus'> => ({
  async setStatus({ pipelineId, objectIds, status }) {
    await workshop.onPipeline(pipelineId, async (unit) => {
      if (unit.pipeline.activeVersion === undefined) {
        throw new InvalidRequestException(
          `Pipeline ${pipelineId} has never been activated; it has no objects to change.`,
        )
      }
      if (status === 'PAUSE' || status === 'RESUME') {
        for (const id of objectIds) await pauseOrResume(unit, id, status)
        return
      }
      const event = instanceEvents[status]
      await refuseImpossible(unit, objectIds, { status, event })
      // One at a time: what the first one leads to may have changed the next one already, and then there is nothing left to do.
      for (const id of objectIds) {
        const instance = await unit.instance(id)
        if (instance !== undefined && isLegal(instance, event)) await unit.deliver([{ id, event }])
      }
      if (status === 'RERUN') revive(unit)
    })
  },
})

/** Every object must be able to take the change, or none of them is changed. */
async function refuseImpossible(
  unit: UnitOfWork,
  objectIds: readonly ObjectId[],
  { status, event }: { readonly status: StatusRequest; readonly event: Event },
): Promise<void> {
  for (const id of objectIds) {
    const instance = await unit.instance(id)
    if (instance === undefined) {
      const what = `${status} is for instances, such as @MyActivity_2026-01-01T00:00:00`
      throw new InvalidRequestException(`${id} is no instance of pipeline ${unit.pipelineId}; ${what}.`)
    }
    if (!isLegal(instance, event)) {
      throw new InvalidRequestException(`${id} is ${statusOf(instance)}, and ${status} is not possible in that status.`)
    }
  }
}

async function pauseOrResume(unit: UnitOfWork, id: ObjectId, status: 'PAUSE' | 'RESUME'): Promise<void> {
  const plan = await unit.activePlan()
  if (!plan.components.has(id)) {
    throw new InvalidRequestException(
      `${id} is no component of pipeline ${unit.pipelineId} that runs; ${status} is for activities, data nodes and the like.`,
    )
  }
  const isPause = status === 'PAUSE'
  await unit.setComponent(id, { isPaused: isPause })
  const selection = { componentId: id, status: isPause ? 'WAITING_FOR_RUNNER' : 'PAUSED', limit: instancesMax }
  const event: Event = isPause ? { kind: 'pause' } : { kind: 'resume' }
  for (const instanceId of await unit.transaction.listInstanceIdsByStatus(unit.pipelineId, selection)) {
    const instance = await unit.instance(instanceId)
    if (instance !== undefined && isLegal(instance, event)) await unit.deliver([{ id: instanceId, event }])
  }
}

/** A rerun in a pipeline that was over puts it back to work. */
function revive(unit: UnitOfWork): void {
  if (unit.pipeline.state === 'FINISHED' && unit.pipeline.openInstances > 0) {
    unit.setPipeline({ state: 'SCHEDULED', finishedAt: undefined })
  }
}
