import { type Instant, instant, utc } from '../instant.ts'

/** The units that a period may be given in, singular as the calendar names them. */
export const periodUnits = ['minute', 'hour', 'day', 'week', 'month', 'year'] as const

/** One of the calendar's units. */
export type PeriodUnit = (typeof periodUnits)[number]

/**
 * A whole number of calendar units, ≥ 1. Months and years have no fixed length.
 *
 * @source guide: dp-expressions-functions
 */
export type Period = { readonly count: number; readonly unit: PeriodUnit }

const minuteMs = 60_000

/**
 * The longest time that is counted with, in milliseconds: a thousand years. What is longer is as good as endless, and would leave the
 * calendar.
 */
export const longestMs = 1000 * 365 * 24 * 60 * minuteMs

/** The length of each unit that has one, in milliseconds. */
const unitMs: Readonly<Partial<Record<PeriodUnit, number>>> = {
  minute: minuteMs,
  hour: 60 * minuteMs,
  day: 24 * 60 * minuteMs,
  week: 7 * 24 * 60 * minuteMs,
}

/**
 * Reads `N unit`: a positive integer and a unit, singular or plural, in any case. Anything else is `undefined`.
 *
 * @source guide: dp-expressions-functions; corpus (case and plural are free)
 */
export function parsePeriod(text: string): Period | undefined {
  const match = /^\s*(\d{1,9})\s*([a-z]+?)s?\s*$/i.exec(text)
  if (match === null) return undefined
  const count = Number(match[1])
  const unit = periodUnits.find((candidate) => candidate === match[2]?.toLowerCase())
  return unit === undefined || count < 1 ? undefined : { count, unit }
}

/** `15 minutes`, `1 day`: the text that {@link parsePeriod} reads back. */
export const formatPeriod = ({ count, unit }: Period): string => `${count} ${unit}${count === 1 ? '' : 's'}`

/**
 * `start` plus `times` periods. Months and years keep the day of the month and clamp to the last day where the month is shorter;
 * counting always starts at `start`, so that a clamped month does not shorten the ones after it.
 *
 * @source observed: 3.3
 */
export function addPeriods(start: Instant, period: Period, times: number): Instant {
  const fixedMs = unitMs[period.unit]
  if (fixedMs !== undefined) return instant(start + fixedMs * period.count * times)
  const months = period.count * times * (period.unit === 'year' ? 12 : 1)
  return instant(utc(start).add({ months }, { overflow: 'constrain' }).epochMilliseconds)
}

/** A lower bound of the period's length in milliseconds: exact up to weeks, 28 days for a month, 365 for a year. */
export function shortestMs({ count, unit }: Period): number {
  const dayMs = 24 * 60 * minuteMs
  return count * (unitMs[unit] ?? (unit === 'month' ? 28 * dayMs : 365 * dayMs))
}
