import type { Instant } from '../../instant.ts'
import { quote } from '../../quote.ts'
import { addPeriods, shortestMs } from '../../schedule/period.ts'
import { type EffectiveObject, targetsOf } from '../effective-object.ts'
import type { ObjectId } from '../pipeline-object.ts'
import type { Problem } from '../problem.ts'
import { type ReadSchedule, readSchedule } from './read-schedule.ts'
import type { Check, Subject } from './subject.ts'

/**
 * How many instances of a target one instance may wait for in AWS.
 *
 * @source guide: dp-limits (roll-ups into a single object)
 */
const rollUpsMax = 32

/**
 * Objects that depend on one another under different schedules meet at some time, and not too many of them at once.
 *
 * @source guide: dp-limits; ours: differences#dependencies-across-schedules
 */
export const checkDependencySchedules: Check = (subject) => {
  if (subject.isOnDemand) return []
  const schedules = readSchedules(subject)
  return [...subject.objects.values()].flatMap((object) => {
    const own = targetsOf(object, 'schedule')[0]
    return own === undefined ? [] : dependenciesOf(object, { own, schedules, objects: subject.objects })
  })
}

type Schedules = ReadonlyMap<ObjectId, ReadSchedule>

const readSchedules = (subject: Subject): Schedules =>
  new Map(
    [...subject.objects.values()].flatMap((object) =>
      object.type?.name === 'Schedule' ? [[object.id, readSchedule(object, subject)] as const] : [],
    ),
  )

function dependenciesOf(
  object: EffectiveObject,
  {
    own,
    schedules,
    objects,
  }: { readonly own: ObjectId; readonly schedules: Schedules; readonly objects: Subject['objects'] },
): Problem[] {
  return ['dependsOn', 'input'].flatMap((field) =>
    targetsOf(object, field).flatMap((id, valueIndex): Problem[] => {
      const target = objects.get(id)
      const other = target === undefined ? undefined : targetsOf(target, 'schedule')[0]
      if (other === undefined || other === own) return []
      const message = complaint(id, schedules.get(own) ?? {}, schedules.get(other) ?? {})
      return message === undefined ? [] : [{ severity: 'warning', objectId: object.id, field, valueIndex, message }]
    }),
  )
}

/** What is odd about waiting for `id`, which has the schedule `other`. */
function complaint(id: ObjectId, own: ReadSchedule, other: ReadSchedule): string | undefined {
  if (isOver(own, other.start) || isOver(other, own.start)) {
    return `${quote(id)} never runs at the same time as this object, so nothing is waited for. Check the starts and ends of the schedules.`
  }
  if (own.period === undefined || other.period === undefined) return undefined
  const count = Math.ceil(shortestMs(own.period) / shortestMs(other.period))
  if (count <= rollUpsMax) return undefined
  return `One run waits for ${count} runs of ${quote(id)}; AWS Data Pipeline would refuse more than ${rollUpsMax}. Bring the periods closer together if AWS is to run it.`
}

/** A thousand years in milliseconds: a schedule that lasts longer counts as endless, since the calendar ends somewhere. */
const calendarMs = 1_000 * 365 * 24 * 60 * 60 * 1_000

/** Whether the schedule has ended when another one starts. */
function isOver({ start, end, period, occurrences }: ReadSchedule, otherStart: Instant | undefined): boolean {
  if (start === undefined || period === undefined || otherStart === undefined) return false
  const isCounted = occurrences !== undefined && shortestMs(period) * occurrences < calendarMs
  const last = end ?? (isCounted ? addPeriods(start, period, occurrences) : undefined)
  return last !== undefined && last <= otherStart
}
