import { indexAt, occurrenceAt } from '../schedule/occurrence.ts'
import type { Component } from './component.ts'
import { occurrencesOf, type Place, resourceOf } from './dependencies.ts'
import type { Plan } from './plan.ts'

/** Something that runs on a resource, and a component whose schedule brings it about: itself, or what it follows. */
export type ScheduledUser = { readonly user: Component; readonly leader: Component }

/** What runs on a resource, with everything whose schedule brings it about. */
export const scheduledUsersOf = (plan: Plan, resource: Component): readonly ScheduledUser[] =>
  (plan.users.get(resource.id) ?? []).flatMap((user) =>
    guardedOn(plan, user, resource)
      .flatMap((component) => scheduledLeadersOf(plan, component))
      .map((leader) => ({ user, leader })),
  )

/** What a precondition guards on a resource; anything else stands for itself. */
function guardedOn(plan: Plan, user: Component, resource: Component): readonly Component[] {
  if (user.guards.length === 0) return [user]
  const guarded = user.guards.filter((id) => resourceOf(plan, { component: user, guarded: id })?.id === resource.id)
  return guarded.flatMap((id) => plan.components.get(id) ?? [])
}

/**
 * Whether the schedule of a user has an instance to come, from the occurrence with index `nextIndex` on, that will run on the resource
 * in this occurrence of its own. On demand nothing is to come: all instances are made at once.
 */
export function isToCome(
  plan: Plan,
  { component: resource, occurrence }: Place,
  { user, leader, nextIndex }: ScheduledUser & { readonly nextIndex: number },
): boolean {
  const { timing } = leader
  if (timing.kind !== 'scheduled' || timing.recurrence.kind !== 'recurring') return false
  const { recurrence } = timing
  // It runs on the first machine that overlaps it. So of those to come, only the two that may be the first of this one matter.
  const first = Math.max(nextIndex, indexAt(recurrence, occurrence.start))
  return [first, first + 1].some((index) => {
    const found = occurrenceAt(recurrence, index)
    if (found === undefined) return false
    const [machine] = occurrencesOf(plan, resource, { component: user, occurrence: found })
    return machine?.start === occurrence.start
  })
}

/** The components with a schedule that bring about the instances of one: itself, or what it follows. */
export function scheduledLeadersOf(plan: Plan, component: Component): readonly Component[] {
  if (component.timing.kind === 'scheduled') return [component]
  return component.timing.leaders.flatMap((id) => {
    const leader = plan.components.get(id)
    return leader === undefined ? [] : scheduledLeadersOf(plan, leader)
  })
}
