import type { ObjectId } from '../definition/pipeline-object.ts'
import type { Instant } from '../instant.ts'
import { type Occurrence, overlapping, reaches } from '../schedule/occurrence.ts'
import { type Component, instanceIdOf, type Link, type LinkKind } from './component.ts'
import type { Instance } from './instance.ts'
import { componentOfInstance, type Plan } from './plan.ts'

/** An instance that one depends on; it may not exist yet. */
export type Dependency = { readonly kind: LinkKind; readonly targetId: ObjectId }

/** Where an instance stands: a component in one occurrence of its schedule and, for a precondition, what it guards there. */
export type Place = {
  readonly component: Component
  readonly occurrence: Occurrence
  readonly guarded?: ObjectId | undefined
}

/** Where an instance stands; `undefined` if the plan has no such component. */
export function placeOf(plan: Plan, { componentId, occurrence, nodeId }: Instance): Place | undefined {
  const component = plan.components.get(componentId)
  const guarded = nodeId === undefined ? undefined : componentOfInstance(plan, nodeId)?.id
  return component === undefined ? undefined : { component, occurrence, guarded }
}

/** The instances that one depends on, its machine included, which is nothing to wait for. */
export function dependenciesOf(plan: Plan, place: Place): readonly Dependency[] {
  const waitedFor = place.component.links.flatMap((link) => waitedForBy(plan, place, link))
  const machine = machineOf(plan, place)
  return machine === undefined ? waitedFor : [...waitedFor, { kind: 'runsOn', targetId: machine }]
}

/** The instances that guard one. */
export const preconditionsOf = (plan: Plan, place: Place): readonly ObjectId[] =>
  place.component.links.flatMap((link) =>
    link.kind === 'precondition' ? waitedForBy(plan, place, link).map(({ targetId }) => targetId) : [],
  )

/** The instance of the resource that one runs on; of several that overlap it, the first. */
export function machineOf(plan: Plan, place: Place): ObjectId | undefined {
  const resource = resourceOf(plan, place)
  const [occurrence] = resource === undefined ? [] : occurrencesOf(plan, resource, place)
  return resource === undefined || occurrence === undefined ? undefined : instanceIdOf(resource, occurrence)
}

/** The object on behalf of which a task runner checks a precondition; of anything else the component itself. */
export function hostOf(plan: Plan, { component, guarded }: Omit<Place, 'occurrence'>): Component {
  const host = guarded === undefined ? undefined : component.hosts.get(guarded)
  return (host === undefined ? undefined : plan.components.get(host)) ?? component
}

/** The resource that a task runs on; a precondition runs where its host does. A data node runs nowhere: only its preconditions do. */
export function resourceOf(plan: Plan, place: Omit<Place, 'occurrence'>): Component | undefined {
  if (place.component.kind !== 'task') return undefined
  const link = hostOf(plan, place).links.find(({ kind }) => kind === 'runsOn')
  return link === undefined ? undefined : plan.components.get(link.target)
}

/**
 * The occurrences in which `target` has the instances that one depends on: those that overlap it. What follows others has them when
 * those have theirs. There are none where the schedule of the target does not reach.
 *
 * @source ours: architecture, dependencies across schedules
 */
export function occurrencesOf(plan: Plan, target: Component, place: Place): readonly Occurrence[] {
  const { component, occurrence } = place
  const { timing } = target
  if (timing.kind === 'scheduled') {
    const { recurrence } = timing
    if (recurrence.kind === 'onDemand') return [occurrence]
    const isShared = component.timing.kind === 'scheduled' && component.timing.recurrence === recurrence
    // What has been made before an edit that ends their schedule earlier may lie beyond its end.
    if (isShared) return reaches(recurrence, occurrence) ? [occurrence] : []
    return overlapping(recurrence, occurrence)
  }
  if (timing.leaders.includes(component.id)) return [occurrence]
  const found = new Map<Instant, Occurrence>()
  for (const leader of timing.leaders) {
    const leading = plan.components.get(leader)
    if (leading === undefined) continue
    for (const each of occurrencesOf(plan, leading, place)) if (!found.has(each.start)) found.set(each.start, each)
  }
  return [...found.values()].sort((left, right) => left.start - right.start)
}

function waitedForBy(plan: Plan, place: Place, { kind, target }: Link): readonly Dependency[] {
  const found = plan.components.get(target)
  if (found === undefined || kind === 'runsOn') return []
  if (kind === 'precondition') return [{ kind, targetId: instanceIdOf(found, place.occurrence, place.component.id) }]
  return instancesOf(plan, found, place).map((targetId) => ({ kind, targetId }))
}

/** A precondition has an instance for each object that it guards; everything else has one in each occurrence. */
function instancesOf(plan: Plan, target: Component, place: Place): readonly ObjectId[] {
  if (target.guards.length === 0) return occurrencesOf(plan, target, place).map((each) => instanceIdOf(target, each))
  return target.guards.flatMap((id) => {
    const guarded = plan.components.get(id)
    if (guarded === undefined) return []
    return occurrencesOf(plan, guarded, place).map((each) => instanceIdOf(target, each, id))
  })
}
