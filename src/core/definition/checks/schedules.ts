import { isA } from '../../catalog/object-type.ts'
import { formatInstant } from '../../instant.ts'
import type { EffectiveObject } from '../effective-object.ts'
import type { Problem } from '../problem.ts'
import { readSchedule } from './read-schedule.ts'
import type { Check, Subject } from './subject.ts'

/**
 * Every activity has a schedule, its own or an inherited one, unless the pipeline runs on demand; and a schedule ends after it starts.
 * Data nodes and machines without a schedule follow the activities that use them.
 *
 * @source guide: dp-object-schedule
 */
export const checkSchedules: Check = (subject) => [
  ...[...subject.objects.values()].flatMap((object) => unscheduled(object, subject)),
  ...[...subject.objects.values()].flatMap((object) => endsTooEarly(object, subject)),
]

function unscheduled(object: EffectiveObject, { isOnDemand }: Subject): Problem[] {
  const isActivity = object.type !== undefined && isA(object.type, 'Activity')
  if (!isActivity || isOnDemand || object.fields.has('schedule')) return []
  const message =
    "'schedule' is missing. Refer to a Schedule here or on Default, or set 'scheduleType' to ondemand on Default."
  return [{ severity: 'error', objectId: object.id, field: 'schedule', message }]
}

function endsTooEarly(object: EffectiveObject, subject: Subject): Problem[] {
  const { start, end } = readSchedule(object, subject)
  if (start === undefined || end === undefined || start < end) return []
  const message = `'endDateTime' must be after 'startDateTime', which is ${formatInstant(start)}. Write a later end, or an earlier start: there would be no run.`
  return [{ severity: 'error', objectId: object.id, field: 'endDateTime', message }]
}
