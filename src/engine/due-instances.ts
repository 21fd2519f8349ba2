import type { ObjectId } from '../core/definition/pipeline-object.ts'
import type { Instant } from '../core/instant.ts'
import {
  isPassedOver,
  onDemandBirths,
  type Progress,
  recurringComponents,
  takeDue,
} from '../core/lifecycle/due-instances.ts'
import type { Plan } from '../core/lifecycle/plan.ts'
import { bear } from './births.ts'
import { ofPipeline, type UnitOfWork } from './unit-of-work.ts'

/** The most instances that are made in one unit of work: a backfill must not keep everybody else waiting. */
const sliceMax = 150

/**
 * Makes the instances that are due, in the order in which they are, and sets the timer for the next ones. Of a backfill it makes one
 * slice; the timer brings the next.
 */
export async function makeDueInstances(unit: UnitOfWork): Promise<void> {
  if (unit.pipeline.state !== 'SCHEDULED') return
  const plan = await unit.activePlan()
  if (plan.isOnDemand) return
  let birthsMax = sliceMax
  let count: number
  do {
    count = await makeSome(unit, plan, birthsMax)
    birthsMax -= count
    // What ends as soon as it is born makes room for the next one.
  } while (count > 0 && birthsMax > 0 && unit.pipeline.nextRunAt === unit.now)
}

/** Makes up to so many of the instances that are due, and says how many. */
async function makeSome(unit: UnitOfWork, plan: Plan, birthsMax: number): Promise<number> {
  const { startAt } = unit.pipeline
  const progress = await progressOf(unit, plan)
  const { births, nextIndexes, next } = takeDue(plan, { ...made(unit), progress, startAt, birthsMax })
  for (const [id, nextIndex] of nextIndexes) await unit.setComponent(id, { nextIndex })
  unit.setPipeline({ nextRunAt: next })
  // What is to be caught up stands behind everything that is due by now, however long it has been due itself.
  if (next !== undefined) unit.changes.setTimer(ofPipeline, 'schedule', next > unit.now ? next : unit.now)
  else unit.changes.clearTimer(ofPipeline, 'schedule')
  await bear(unit, births, ({ instance }) => (isPassedOver(instance.occurrence, { startAt }) ? 'skip' : 'created'))
  return births.length
}

/** The instances of one activation of an on-demand pipeline. */
export async function makeOnDemandInstances(unit: UnitOfWork, activatedAt: Instant): Promise<void> {
  const occurrence = { start: activatedAt, end: activatedAt }
  const births = onDemandBirths(await unit.activePlan(), { ...made(unit), occurrence })
  await bear(unit, births, () => 'created')
}

const made = (unit: UnitOfWork) => ({
  version: unit.pipeline.activeVersion ?? unit.pipeline.latestVersion,
  now: unit.now,
})

async function progressOf(unit: UnitOfWork, plan: Plan): Promise<ReadonlyMap<ObjectId, Progress>> {
  await unit.loadComponents()
  const progress = new Map<ObjectId, Progress>()
  for (const { id } of recurringComponents(plan)) progress.set(id, await unit.component(id))
  return progress
}
