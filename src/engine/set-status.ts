import type { ObjectId } from '../core/definition/pipeline-object.ts'
import { isLegal } from '../core/lifecycle/advance.ts'
import type { Event } from '../core/lifecycle/event.ts'
import { statusOf } from '../core/lifecycle/instance.ts'
import type { PipelineRow } from '../store/rows.ts'
import { InvalidRequestException } from '../wire/errors.ts'
import type { Engine, StatusRequest } from './engine.ts'
import { dependenciesFirst } from './rerun-order.ts'
import { resumeSlice } from './sweeps.ts'
import type { UnitOfWork } from './unit-of-work.ts'
import type { Workshop } from './workshop.ts'

/**
 * The most instances of one component that are paused in one unit of work: others must not wait long for it. What is beyond that is set
 * aside when its turn comes.
 */
const pausedMax = 1000

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
      refuseState(unit.pipeline, status)
      if (status === 'PAUSE') await pause(unit, objectIds)
      else if (status === 'RESUME') await resume(unit, objectIds)
      else await change(unit, objectIds, status)
    })
  },
})

function refuseState(pipeline: PipelineRow, status: StatusRequest): void {
  const { id, state, activeVersion } = pipeline
  if (activeVersion === undefined) {
    throw new InvalidRequestException(`Pipeline ${id} has never been activated; it has no objects to change.`)
  }
  if (state === 'DELETING') throw new InvalidRequestException(`Pipeline ${id} is being deleted.`)
  if (status === 'RERUN') refuseAtRest(pipeline, status)
}

/** What would bring instances back to work has to wait until the pipeline is at work. */
function refuseAtRest({ id, state }: PipelineRow, status: StatusRequest): void {
  if (state !== 'DEACTIVATING' && state !== 'INACTIVE') return
  const remedy = `activate it before a ${status} of what has ended`
  throw new InvalidRequestException(`Pipeline ${id} is ${state}, and runs nothing; ${remedy}.`)
}

async function change(
  unit: UnitOfWork,
  objectIds: readonly ObjectId[],
  status: Exclude<StatusRequest, 'PAUSE' | 'RESUME'>,
): Promise<void> {
  const event = instanceEvents[status]
  await refuseImpossible(unit, objectIds, { status, event })
  const ids = status === 'RERUN' ? await dependenciesFirst(unit.transaction, unit.pipelineId, objectIds) : objectIds
  // One at a time: what the first one leads to may have changed the next one already, and then there is nothing left to do.
  await unit.deliver(ids.map((id) => ({ id, event, condition: 'ifLegal', turn: 'whenQuiet' })))
}

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
    if (status === 'MARK_FINISHED' && instance.state.kind === 'ended') refuseAtRest(unit.pipeline, status)
  }
}

async function pause(unit: UnitOfWork, componentIds: readonly ObjectId[]): Promise<void> {
  await setPaused(unit, componentIds, 'PAUSE')
  for (const componentId of componentIds) {
    const selection = { componentId, status: 'WAITING_FOR_RUNNER', limit: pausedMax }
    const ids = await unit.transaction.listInstanceIdsByStatus(unit.pipelineId, selection)
    for (const id of ids) await unit.deliver([{ id, event: { kind: 'pause' }, condition: 'ifLegal' }])
  }
}

async function resume(unit: UnitOfWork, componentIds: readonly ObjectId[]): Promise<void> {
  await setPaused(unit, componentIds, 'RESUME')
  for (const componentId of componentIds) await resumeSlice(unit, componentId)
}

async function setPaused(
  unit: UnitOfWork,
  componentIds: readonly ObjectId[],
  status: 'PAUSE' | 'RESUME',
): Promise<void> {
  const plan = await unit.activePlan()
  for (const id of componentIds) {
    if (!plan.components.has(id)) {
      throw new InvalidRequestException(
        `${id} is no component of pipeline ${unit.pipelineId} that runs; ${status} is for activities, data nodes and the like.`,
      )
    }
    await unit.setComponent(id, { isPaused: status === 'PAUSE' })
  }
}
