import { targetsOf } from '../definition/effective-object.ts'
import type { ObjectId } from '../definition/pipeline-object.ts'
import type { Problem } from '../definition/problem.ts'
import { formatInstant } from '../instant.ts'
import { endOf, type Recurring } from '../schedule/occurrence.ts'
import { formatPeriod } from '../schedule/period.ts'
import { type Component, recurrenceOf } from './component.ts'
import { dependenciesOf, placeOf } from './dependencies.ts'
import type { Instance } from './instance.ts'
import type { Plan } from './plan.ts'

/**
 * Finds schedules that would no longer be the ones under which a pipeline has run: which interval comes next is known by its number,
 * and numbers count from the start. The text of a definition cannot tell, where values of parameters stand behind it.
 *
 * @source guide: dp-manage-pipeline-modify-console
 */
export function checkReschedule(before: Plan, after: Plan): readonly Problem[] {
  const problems = new Map<ObjectId, Problem>()
  for (const component of before.components.values()) {
    const known = recurrenceOf(component)
    const next = recurrenceOf(after.components.get(component.id))
    if (known === undefined || next === undefined || inWords(known) === inWords(next)) continue
    const object = after.objects.get(component.id)
    const [schedule = component.id] = object === undefined ? [] : targetsOf(object, 'schedule')
    problems.set(schedule, moved(schedule, known, next))
  }
  return [...problems.values()]
}

function moved(schedule: ObjectId, known: Recurring, next: Recurring): Problem {
  const message = `The schedule would run every ${inWords(next)}, but the pipeline has run every ${inWords(known)}. Start and period are fixed; put back the values that they are made of.`
  return { severity: 'error', objectId: schedule, message }
}

const inWords = ({ period, start }: Recurring): string => `${formatPeriod(period)} from ${formatInstant(start)} on`

/**
 * The components that come with a new plan, each with those that have run under the same schedule: an edit takes effect for runs to come,
 * so a newcomer begins with the first interval that these have not all had. With none beside it, it begins with its schedule.
 *
 * @source guide: dp-manage-pipeline-modify-console
 */
export function newcomersOf(before: Plan, after: Plan): ReadonlyMap<ObjectId, readonly ObjectId[]> {
  const bySeries = Map.groupBy(before.components.values(), seriesOf)
  const newcomers = [...after.components.values()].filter(({ id }) => !before.components.has(id))
  return new Map(
    newcomers.flatMap((component) => {
      const series = seriesOf(component)
      const others = series === undefined ? [] : (bySeries.get(series) ?? [])
      return others.length === 0 ? [] : [[component.id, others.map(({ id }) => id)] as const]
    }),
  )
}

/** What tells one series of intervals from another; `undefined` for a component without intervals of its own. */
function seriesOf(component: Component): string | undefined {
  const recurrence = recurrenceOf(component)
  return recurrence === undefined ? undefined : inWords(recurrence)
}

/** The components whose schedules end earlier than they did. */
export const shortenedComponents = (before: Plan, after: Plan): readonly Component[] =>
  [...before.components.values()].filter((component) => {
    const known = recurrenceOf(component)
    const next = recurrenceOf(after.components.get(component.id))
    return known !== undefined && next !== undefined && lastEnd(next) < lastEnd(known)
  })

const lastEnd = (recurrence: Recurring): number => endOf(recurrence) ?? Number.POSITIVE_INFINITY

/** Which of the instances that have not come to be an instance need not wait for, since they do not come under a new plan. */
export function neverToCome(after: Plan, instance: Instance, unborn: readonly ObjectId[]): readonly ObjectId[] {
  const place = placeOf(after, instance)
  if (place === undefined) return []
  const expected = new Set(dependenciesOf(after, place).map(({ targetId }) => targetId))
  return unborn.filter((id) => !expected.has(id))
}
