import { type EffectiveObject, targetsOf } from './effective-object.ts'
import type { ObjectId } from './pipeline-object.ts'

/**
 * How many objects may update one data node in place: everything that reads the node waits for each of them.
 *
 * @source ours: differences#cycles
 */
export const updatersMax = 100

/**
 * The data nodes that an object both reads and writes, with all objects that do so. Such an object waits for the data as it is before it
 * runs, never for what it writes itself; whatever only reads the node waits for the object.
 *
 * @source ours: differences#cycles
 */
export function findUpdaters(objects: Iterable<EffectiveObject>): ReadonlyMap<ObjectId, ReadonlySet<ObjectId>> {
  const updaters = new Map<ObjectId, Set<ObjectId>>()
  for (const object of objects) {
    if (object.type === undefined || !object.fields.has('input')) continue
    const inputs = new Set(targetsOf(object, 'input'))
    for (const written of targetsOf(object, 'output')) {
      if (!inputs.has(written)) continue
      const known = updaters.get(written)
      if (known === undefined) updaters.set(written, new Set([object.id]))
      else known.add(object.id)
    }
  }
  return updaters
}
