import type { UnitOfWork } from './unit-of-work.ts'

/**
 * Moves a pipeline on that has nothing open any more: it is finished, inactive, or gone. One that was finished and has something open
 * again, by a rerun for instance, is back at work.
 */
export function finishPipeline(unit: UnitOfWork): void {
  const { pipeline } = unit
  if (pipeline.openInstances > 0) {
    if (pipeline.state === 'FINISHED') unit.setPipeline({ state: 'SCHEDULED', finishedAt: undefined })
    return
  }
  if (pipeline.state === 'SCHEDULED' && pipeline.nextRunAt === undefined) {
    unit.setPipeline({ state: 'FINISHED', finishedAt: unit.now })
  }
  if (pipeline.state === 'DEACTIVATING') unit.setPipeline({ state: 'INACTIVE' })
  if (pipeline.state === 'DELETING') unit.setPipeline({ state: 'DELETED' })
}
