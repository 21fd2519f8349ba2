import { shorten, shortList } from '../quote.ts'
import type { FieldPlace } from './failure.ts'

/** A field, and the fields that its expressions read; a field with several values may appear several times. */
export type FieldReads = { readonly field: FieldPlace; readonly reads: readonly FieldPlace[] }

/**
 * The circles in which fields need one another, each as a path that ends where it begins. Takes time linear in the fields and
 * what they read.
 *
 * @source ours: the original's behaviour is not known
 */
export function findFieldCycles(fields: readonly FieldReads[]): readonly (readonly FieldPlace[])[] {
  const readsOf = new Map<string, FieldPlace[]>()
  for (const { field, reads } of fields) {
    const key = placeKey(field)
    const known = readsOf.get(key)
    if (known === undefined) readsOf.set(key, [...reads])
    else known.push(...reads)
  }
  const done = new Set<string>()
  return fields.flatMap(({ field }) => cyclesFrom(field, readsOf, done))
}

/**
 * Says that fields need one another.
 *
 * @source ours
 */
export function cycleMessage(path: readonly FieldPlace[]): string {
  const fields = path.map(({ objectId, key }) => `${shorten(key)} of ${shorten(objectId)}`)
  const last = fields.pop() ?? ''
  return `These fields need one another: ${shortList(fields, ' → ')} → ${last}. Give one of them a value without the others.`
}

type Step = { readonly field: FieldPlace; readonly remaining: Iterator<FieldPlace> }

/** Walks from one field along what it reads, with a stack of its own instead of recursion. */
function cyclesFrom(
  from: FieldPlace,
  readsOf: ReadonlyMap<string, readonly FieldPlace[]>,
  done: Set<string>,
): readonly (readonly FieldPlace[])[] {
  const cycles: (readonly FieldPlace[])[] = []
  const path: Step[] = []
  const positions = new Map<string, number>()
  const enter = (field: FieldPlace) => {
    const key = placeKey(field)
    const position = positions.get(key)
    if (position !== undefined) cycles.push([...path.slice(position).map((step) => step.field), field])
    if (done.has(key)) return
    done.add(key)
    positions.set(key, path.length)
    path.push({ field, remaining: (readsOf.get(key) ?? []).values() })
  }
  enter(from)
  for (let step = path.at(-1); step !== undefined; step = path.at(-1)) {
    const next = step.remaining.next()
    if (next.done === true) {
      path.pop()
      positions.delete(placeKey(step.field))
    } else {
      enter(next.value)
    }
  }
  return cycles
}

/** Ids and keys contain no line breaks. */
const placeKey = ({ objectId, key }: FieldPlace): string => `${objectId}\n${key}`
