import { type ObjectId, objectId } from '../definition/pipeline-object.ts'
import { type Instant, parseInstant } from '../instant.ts'
import { dueAt, indexAt, type Occurrence, occurrenceAt } from '../schedule/occurrence.ts'
import { type Component, instanceIdOf, recurrenceOf } from './component.ts'
import type { Plan } from './plan.ts'
import { scheduledLeadersOf } from './users-to-come.ts'
import { type Unborn, type WhyNode, waitsForMax } from './why.ts'

/** What decides whether instances come to be. */
export type BirthFacts = {
  readonly plan: Plan
  readonly pipelineState: string
  readonly now: Instant
  /** What is counted of a component; of one that never had an instance, nothing. */
  counts(id: ObjectId): { readonly nextIndex: number; readonly activeInstances: number }
}

/** An interval that has no instance of a component, and the component whose schedule would bring that about. */
type Place = {
  readonly leader: Component
  readonly index: number
  readonly occurrence: Occurrence
}

/** Why there is no instance of a component with the start that an id names. */
export function whyUnborn(id: ObjectId, named: Named, facts: BirthFacts): WhyNode {
  const [place] = placesOf(named, facts)
  if (place !== undefined) return nodeOf(id, place, facts)
  return { id, cause: { kind: 'noOccurrence', componentId: named.component.id }, waitsFor: [] }
}

/** Why a component has no instance beyond those that it has: what its next one waits for. None is to come of what has had its last. */
export function whyNext(component: Component, facts: BirthFacts): WhyNode | undefined {
  const leaders = scheduledLeadersOf(facts.plan, component)
  if (leaders.some(({ timing }) => timing.kind === 'scheduled' && timing.recurrence.kind === 'onDemand')) {
    return { id: component.id, cause: pipelineCause(facts) ?? { kind: 'onDemand' }, waitsFor: [] }
  }
  // A precondition has instances of its own for each object that it guards.
  const guarded = component.guards.length === 0 ? [undefined] : component.guards
  const [next] = guarded
    .flatMap((id) => leadersFor(component, id, facts).map((leader) => ({ id, leader })))
    .flatMap(({ id, leader }) => {
      const place = placeAt(leader, facts.counts(leader.id).nextIndex)
      return place === undefined ? [] : [{ id: instanceIdOf(component, place.occurrence, id), place }]
    })
    .sort((left, right) => left.place.occurrence.start - right.place.occurrence.start)
  return next === undefined ? undefined : nodeOf(next.id, next.place, facts)
}

/** The schedules that bring about the instances of a component; for a precondition, those that guard one object. */
function leadersFor(component: Component, guarded: ObjectId | undefined, { plan }: BirthFacts): readonly Component[] {
  const led = guarded === undefined ? undefined : plan.components.get(guarded)
  return scheduledLeadersOf(plan, led ?? component)
}

/** Why a component of a pipeline that has never been activated has no instances. */
export const whyPending = (id: ObjectId): WhyNode => ({
  id,
  cause: { kind: 'pipelineState', state: 'PENDING' },
  waitsFor: [],
})

/** A node with the active instances that take all the room. */
export function withActive(node: WhyNode, active: readonly ObjectId[]): WhyNode {
  if (node.cause.kind !== 'maxActiveInstances') return node
  const waitsFor = active.slice(0, waitsForMax)
  const moreCount = node.cause.activeCount - waitsFor.length
  return { ...node, waitsFor, moreCount: moreCount > 0 ? moreCount : undefined }
}

function nodeOf(id: ObjectId, place: Place, facts: BirthFacts): WhyNode {
  const cause = causeOf(place, facts)
  const due = dueOf(place)
  const since = cause.kind === 'maxActiveInstances' || cause.kind === 'beingMade' ? due : undefined
  return { id, since, cause, waitsFor: [] }
}

function causeOf(place: Place, facts: BirthFacts): Unborn {
  const { leader, index } = place
  const { nextIndex, activeInstances } = facts.counts(leader.id)
  if (index < nextIndex) return { kind: 'passed' }
  const stopped = pipelineCause(facts)
  if (stopped !== undefined) return stopped
  const due = dueOf(place)
  if (due > facts.now) return { kind: 'notDue', dueAt: due }
  const { maxActiveInstances: max } = leader
  if (max !== undefined && activeInstances >= max) {
    return { kind: 'maxActiveInstances', componentId: leader.id, max, activeCount: activeInstances }
  }
  return { kind: 'beingMade', dueAt: due }
}

const pipelineCause = ({ pipelineState }: BirthFacts): Unborn | undefined =>
  pipelineState === 'SCHEDULED' || pipelineState === 'FINISHED'
    ? undefined
    : { kind: 'pipelineState', state: pipelineState }

const dueOf = ({ occurrence, leader: { timing } }: Place): Instant =>
  dueAt(occurrence, timing.kind === 'scheduled' ? timing.scheduleType : 'cron')

/** What an instance id names: a component, the start of an interval and, for a precondition, what it guards. */
export type Named = {
  readonly component: Component
  readonly guarded: ObjectId | undefined
  readonly start: Instant
}

/** Reads an instance id back: `@<component>_<start>`, or `@<precondition>.<guarded>_<start>`. */
export function componentNamedBy(id: ObjectId, plan: Plan): Named | undefined {
  const split = id.lastIndexOf('_')
  const start = parseInstant(id.slice(split + 1))
  if (!id.startsWith('@') || start === undefined) return undefined
  const label = objectId(id.slice(1, split))
  const component = plan.components.get(label)
  if (component !== undefined && component.guards.length <= 1) {
    return { component, guarded: component.guards[0], start }
  }
  for (const precondition of plan.components.values()) {
    const guarded = precondition.guards.find((each) => `${precondition.id}.${each}` === label)
    if (guarded !== undefined) return { component: precondition, guarded, start }
  }
  return undefined
}

/** Where the schedules that bring about a component have an interval with this start. */
function placesOf({ component, guarded, start }: Named, facts: BirthFacts): readonly Place[] {
  return leadersFor(component, guarded, facts).flatMap((leader) => {
    const recurrence = recurrenceOf(leader)
    const place = recurrence === undefined ? undefined : placeAt(leader, indexAt(recurrence, start))
    return place?.occurrence.start === start ? [place] : []
  })
}

function placeAt(leader: Component, index: number): Place | undefined {
  const recurrence = recurrenceOf(leader)
  const occurrence = recurrence === undefined ? undefined : occurrenceAt(recurrence, index)
  return occurrence === undefined ? undefined : { leader, index, occurrence }
}
