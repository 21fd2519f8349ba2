import type { ObjectId } from '../core/definition/pipeline-object.ts'
import type { CancelCause } from '../core/lifecycle/instance.ts'
import type { PipelineTimerKind } from '../store/rows.ts'
import { ofPipeline, type UnitOfWork } from './unit-of-work.ts'

/** The most instances that one unit of work of a sweep touches. */
const sliceMax = 500

/** Cancels the open instances after `afterId`, because the pipeline is deactivated or deleted. */
export async function cancelOpen(unit: UnitOfWork, afterId: ObjectId): Promise<void> {
  const by = cause(unit)
  if (by === undefined) return
  await sweep(unit, { afterId, kind: 'cancel' }, async (ids) => {
    await unit.deliver(ids.map((id) => ({ id, event: { kind: 'cancel', by } })))
  })
}

/** Cancels the open instances after `afterId` that do not run; those that do may finish. */
export async function drainOpen(unit: UnitOfWork, afterId: ObjectId): Promise<void> {
  if (unit.pipeline.state !== 'DEACTIVATING') return
  await sweep(unit, { afterId, kind: 'drain' }, async (ids) => {
    for (const id of ids) {
      const state = (await unit.instance(id))?.state.kind
      const mayFinish = state === 'running' || state === 'creating' || state === 'up' || state === 'shuttingDown'
      if (!mayFinish) await unit.deliver([{ id, event: { kind: 'cancel', by: 'deactivation' } }])
    }
  })
}

/** Takes up again what a deactivation cancelled. */
export async function reactivateCanceled(unit: UnitOfWork): Promise<void> {
  if (unit.pipeline.state !== 'SCHEDULED') return
  const ids = await unit.transaction.listDeactivatedInstanceIds(unit.pipelineId, sliceMax)
  await unit.deliver(ids.map((id) => ({ id, event: { kind: 'reactivate' } })))
  if (ids.length === sliceMax) unit.changes.setTimer(ofPipeline, 'reactivate', unit.now)
}

function cause({ pipeline }: UnitOfWork): CancelCause | undefined {
  if (pipeline.state === 'DELETING') return 'deletion'
  return pipeline.state === 'DEACTIVATING' ? 'deactivation' : undefined
}

async function sweep(
  unit: UnitOfWork,
  { afterId, kind }: { afterId: ObjectId; kind: PipelineTimerKind },
  touch: (ids: readonly ObjectId[]) => Promise<void>,
): Promise<void> {
  const ids = await unit.transaction.listOpenInstanceIds(unit.pipelineId, { afterId, limit: sliceMax })
  await touch(ids)
  const last = ids.at(-1)
  if (ids.length === sliceMax && last !== undefined) unit.changes.setTimer(last, kind, unit.now)
}
