import type { ObjectId } from '../definition/pipeline-object.ts'
import type { Birth } from './birth.ts'
import type { Delivery } from './delivery.ts'
import { dependencyStateOf } from './ending.ts'
import type { DependencyState } from './event.ts'
import type { Instance, ResourceInstance } from './instance.ts'
import type { Edge } from './signals.ts'

/** New instances as they are stored, what they depend on, and the events with which they begin. */
export type Entry = {
  readonly instances: readonly { readonly name: string; readonly instance: Instance }[]
  readonly edges: readonly Edge[]
  readonly deliveries: readonly Delivery[]
}

/** What new instances find. */
export type Surroundings = {
  /** What has become of an instance that others depend on; `open` if it does not exist yet. */
  dependencyState(id: ObjectId): DependencyState
  /** The instances that are to run on a resource and came to be before it. */
  usersOf(resourceId: ObjectId): readonly Instance[]
  /** What happens to an instance first: it is created, or skipped. */
  eventFor(birth: Birth): 'created' | 'skip'
}

/** The first of the births under each id. */
export function distinctBirths(births: readonly Birth[]): Map<ObjectId, Birth> {
  const byId = new Map<ObjectId, Birth>()
  for (const birth of births) if (!byId.has(birth.instance.id)) byId.set(birth.instance.id, birth)
  return byId
}

/** Counts what new instances depend on and what runs on them, and says what they and those around them learn first. */
export function enter(births: readonly Birth[], around: Surroundings): Entry {
  const edges: Edge[] = []
  const newUsers = new Map<ObjectId, number>()
  const openDependencies = births.map((birth) => {
    const own = edgesOf(birth, around)
    edges.push(...own)
    for (const { targetId } of own.filter(isMachine)) newUsers.set(targetId, (newUsers.get(targetId) ?? 0) + 1)
    return own.filter(isOpen).length
  })
  const ids = new Set(births.map(({ instance }) => instance.id))
  return {
    instances: births.map(({ instance, name }, index) => {
      const waiting = { ...instance, openDependencies: openDependencies[index] ?? 0 }
      if (waiting.kind !== 'resource') return { name, instance: waiting }
      return { name, instance: withUsers(waiting, newUsers.get(waiting.id) ?? 0, around) }
    }),
    edges,
    deliveries: [
      // A machine that is there already learns of its new users before the first of them needs it.
      ...edges.flatMap((edge) => (isMachine(edge) && !ids.has(edge.targetId) ? [userBorn(edge)] : [])),
      ...births.map((birth): Delivery => ({ id: birth.instance.id, event: { kind: around.eventFor(birth) } })),
      ...edges.flatMap((edge) => (edge.state === 'failed' ? [dependencyFailed(edge)] : [])),
    ],
  }
}

/** The edges of a new instance. What it depends on may have ended already, or may not exist yet. */
const edgesOf = ({ instance, dependencies }: Birth, around: Surroundings): readonly Edge[] =>
  dependencies.map(({ kind, targetId }) => ({
    dependentId: instance.id,
    targetId,
    kind,
    state: kind === 'runsOn' ? 'open' : around.dependencyState(targetId),
  }))

/** What an instance is to those that are born after it. */
export const stateForDependents = (target: Instance | undefined): DependencyState =>
  target === undefined ? 'open' : dependencyStateOf(target)

const isMachine = ({ kind }: Edge): boolean => kind === 'runsOn'

const isOpen = (edge: Edge): boolean => !isMachine(edge) && edge.state !== 'satisfied'

/** A resource with its users counted: those that are born with it, and those that came to be before it. */
function withUsers(resource: ResourceInstance, newUsers: number, around: Surroundings): ResourceInstance {
  const open = around.usersOf(resource.id).filter(({ state }) => state.kind !== 'ended')
  return { ...resource, openUsers: newUsers + open.length, dueUsers: open.filter(isDue).length }
}

const isDue = ({ state }: Instance): boolean => state.kind !== 'waiting'

const userBorn = ({ targetId }: Edge): Delivery => ({ id: targetId, event: { kind: 'userBorn' } })

const dependencyFailed = ({ dependentId, targetId }: Edge): Delivery => ({
  id: dependentId,
  event: { kind: 'dependency', source: targetId, from: 'open', to: 'failed' },
})
