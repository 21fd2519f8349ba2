import type { ObjectId } from '../definition/pipeline-object.ts'
import type { Instant } from '../instant.ts'
import { dueAt, type Occurrence, occurrenceAt, type Recurring } from '../schedule/occurrence.ts'
import { type Birth, birthsOf } from './birth.ts'
import { type Component, recurrenceOf } from './component.ts'
import type { Plan } from './plan.ts'

/** How far the schedule of a component has come. */
export type Progress = {
  /** The index of the next occurrence to make an instance of. */
  readonly nextIndex: number
  /** Instances that have not ended. */
  readonly activeInstances: number
}

/** Up to when instances are made, and under which circumstances. */
export type DueSearch = {
  /** How far each component with intervals of its own has come. */
  readonly progress: ReadonlyMap<ObjectId, Progress>
  readonly version: number
  readonly now: Instant
  /** Occurrences that start earlier are skipped. */
  readonly startAt: Instant | undefined
  /** The number of births after which the search stops. */
  readonly birthsMax: number
}

/** What is due: the instances to make, how far the schedules have come with them, and when to look again. */
export type DueInstances = {
  readonly births: readonly Birth[]
  readonly nextIndexes: ReadonlyMap<ObjectId, number>
  /** Absent once the schedules are exhausted, or wait for an instance to end. */
  readonly next: Instant | undefined
}

/** A component with an occurrence that it has no instance of yet. */
type Candidate = {
  readonly component: Component
  readonly recurrence: Recurring
  readonly index: number
  readonly occurrence: Occurrence
  readonly dueAt: Instant
  /** How many instances more `maxActiveInstances` allows. */
  readonly openings: number
}

/** The components that have intervals of their own. */
export const recurringComponents = (plan: Plan): readonly Component[] =>
  [...plan.components.values()].filter((component) => recurrenceOf(component) !== undefined)

/** Finds the instances that are due, in the order in which they are. What waits for room is made when an instance ends. */
export function takeDue(plan: Plan, search: DueSearch): DueInstances {
  const births: Birth[] = []
  const nextIndexes = new Map<ObjectId, number>()
  const candidates = firstCandidates(plan, search)
  for (let next = earliest(candidates); next !== undefined; next = earliest(candidates)) {
    const { component, index, occurrence } = next
    if (next.dueAt > search.now || births.length >= search.birthsMax) return { births, nextIndexes, next: next.dueAt }
    births.push(...birthsOf(plan, component, { occurrence, version: search.version, now: search.now }))
    nextIndexes.set(component.id, index + 1)
    const openings = next.openings - (isPassedOver(occurrence, search) ? 0 : 1)
    const following = openings > 0 ? candidate(component, { index: index + 1, openings }) : undefined
    if (following === undefined) candidates.delete(component.id)
    else candidates.set(component.id, following)
  }
  return { births, nextIndexes, next: undefined }
}

/** Whether the schedule skips an occurrence, because the pipeline was activated from a later time. */
export const isPassedOver = ({ start }: Occurrence, { startAt }: { readonly startAt: Instant | undefined }): boolean =>
  startAt !== undefined && start < startAt

/** The instances of one activation of an on-demand pipeline. */
export function onDemandBirths(plan: Plan, made: Parameters<typeof birthsOf>[2]): readonly Birth[] {
  const scheduled = [...plan.components.values()].filter(({ timing }) => timing.kind === 'scheduled')
  return scheduled.flatMap((component) => birthsOf(plan, component, made))
}

function firstCandidates(plan: Plan, { progress }: DueSearch): Map<ObjectId, Candidate> {
  const candidates = new Map<ObjectId, Candidate>()
  for (const component of recurringComponents(plan)) {
    const { nextIndex, activeInstances } = progress.get(component.id) ?? { nextIndex: 0, activeInstances: 0 }
    const openings = (component.maxActiveInstances ?? Number.POSITIVE_INFINITY) - activeInstances
    const found = openings > 0 ? candidate(component, { index: nextIndex, openings }) : undefined
    if (found !== undefined) candidates.set(component.id, found)
  }
  return candidates
}

function candidate(
  component: Component,
  { index, openings }: Pick<Candidate, 'index' | 'openings'>,
): Candidate | undefined {
  const { timing } = component
  if (timing.kind !== 'scheduled' || timing.recurrence.kind !== 'recurring') return undefined
  const { recurrence, scheduleType } = timing
  const occurrence = occurrenceAt(recurrence, index)
  if (occurrence === undefined) return undefined
  return { component, recurrence, index, occurrence, dueAt: dueAt(occurrence, scheduleType), openings }
}

/** The one that is due first; of several at one time, the one whose kind the others need. */
function earliest(candidates: ReadonlyMap<ObjectId, Candidate>): Candidate | undefined {
  let first: Candidate | undefined
  for (const each of candidates.values()) if (first === undefined || each.dueAt < first.dueAt) first = each
  return first
}
