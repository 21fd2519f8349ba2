import type { ObjectId } from '../definition/pipeline-object.ts'
import type { Instant } from '../instant.ts'
import { occurrenceAt } from '../schedule/occurrence.ts'
import type { Instance } from './instance.ts'
import type { Plan } from './plan.ts'

/** That one instance depends on another. */
type Edge = { readonly dependentId: ObjectId; readonly targetId: ObjectId }

/** Instances that ended long ago, and what decides whether they may go. */
export type Leaving = {
  readonly ended: readonly Instance[]
  /** Everything that depends on them or runs on them, as far as it is there. */
  readonly dependents: readonly Edge[]
  /** Of those that are CASCADE_FAILED: what has failed of that on which they depend. */
  readonly failures: readonly Edge[]
  /** What is still shown, as the reason for the health of a component for instance. */
  readonly shown: ReadonlySet<ObjectId>
  /** See {@link frontierOf}. */
  readonly frontier: Instant | undefined
}

/**
 * The instances that can be removed together. An instance stays as long as one that depends on it or runs on it does: that may be open,
 * or be rerun. What has failed with another one stays as long as that does, since a rerun of it brings both back. And an instance stays
 * whose interval an instance to come may overlap, because that would depend on it.
 */
export function removableOf({ ended, dependents, failures, shown, frontier }: Leaving): readonly Instance[] {
  const leaving = new Map(
    ended
      .filter(({ id, occurrence }) => !shown.has(id) && (frontier === undefined || occurrence.end <= frontier))
      .map((instance) => [instance.id, instance]),
  )
  const ties = [
    ...dependents.map(({ dependentId, targetId }) => ({ id: targetId, needs: dependentId })),
    ...failures.map(({ dependentId, targetId }) => ({ id: dependentId, needs: targetId })),
  ]
  // What stays keeps others, which keep others in turn.
  const byNeed = Map.groupBy(ties, ({ needs }) => needs)
  const staying = ties.flatMap(({ id, needs }) => (leaving.has(needs) ? [] : [id]))
  for (let id = staying.pop(); id !== undefined; id = staying.pop()) {
    if (leaving.delete(id)) staying.push(...(byNeed.get(id) ?? []).map((tie) => tie.id))
  }
  return [...leaving.values()]
}

/**
 * The start of the earliest interval of which instances are still to come, `undefined` if none are. A schedule that is over counts as if it
 * went on, because its end can be moved.
 */
export function frontierOf(plan: Plan, nextIndexOf: (component: ObjectId) => number): Instant | undefined {
  const starts = [...plan.components.values()].flatMap(({ id, timing }) => {
    if (timing.kind !== 'scheduled' || timing.recurrence.kind !== 'recurring') return []
    const endless = { ...timing.recurrence, end: undefined, count: undefined }
    return occurrenceAt(endless, nextIndexOf(id))?.start ?? []
  })
  return starts.reduce<Instant | undefined>(
    (first, each) => (first === undefined || each < first ? each : first),
    undefined,
  )
}
