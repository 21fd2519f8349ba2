import { type Instant, instant } from '../instant.ts'
import { addPeriods, longestMs, type Period, shortestMs } from './period.ts'

/**
 * When something runs.
 *
 * - `recurring`: intervals of one period each, from `start`; endless where neither `end` nor `count` is given. An interval
 *   belongs to the schedule if it starts before `end`.
 * - `onDemand`: one occurrence for each activation; there is nothing to compute.
 *
 * @source guide: dp-object-schedule, dp-concepts-schedules
 */
export type Recurrence =
  | {
      readonly kind: 'recurring'
      readonly start: Instant
      readonly period: Period
      /** Exclusive. */
      readonly end: Instant | undefined
      /** The number of intervals, ≥ 1. */
      readonly count: number | undefined
    }
  | { readonly kind: 'onDemand' }

/** A recurrence that has intervals of its own. */
export type Recurring = Extract<Recurrence, { kind: 'recurring' }>

/** One interval `[start, end)` of a schedule. On demand both are the time of the activation. */
export type Occurrence = { readonly start: Instant; readonly end: Instant }

/**
 * Whether an instance runs at the start (`cron`) or at the end (`timeseries`) of its interval; `ondemand` at its activation.
 *
 * @source guide: dp-concepts-schedules
 */
export type ScheduleType = 'cron' | 'timeseries' | 'ondemand'

/** The occurrence with this index, counted from 0, or `undefined` beyond the end of the schedule. */
export function occurrenceAt(recurrence: Recurring, index: number): Occurrence | undefined {
  const { start, period, end, count } = recurrence
  if (index < 0 || (count !== undefined && index >= count)) return undefined
  const occurrenceStart = addPeriods(start, period, index)
  if (end !== undefined && occurrenceStart >= end) return undefined
  return { start: occurrenceStart, end: addPeriods(start, period, index + 1) }
}

/** When the last interval ends, or before when the last one starts; `undefined` for a schedule that is as good as endless. */
export function endOf({ start, period, end, count }: Recurring): Instant | undefined {
  if (end !== undefined || count === undefined) return end
  return shortestMs(period) * count > longestMs ? undefined : addPeriods(start, period, count)
}

/** Whether an interval of the schedule lies before its end, which an edit may have moved. */
export function reaches(recurrence: Recurring, { start }: Occurrence): boolean {
  const end = endOf(recurrence)
  return end === undefined || start < end
}

/** When an instance of this occurrence is due. */
export function dueAt({ start, end }: Occurrence, scheduleType: ScheduleType): Instant {
  return scheduleType === 'timeseries' ? end : start
}

/** The index of the first occurrence that ends after `moment`: the one that contains it, or 0 before the schedule starts. */
export function indexAt(recurrence: Recurring, moment: Instant): number {
  const { start, period } = recurrence
  if (moment < start) return 0
  // The shortest length gives an index that is never too low; months and years are at most a few per cent longer than that.
  let index = Math.floor((moment - start) / shortestMs(period))
  while (index > 0 && addPeriods(start, period, index) > moment) index -= distanceBack(recurrence, index, moment)
  return index
}

/** How far an estimated index may safely go back: by the surplus in longest periods, and by 1 at the least. */
function distanceBack({ start, period }: Recurring, index: number, moment: Instant): number {
  const surplusMs = addPeriods(start, period, index) - moment
  // A month has at most 31 days and a year 366, within 31/28 of the shortest.
  return Math.max(1, Math.floor(surplusMs / (shortestMs(period) * (31 / 28))))
}

/**
 * The occurrences that share time with `interval`; an empty interval (on demand) counts as its instant. Earliest first.
 *
 * @source ours: architecture, dependencies across schedules
 */
export function overlapping(recurrence: Recurring, interval: Occurrence): readonly Occurrence[] {
  const until = interval.end > interval.start ? interval.end : instant(interval.start + 1)
  const found: Occurrence[] = []
  for (let index = indexAt(recurrence, interval.start); ; index += 1) {
    const occurrence = occurrenceAt(recurrence, index)
    if (occurrence === undefined || occurrence.start >= until) return found
    if (occurrence.end > interval.start) found.push(occurrence)
  }
}
