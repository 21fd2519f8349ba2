import type { ObjectId } from '../definition/pipeline-object.ts'
import type { Instant } from '../instant.ts'
import type { Occurrence } from '../schedule/occurrence.ts'
import { type Component, instanceIdOf, instanceNameOf } from './component.ts'
import { type Dependency, dependenciesOf } from './dependencies.ts'
import type { Instance } from './instance.ts'
import type { Plan } from './plan.ts'

/** An instance before it is stored, with what it depends on. Its dependencies and its users are not counted yet. */
export type Birth = {
  readonly instance: Instance
  readonly name: string
  readonly dependencies: readonly Dependency[]
}

/** In which occurrence, of which version of the definition and when an instance comes to be. */
type Circumstances = { readonly occurrence: Occurrence; readonly version: number; readonly now: Instant }

/**
 * The instance of a component in one occurrence, and of everything that follows it there: its preconditions, and resources and data
 * nodes without a schedule. What several leaders share is born with each of them, under the same id: the caller keeps the first.
 */
export function birthsOf(plan: Plan, component: Component, made: Circumstances): readonly Birth[] {
  return [birth(plan, component, made), ...followersOf(plan, component, made)]
}

function followersOf(plan: Plan, { id }: Component, made: Circumstances): readonly Birth[] {
  return (plan.followers.get(id) ?? []).flatMap((follower) => {
    const guarded = follower.guards.includes(id) ? id : undefined
    return [birth(plan, follower, { ...made, guarded }), ...followersOf(plan, follower, made)]
  })
}

function birth(
  plan: Plan,
  component: Component,
  made: Circumstances & { readonly guarded?: ObjectId | undefined },
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
      ? { ...common, kind: 'resource', openUsers: 0, dueUsers: 0 }
      : { ...common, kind: component.kind }
  return {
    instance,
    name: instanceNameOf(component, occurrence, guarded),
    dependencies: dependenciesOf(plan, { component, occurrence, guarded }),
  }
}

function nodeIdOf(plan: Plan, guarded: ObjectId, occurrence: Occurrence): ObjectId | undefined {
  const component = plan.components.get(guarded)
  return component === undefined ? undefined : instanceIdOf(component, occurrence)
}
