import { type Instant, instant, plusMs, utc } from '../instant.ts'
import { type Failure, failure } from './failure.ts'
import type { Value } from './value.ts'

/** A DateTime as a value of the language. */
export type DateTime = Extract<Value, { kind: 'dateTime' }>

/**
 * The units of the functions `plus…` and `minus…`, as the calendar names them.
 *
 * @source guide: dp-pipeline-reference-functions-datetime
 */
export type DateUnit = 'minutes' | 'hours' | 'days' | 'weeks' | 'months' | 'years'

/** Wraps an instant as a value. */
export const dateTime = (value: Instant): DateTime => ({ kind: 'dateTime', instant: value })

/**
 * `date` plus `count` units, or minus where it is negative. Months and years keep the day of the month, and clamp it to the last
 * day of a month that is shorter, as Joda-Time does: 31 January plus one month is 28 or 29 February. Units from days on keep
 * the time that the clock shows in the zone; minutes and hours are of constant length.
 *
 * @source guide: dp-pipeline-reference-functions-datetime; Joda-Time: DateTime
 */
export function shiftDate(date: DateTime, unit: DateUnit, count: number): DateTime | Failure {
  const fixedMs = date.zone === undefined ? unitMs.get(unit) : undefined
  if (fixedMs === undefined) return mapDate(date, (local) => local.add({ [unit]: count }, { overflow: 'constrain' }))
  const shifted = plusMs(date.instant, fixedMs * count)
  return Math.abs(shifted) > epochMsMax ? outsideCalendar() : { ...date, instant: shifted }
}

/** The lengths in milliseconds of the units that have one in UTC, which needs no calendar to count them. */
const unitMs: ReadonlyMap<DateUnit, number> = new Map([
  ['minutes', 60_000],
  ['hours', 3_600_000],
  ['days', 86_400_000],
  ['weeks', 604_800_000],
])

/** The furthest instant from 1970 that the calendar counts, in milliseconds: 100,000,000 days, about 273,790 years. */
const epochMsMax = 8.64e15

const outsideCalendar = (): Failure =>
  failure('This date lies outside the years that the calendar counts. Calculate one that is nearer to today.')

/**
 * The DateTime of a date and a time of day, or a failure where the calendar has no such day or time.
 *
 * @source guide: dp-pipeline-reference-functions-datetime
 */
export function makeDateTime(fields: {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
}): DateTime | Failure {
  try {
    const local = Temporal.ZonedDateTime.from({ ...fields, timeZone: 'UTC' }, { overflow: 'reject' })
    return dateTime(instant(local.epochMilliseconds))
  } catch {
    // Temporal throws for a field outside its range; to the author that is a date that does not exist.
    const [year, month, day, hour, minute] = [fields.year, fields.month, fields.day, fields.hour, fields.minute].map(
      (number) => String(number).padStart(2, '0'),
    )
    return failure(`There is no date ${year}-${month}-${day}T${hour}:${minute}:00. Write one that exists.`)
  }
}

/** The calendar view of a DateTime, in its zone. */
export const readCalendar = ({ instant: value, zone }: DateTime): Temporal.ZonedDateTime =>
  zone === undefined ? utc(value) : utc(value).withTimeZone(zone)

/**
 * `date` with its calendar view replaced by what `change` makes of it; a failure where the calendar does not count so far.
 *
 * @source ours: differences#expression-limits
 */
export function mapDate(
  date: DateTime,
  change: (local: Temporal.ZonedDateTime) => Temporal.ZonedDateTime,
): DateTime | Failure {
  try {
    return { ...date, instant: instant(change(readCalendar(date)).epochMilliseconds) }
  } catch {
    // Temporal throws where the result lies outside its years; nothing else in `change` can fail.
    return outsideCalendar()
  }
}
