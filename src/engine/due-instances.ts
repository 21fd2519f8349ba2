import type { ObjectId } from '../core/definition/pipeline-object.ts'
import type { Instant } from '../core/instant.ts'
import { type Birth, birthsOf } from '../core/lifecycle/birth.ts'
import type { Component } from '../core/lifecycle/component.ts'
import type { Plan } from '../core/lifecycle/plan.ts'
import { dueAt, type Occurrence, occurrenceAt, type Recurring } from '../core/schedule/occurrence.ts'
import { bear } from './births.ts'
import { ofPipeline, type UnitOfWork } from './unit-of-work.ts'

/** The most instances that are made in one unit of work: a backfill must not keep everybody else waiting. */
const sliceMax = 250

/** A component with an occurrence that it has no instance of yet. */
type Candidate = {
  readonly component: Component
  readonly recurrence: Recurring
  readonly index: number
  readonly occurrence: Occurrence
  readonly dueAt: Instant
}

/**
 * Makes the instances that are due, in the order in which they are, and sets the timer for the next ones. Of a backfill it makes one
 * slice; the timer brings the next.
 */
export async function makeDueInstances(unit: UnitOfWork): Promise<void> {
  if (unit.pipeline.state !== 'SCHEDULED') return
  const plan = await unit.activePlan()
  if (plan.isOnDemand) return
  const { births, next } = await takeDue(unit, plan)
  unit.setPipeline({ nextRunAt: next })
  if (next !== undefined) unit.changes.setTimer(ofPipeline, 'schedule', next)
  else unit.changes.clearTimer(ofPipeline, 'schedule')
  // What ends as soon as it is born makes room for the next one, and sets the timer anew.
  await bear(unit, births, (birth) => (isSkipped(birth, unit) ? 'skip' : 'created'))
}

const isSkipped = ({ instance: { occurrence } }: Birth, { pipeline: { startAt } }: UnitOfWork): boolean =>
  startAt !== undefined && occurrence.start < startAt

/** The instances of one activation of an on-demand pipeline. */
export async function makeOnDemandInstances(unit: UnitOfWork, activatedAt: Instant): Promise<void> {
  const plan = await unit.activePlan()
  const occurrence = { start: activatedAt, end: activatedAt }
  const scheduled = [...plan.components.values()].filter(({ timing }) => timing.kind === 'scheduled')
  const births = scheduled.flatMap((component) => birthsOf(plan, component, made(unit, occurrence)))
  await bear(unit, births, () => 'created')
}

const made = (unit: UnitOfWork, occurrence: Occurrence) => ({
  occurrence,
  version: unit.pipeline.activeVersion ?? unit.pipeline.latestVersion,
  now: unit.now,
})

async function takeDue(
  unit: UnitOfWork,
  plan: Plan,
): Promise<{ readonly births: readonly Birth[]; readonly next: Instant | undefined }> {
  const births: Birth[] = []
  const candidates = await firstCandidates(unit, plan)
  for (let next = earliest(candidates); next !== undefined; next = earliest(candidates)) {
    const { component, recurrence, index, occurrence } = next
    if (next.dueAt > unit.now || births.length >= sliceMax) return { births, next: next.dueAt }
    births.push(...birthsOf(plan, component, made(unit, occurrence)))
    await unit.setComponent(component.id, { nextIndex: index + 1 })
    const room = await openings(unit, component, births)
    const following = room > 0 ? candidate(component, recurrence, index + 1) : undefined
    if (following === undefined) candidates.delete(component.id)
    else candidates.set(component.id, following)
  }
  return { births, next: undefined }
}

async function firstCandidates(unit: UnitOfWork, plan: Plan): Promise<Map<ObjectId, Candidate>> {
  const candidates = new Map<ObjectId, Candidate>()
  for (const component of plan.components.values()) {
    const { timing } = component
    if (timing.kind !== 'scheduled' || timing.recurrence.kind !== 'recurring') continue
    if ((await openings(unit, component, [])) <= 0) continue
    const { nextIndex } = await unit.component(component.id)
    const found = candidate(component, timing.recurrence, nextIndex)
    if (found !== undefined) candidates.set(component.id, found)
  }
  return candidates
}

/** How many instances more `maxActiveInstances` allows now. What waits for room is made when an instance ends. */
async function openings(unit: UnitOfWork, component: Component, births: readonly Birth[]): Promise<number> {
  if (component.maxActiveInstances === undefined) return Number.POSITIVE_INFINITY
  const { activeInstances } = await unit.component(component.id)
  const unborn = births.filter((birth) => birth.instance.componentId === component.id && !isSkipped(birth, unit)).length
  return component.maxActiveInstances - activeInstances - unborn
}

function candidate(component: Component, recurrence: Recurring, index: number): Candidate | undefined {
  const occurrence = occurrenceAt(recurrence, index)
  if (occurrence === undefined || component.timing.kind !== 'scheduled') return undefined
  return { component, recurrence, index, occurrence, dueAt: dueAt(occurrence, component.timing.scheduleType) }
}

/** The one that is due first; of several at one time, the one whose kind the others need. */
function earliest(candidates: ReadonlyMap<ObjectId, Candidate>): Candidate | undefined {
  let first: Candidate | undefined
  for (const each of candidates.values()) if (first === undefined || each.dueAt < first.dueAt) first = each
  return first
}
