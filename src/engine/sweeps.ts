import { type ObjectId, objectId } from '../core/definition/pipeline-object.ts'
import type { Event } from '../core/lifecycle/event.ts'
import type { CancelCause, Instance } from '../core/lifecycle/instance.ts'
import type { PipelineTimerKind } from '../core/lifecycle/pipeline.ts'
import { ofPipeline, type UnitOfWork } from './unit-of-work.ts'

/** The most instances that one unit of work of a sweep touches. */
const sliceMax = 500

/**
 * What stands before an instance in the subject of a sweep's timer: the timer is the pipeline's, and must not end with the instance.
 */
const cursorMark = 'after '

const cursorAfter = (id: ObjectId): ObjectId => objectId(`${cursorMark}${id}`)

/** Cancels the open instances from where its timer stands, because the pipeline is deactivated or deleted. */
export async function cancelOpen(unit: UnitOfWork, timerSubject: ObjectId): Promise<void> {
  const by = cause(unit)
  if (by === undefined) return
  await sweep(unit, { timerSubject, kind: 'cancel' }, async (ids) => {
    await unit.deliver(ids.map((id) => ({ id, event: { kind: 'cancel', by } })))
  })
}

/** Cancels the open instances that do not run, from where its timer stands; those that do may finish. */
export async function drainOpen(unit: UnitOfWork, timerSubject: ObjectId): Promise<void> {
  if (unit.pipeline.state !== 'DEACTIVATING') return
  await sweep(unit, { timerSubject, kind: 'drain' }, async (ids) => {
    for (const id of ids) {
      const instance = await unit.instance(id)
      if (instance !== undefined) await drain(unit, instance)
    }
  })
}

/** A resource on which nothing runs goes, too, since nothing that would run there comes any more. Another one goes with its last work. */
async function drain(unit: UnitOfWork, { id, kind, state }: Instance): Promise<void> {
  if (state.kind === 'running') return
  const event: Event = kind === 'resource' ? { kind: 'unneeded' } : { kind: 'cancel', by: 'deactivation' }
  await unit.deliver([{ id, event }])
}

/** Takes up again what a deactivation cancelled, but for what lies before the time from which the pipeline is to go on. */
export async function reactivateCanceled(unit: UnitOfWork): Promise<void> {
  const { state, startAt } = unit.pipeline
  if (state !== 'SCHEDULED') return
  const ids = await unit.transaction.listDeactivatedInstanceIds(unit.pipelineId, sliceMax)
  const instances = await unit.load(ids)
  await unit.deliver(
    instances.map(({ id, occurrence }) => {
      const isPassedOver = startAt !== undefined && occurrence.start < startAt
      return { id, event: isPassedOver ? { kind: 'skip' } : { kind: 'reactivate' } }
    }),
  )
  // Only then do the schedules go on, so that what is older comes first where an object may have so many instances at a time.
  unit.changes.setTimer(ofPipeline, ids.length === sliceMax ? 'reactivate' : 'schedule', unit.now)
}

/** Lets instances of a component go on that stood still with it; a timer brings the next slice. */
export async function resumeSlice(unit: UnitOfWork, componentId: ObjectId): Promise<void> {
  const { isPaused } = await unit.component(componentId)
  if (isPaused) return
  const selection = { componentId, status: 'PAUSED', limit: sliceMax }
  const ids = await unit.transaction.listInstanceIdsByStatus(unit.pipelineId, selection)
  await unit.deliver(ids.map((id) => ({ id, event: { kind: 'resume' }, condition: 'ifLegal' })))
  if (ids.length === sliceMax) unit.changes.setTimer(componentId, 'resume', unit.now)
}

function cause({ pipeline }: UnitOfWork): CancelCause | undefined {
  if (pipeline.state === 'DELETING') return 'deletion'
  return pipeline.state === 'DEACTIVATING' ? 'deactivation' : undefined
}

async function sweep(
  unit: UnitOfWork,
  { timerSubject, kind }: { timerSubject: ObjectId; kind: PipelineTimerKind },
  touch: (ids: readonly ObjectId[]) => Promise<void>,
): Promise<void> {
  const afterId = timerSubject.slice(cursorMark.length)
  const ids = await unit.transaction.listOpenInstanceIds(unit.pipelineId, { afterId, limit: sliceMax })
  await touch(ids)
  const last = ids.at(-1)
  if (ids.length === sliceMax && last !== undefined) {
    unit.changes.setTimer(cursorAfter(last), kind, unit.now)
  }
}
