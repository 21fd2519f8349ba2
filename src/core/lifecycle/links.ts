import { isA, type ObjectType } from '../catalog/object-type.ts'
import { type EffectiveObject, targetsOf } from '../definition/effective-object.ts'
import type { ObjectId } from '../definition/pipeline-object.ts'
import { findUpdaters } from '../definition/updated-in-place.ts'
import type { Link, LinkKind } from './component.ts'

/** An object that has instances. */
export type Runnable = { readonly object: EffectiveObject; readonly type: ObjectType }

/** What the objects of a definition depend on, seen from both ends. */
export type Links = {
  /** What an object depends on. An output node depends on every activity that writes it. */
  of(id: ObjectId): readonly Link[]
  /** The objects that depend on this one in one of these ways, in the order of the definition. */
  dependents(id: ObjectId, kinds: readonly LinkKind[]): readonly ObjectId[]
}

const linkFields: readonly LinkKind[] = ['input', 'dependsOn', 'precondition', 'runsOn']

/**
 * Finds all links, in time linear in the size of the definition. What an activity both reads and writes does not wait for it; whatever
 * else reads that waits for the activity itself.
 */
export function findLinks(runnables: readonly Runnable[]): Links {
  const links = new Map<ObjectId, Link[]>(runnables.map((runnable) => [runnable.object.id, ownLinks(runnable)]))
  const updaters = findUpdaters(runnables.map(({ object }) => object))
  for (const { object } of runnables) {
    for (const written of targetsOf(object, 'output')) {
      if (!updaters.get(written)?.has(object.id)) add(links.get(written), { kind: 'output', target: object.id })
    }
    for (const read of targetsOf(object, 'input')) {
      const others = updaters.get(read)
      if (others === undefined || others.has(object.id)) continue
      for (const target of others) add(links.get(object.id), { kind: 'dependsOn', target })
    }
  }
  const dependents = new Map<ObjectId, { readonly kind: LinkKind; readonly id: ObjectId }[]>()
  for (const [id, own] of links) {
    for (const { kind, target } of own) {
      const known = dependents.get(target)
      if (known === undefined) dependents.set(target, [{ kind, id }])
      else known.push({ kind, id })
    }
  }
  return {
    of: (id) => links.get(id) ?? [],
    dependents: (id, kinds) =>
      (dependents.get(id) ?? []).flatMap((dependent) => (kinds.includes(dependent.kind) ? [dependent.id] : [])),
  }
}

function ownLinks({ object, type }: Runnable): Link[] {
  const links: Link[] = []
  for (const kind of linkFields) {
    // A field that the type does not have has no effect.
    if (!type.fields.has(kind)) continue
    for (const target of targetsOf(object, kind)) add(links, { kind, target })
  }
  return links
}

/** One link is enough between two objects, however often and in how many ways one names the other; a machine is apart from that. */
function add(links: Link[] | undefined, link: Link): void {
  const isKnown = links?.some(
    ({ kind, target }) => target === link.target && (kind === 'runsOn') === (link.kind === 'runsOn'),
  )
  if (isKnown === false) links?.push(link)
}

/**
 * For each precondition that a task runner checks, and for each object that it guards: the object on behalf of which it is checked.
 * That is what it guards or, for a data node that says nowhere where to run, an activity that reads or writes it.
 *
 * @source guide: dp-concepts-preconditions
 */
export function findHosts(
  runnables: readonly Runnable[],
  links: Links,
): ReadonlyMap<ObjectId, ReadonlyMap<ObjectId, ObjectId>> {
  const activities = new Set(runnables.flatMap(({ object, type }) => (isA(type, 'Activity') ? [object.id] : [])))
  const placed = new Set(runnables.flatMap(({ object }) => (hasPlace(object, links) ? [object.id] : [])))
  const hosts = new Map<ObjectId, ReadonlyMap<ObjectId, ObjectId>>()
  for (const { object, type } of runnables) {
    if (!isA(type, 'UserManagedPrecondition')) continue
    const guards = links.dependents(object.id, ['precondition'])
    const found = guards.flatMap((guarded): readonly (readonly [ObjectId, ObjectId])[] => {
      const host = placed.has(guarded)
        ? guarded
        : [guarded, ...usersOf(guarded, links)].find((id) => activities.has(id))
      return host === undefined ? [] : [[guarded, host]]
    })
    hosts.set(object.id, new Map(found))
  }
  return hosts
}

/** Whether an object names a resource or a worker group. */
const hasPlace = ({ id, fields }: EffectiveObject, links: Links): boolean =>
  fields.has('workerGroup') || links.of(id).some(({ kind }) => kind === 'runsOn')

function usersOf(dataNode: ObjectId, links: Links): readonly ObjectId[] {
  const writers = links.of(dataNode).flatMap(({ kind, target }) => (kind === 'output' ? [target] : []))
  return [...links.dependents(dataNode, ['input']), ...writers, ...links.dependents(dataNode, ['dependsOn'])]
}
