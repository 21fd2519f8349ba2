import type { ObjectId } from '../definition/pipeline-object.ts'
import type { Instant } from '../instant.ts'
import { indexAt, type Occurrence, occurrenceAt, overlapping } from '../schedule/occurrence.ts'
import { type Component, instanceIdOf, instanceNameOf, type LinkKind, occurrencesOf } from './component.ts'
import type { Instance } from './instance.ts'
import type { Plan } from './plan.ts'

/** An instance that one depends on; it may not exist yet. */
export type Dependency = { readonly kind: LinkKind; readonly targetId: ObjectId }

/** An instance before it is stored, with what it depends on. Its dependencies are not counted yet. */
export type Birth = {
  readonly instance: Instance
  readonly name: string
  readonly dependencies: readonly Dependency[]
}

/**
 * The instance of a component in one occurrence, and of everything that follows it there: its preconditions, and resources and data
 * nodes without a schedule. What several leaders share is born with each of them, under the same id: the caller keeps the first.
 */
export function birthsOf(
  plan: Plan,
  component: Component,
  made: { readonly occurrence: Occurrence; readonly version: number; readonly now: Instant },
): readonly Birth[] {
  const own = birth(plan, component, { ...made, guarded: undefined })
  const followers = plan.followers.get(component.id) ?? []
  return [
    own,
    ...followers.flatMap((follower) => {
      const isGuard = follower.guards.includes(component.id)
      if (isGuard) return [birth(plan, follower, { ...made, guarded: component.id })]
      return birthsOf(plan, follower, made)
    }),
  ]
}

function birth(
  plan: Plan,
  component: Component,
  made: {
    readonly occurrence: Occurrence
    readonly version: number
    readonly now: Instant
    readonly guarded: ObjectId | undefined
  },
): Birth {
  const { occurrence, guarded } = made
  const common = {
    id: instanceIdOf(component, occurrence, guarded),
    componentId: component.id,
    version: made.version,
    occurrence,
    nodeId: guarded === undefined ? undefined : nodeIdOf(plan, guarded, occurrence),
    startedAt: made.now,
    openDependencies: 0,
    failedDependencies: 0,
    attemptCount: 0,
    triesFailed: 0,
    state: { kind: 'waiting' },
  } as const
  const instance: Instance =
    component.kind === 'resource'
      ? { ...common, kind: 'resource', openUsers: countUsers(plan, component, occurrence), dueUsers: 0 }
      : { ...common, kind: component.kind }
  return {
    instance,
    name: instanceNameOf(component, occurrence, guarded),
    dependencies: dependenciesOf(plan, component, occurrence),
  }
}

function nodeIdOf(plan: Plan, guarded: ObjectId, occurrence: Occurrence): ObjectId | undefined {
  const component = plan.components.get(guarded)
  return component === undefined ? undefined : instanceIdOf(component, occurrence)
}

/** The instances that one depends on. Of a resource, it needs the one that is there when it starts. */
export function dependenciesOf(plan: Plan, component: Component, occurrence: Occurrence): readonly Dependency[] {
  return component.links.flatMap(({ kind, target }): readonly Dependency[] => {
    const found = plan.components.get(target)
    if (found === undefined) return []
    if (kind === 'precondition') return [{ kind, targetId: instanceIdOf(found, occurrence, component.id) }]
    const occurrences = occurrencesOf(found, component, occurrence)
    const needed = kind === 'runsOn' ? occurrences.slice(0, 1) : occurrences
    return needed.map((each) => ({ kind, targetId: instanceIdOf(found, each) }))
  })
}

/** How many instances will run on a resource in one of its occurrences, those to come included. */
function countUsers(plan: Plan, resource: Component, occurrence: Occurrence): number {
  const users = plan.users.get(resource.id) ?? []
  const instances = users.flatMap((user) =>
    user.kind === 'task' && user.guards.length > 0 ? guarded(plan, user) : [user],
  )
  return instances.reduce((count, user) => count + countOccurrences(user, resource, occurrence), 0)
}

/** The components that a precondition guards: it has an instance for each of theirs. */
const guarded = (plan: Plan, precondition: Component): readonly Component[] =>
  precondition.guards.flatMap((id) => plan.components.get(id) ?? [])

function countOccurrences(user: Component, resource: Component, occurrence: Occurrence): number {
  const { timing } = user
  if (timing.kind === 'follows' || timing.recurrence.kind === 'onDemand') return 1
  const { recurrence } = timing
  if (resource.timing.kind === 'scheduled') {
    if (resource.timing.recurrence === recurrence) return 1
    const { recurrence: own } = resource.timing
    if (own.kind === 'onDemand') return 1
    // It runs on the first machine that overlaps it.
    return overlapping(recurrence, occurrence).filter((each) => overlapping(own, each)[0]?.start === occurrence.start)
      .length
  }
  return occurrenceAt(recurrence, indexAt(recurrence, occurrence.start))?.start === occurrence.start ? 1 : 0
}
