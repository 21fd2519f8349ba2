import type { ObjectId } from '../definition/pipeline-object.ts'
import { formatInstant, type Instant, parseInstant } from '../instant.ts'
import { type Component, recurrenceOf } from '../lifecycle/component.ts'
import { occurrencesOf } from '../lifecycle/dependencies.ts'
import { recurringComponents } from '../lifecycle/due-instances.ts'
import { componentOfInstance, type Plan } from '../lifecycle/plan.ts'
import { scheduledLeadersOf, scheduledUsersOf } from '../lifecycle/users-to-come.ts'
import { dueAt, indexAt, occurrenceAt } from '../schedule/occurrence.ts'

/** Where the schedules of a plan stand when a simulation begins: what was due before it has been done. */
export class Beginning {
  readonly #plan: Plan
  readonly #fromText: string
  /** For each component with intervals of its own: the index of the first one that has an instance. */
  readonly indexes: ReadonlyMap<ObjectId, number>

  constructor(plan: Plan, from: Instant) {
    this.#plan = plan
    this.#fromText = formatInstant(from)
    const due = new Map(recurringComponents(plan).map((component) => [component.id, firstDueIndex(component, from)]))
    this.indexes = new Map([...due].map(([id, index]) => [id, firstNeededIndex(plan, { id, index }, due)]))
  }

  /** Whether an instance that does not exist was made, and done, before the simulation began. */
  isPast(id: ObjectId): boolean {
    const startText = id.slice(id.lastIndexOf('_') + 1)
    // Times as texts are in the order of the times; and what starts later is due later.
    if (startText >= this.#fromText) return false
    const start = parseInstant(startText)
    const component = componentOfInstance(this.#plan, id)
    if (start === undefined || component === undefined) return false
    return scheduledLeadersOf(this.#plan, component).some((leader) => {
      const recurrence = recurrenceOf(leader)
      if (recurrence === undefined) return false
      const index = indexAt(recurrence, start)
      return occurrenceAt(recurrence, index)?.start === start && index < (this.indexes.get(leader.id) ?? 0)
    })
  }
}

function firstDueIndex(component: Component, from: Instant): number {
  const { timing } = component
  const recurrence = recurrenceOf(component)
  if (timing.kind !== 'scheduled' || recurrence === undefined) return 0
  const isPast = (index: number) => {
    const occurrence = occurrenceAt(recurrence, index)
    return occurrence !== undefined && dueAt(occurrence, timing.scheduleType) < from
  }
  // The interval before the one that contains the beginning may end with it.
  let index = Math.max(0, indexAt(recurrence, from) - 1)
  while (isPast(index)) index += 1
  return index
}

/** A machine whose interval began earlier is there for what runs on it later. */
function firstNeededIndex(
  plan: Plan,
  { id, index }: { readonly id: ObjectId; readonly index: number },
  due: ReadonlyMap<ObjectId, number>,
): number {
  const resource = plan.components.get(id)
  const recurrence = recurrenceOf(resource)
  if (resource?.kind !== 'resource' || recurrence === undefined) return index
  const needed = scheduledUsersOf(plan, resource).flatMap(({ user, leader }) => {
    const leading = recurrenceOf(leader)
    const occurrence = leading === undefined ? undefined : occurrenceAt(leading, due.get(leader.id) ?? 0)
    const [machine] = occurrence === undefined ? [] : occurrencesOf(plan, resource, { component: user, occurrence })
    return machine === undefined ? [] : [indexAt(recurrence, machine.start)]
  })
  return Math.min(index, ...needed)
}
