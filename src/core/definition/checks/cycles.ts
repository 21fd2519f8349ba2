import { quote, shortList } from '../../quote.ts'
import { type EffectiveObject, targetsOf } from '../effective-object.ts'
import type { ObjectId } from '../pipeline-object.ts'
import type { Problem } from '../problem.ts'
import { findUpdaters, updatersMax } from '../updated-in-place.ts'
import type { Check } from './subject.ts'

/** The fields that make an object wait for what may wait itself; a precondition waits for nothing. */
const waitingFields = ['dependsOn', 'input'] as const

/**
 * Nothing waits for itself, directly or through others: by `dependsOn` or through data. One problem for each knot, with the path of one
 * way around it. An object may read the very data node that it writes: it takes the data as it finds it.
 *
 * @source guide: dp-check-when-run-fails; ours: differences#cycles
 */
export const checkCycles: Check = ({ objects }) => {
  const updaters = findUpdaters(objects.values())
  const waits = dependencies(objects, updaters)
  const configurations = new Map<ObjectId, readonly ObjectId[]>()
  for (const object of objects.values()) {
    if (object.fields.has('configuration')) configurations.set(object.id, targetsOf(object, 'configuration'))
  }
  return [
    ...[...updaters].flatMap(([id, ids]) => updatesInPlace(id, ids)),
    ...findCycles(waits).map((path) =>
      cycleProblem(path, 'Dependencies form a circle, so none of these objects could ever start'),
    ),
    ...findCycles(configurations).map((path) =>
      cycleProblem(path, "'configuration' makes these objects contain themselves"),
    ),
  ]
}

type Updaters = ReturnType<typeof findUpdaters>

function updatesInPlace(id: ObjectId, updaters: ReadonlySet<ObjectId>): Problem[] {
  if (updaters.size > updatersMax) {
    const message = `${updaters.size} objects both read and write ${quote(id)}; the limit is ${updatersMax}. Give some of them an output of their own.`
    return [{ severity: 'error', objectId: id, message }]
  }
  const message = `'output' refers to ${quote(id)}, which is an input as well: the data is read as it is before the run, and whatever else reads it waits for this object. Give the output a data node of its own if that is not meant.`
  return [...updaters].map((objectId) => ({ severity: 'warning', objectId, field: 'output', message }))
}

/** What each object waits for; an output waits for whoever writes it, unless that reads it as well. */
function dependencies(objects: ReadonlyMap<ObjectId, EffectiveObject>, updaters: Updaters): Map<ObjectId, ObjectId[]> {
  const waits = new Map<ObjectId, ObjectId[]>()
  const add = (from: ObjectId, to: ObjectId): void => {
    if (!objects.has(from) || !objects.has(to)) return
    const known = waits.get(from)
    if (known === undefined) waits.set(from, [to])
    else known.push(to)
  }
  for (const object of objects.values()) {
    if (object.type === undefined) continue
    for (const field of waitingFields) {
      // A field that the type does not have has no effect.
      if (!object.type.fields.has(field)) continue
      for (const target of targetsOf(object, field)) add(object.id, target)
    }
    for (const target of targetsOf(object, 'output')) {
      if (!updaters.get(target)?.has(object.id)) add(target, object.id)
    }
    for (const target of targetsOf(object, 'input')) {
      const others = updaters.get(target)
      if (others === undefined || others.has(object.id) || others.size > updatersMax) continue
      for (const other of others) add(object.id, other)
    }
  }
  return waits
}

/** Where a walk stands: the object, and which of its edges comes next. */
type Step = { readonly id: ObjectId; nextEdge: number }

/**
 * Cycles that share no object, found by a walk in depth that visits every edge once. It keeps its own stack, since chains may be
 * longer than the call stack is deep.
 */
function findCycles(edges: ReadonlyMap<ObjectId, readonly ObjectId[]>): ObjectId[][] {
  const done = new Set<ObjectId>()
  const cycles: ObjectId[][] = []
  for (const start of edges.keys()) {
    const path = new Map<ObjectId, number>()
    const stack: Step[] = []
    const enter = (id: ObjectId): void => {
      path.set(id, stack.length)
      stack.push({ id, nextEdge: 0 })
    }
    if (!done.has(start)) enter(start)
    for (let step = stack.at(-1); step !== undefined; step = stack.at(-1)) {
      const next = edges.get(step.id)?.[step.nextEdge++]
      if (next === undefined) {
        done.add(step.id)
        path.delete(step.id)
        stack.pop()
        continue
      }
      const position = path.get(next)
      if (position === undefined) {
        if (!done.has(next)) enter(next)
      } else if (!done.has(step.id)) {
        const cycle = stack.slice(position).map(({ id }) => id)
        cycles.push(cycle)
        // Another way around the same knot would be no news.
        for (const id of cycle) done.add(id)
      }
    }
  }
  return cycles
}

function cycleProblem(cycle: readonly ObjectId[], complaint: string): Problem {
  const path = `${shortList(cycle.map(quote), ' → ')} → ${quote(cycle[0] ?? '')}`
  return { severity: 'error', objectId: cycle[0], message: `${complaint}: ${path}. Remove one of these references.` }
}
