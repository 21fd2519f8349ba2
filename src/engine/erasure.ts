import { movePipeline } from './pipeline-life.ts'
import type { UnitOfWork } from './unit-of-work.ts'

/** The most rows that one unit of work removes: others must not wait long for it. */
const sliceMax = 1000

/** Removes a slice of a pipeline that is being deleted and has nothing open any more. The timer brings the next one. */
export async function eraseSlice(unit: UnitOfWork): Promise<void> {
  if (unit.pipeline.state !== 'DELETING' || unit.pipeline.openInstances > 0) return
  const rest = await unit.transaction.deletePipelineContents(unit.pipelineId, sliceMax)
  if (rest === 'nothing') movePipeline(unit, { kind: 'erased' })
}
