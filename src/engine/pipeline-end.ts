import type { UnitOfWork } from './unit-of-work.ts'

/** Moves a pipeline on that has nothing open any more: it is finished, inactive, or gone. */
export function finishPipeline(unit: UnitOfWork): void {
  const { pipeline } = unit
  if (pipeline.openInstances > 0) return
  if (pipeline.state === 'SCHEDULED' && pipeline.nextRunAt === undefined) {
    unit.setPipeline({ state: 'FINISHED', finishedAt: unit.now })
  }
  if (pipeline.state === 'DEACTIVATING') unit.setPipeline({ state: 'INACTIVE' })
  if (pipeline.state === 'DELETING') unit.setPipeline({ state: 'DELETED' })
}
