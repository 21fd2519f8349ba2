import type { EffectiveObject } from '../definition/effective-object.ts'
import type { ObjectId } from '../definition/pipeline-object.ts'
import type { Problem } from '../definition/problem.ts'
import type { Scope } from '../expression/scope.ts'
import { formatInstant, type Instant, instant, parseInstant } from '../instant.ts'
import type { Recurrence, ScheduleType } from '../schedule/occurrence.ts'
import { FieldReader } from './run-policy.ts'

/** A second: the resolution of every scheduled time, since ids and fields show no fraction. */
const secondMs = 1000

/** The whole second that a moment lies in. */
export const wholeSecond = (moment: Instant): Instant => instant(Math.floor(moment / secondMs) * secondMs)

/**
 * Reads a Schedule object. `firstActivatedAt` is what FIRST_ACTIVATION_DATE_TIME means.
 *
 * @source guide: dp-object-schedule
 */
export function recurrenceOf(
  schedule: EffectiveObject,
  scope: Scope,
  firstActivatedAt: Instant,
): { readonly recurrence: Recurrence | undefined; readonly problems: readonly Problem[] } {
  const read = new FieldReader(schedule, scope)
  if (read.word('startAt') === 'ondemand_activation_time' || read.word('period') === 'ondemand_period') {
    return { recurrence: { kind: 'onDemand' }, problems: [] }
  }
  const period = read.period('period')
  const start = readStart(read, firstActivatedAt)
  const endText = read.text('endDateTime')
  const end = endText === undefined ? undefined : parseInstant(endText)
  const count = read.count('occurrences')
  const missing: Problem[] = []
  if (period === undefined) missing.push(unreadable(schedule.id, 'period', "Write a period such as '1 day'"))
  if (start === undefined) missing.push(unreadable(schedule.id, 'startDateTime', 'Write YYYY-MM-DDTHH:MM:SS'))
  if (endText !== undefined && end === undefined) {
    missing.push(unreadable(schedule.id, 'endDateTime', 'Write YYYY-MM-DDTHH:MM:SS'))
  }
  const problems = [...read.problems, ...missing]
  if (period === undefined || start === undefined || problems.length > 0) return { recurrence: undefined, problems }
  const empty = end !== undefined && end <= start ? [endsTooEarly(schedule.id, start)] : []
  return { recurrence: { kind: 'recurring', start, period, end, count }, problems: empty }
}

/** Where the start is that of the first activation, or comes from a parameter, this does not show before. */
const endsTooEarly = (objectId: ObjectId, start: Instant): Problem => ({
  severity: 'error',
  objectId,
  field: 'endDateTime',
  message: `'endDateTime' must be after the start of the schedule, which is ${formatInstant(start)}. There would be no run; move the end.`,
})

function readStart(read: FieldReader, firstActivatedAt: Instant): Instant | undefined {
  if (read.word('startAt') === 'first_activation_date_time') return wholeSecond(firstActivatedAt)
  const text = read.text('startDateTime')
  return text === undefined ? undefined : parseInstant(text)
}

const unreadable = (objectId: ObjectId, field: string, remedy: string): Problem => ({
  severity: 'error',
  objectId,
  field,
  message: `The schedule has no usable ${field}. ${remedy}.`,
})

/** The style of a component's schedule: `cron` where nothing is said. */
export function scheduleTypeOf(object: EffectiveObject, scope: Scope): ScheduleType {
  const word = new FieldReader(object, scope).word('scheduleType')
  return word === 'timeseries' || word === 'ondemand' ? word : 'cron'
}
