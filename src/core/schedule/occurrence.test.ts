import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatInstant, type Instant, instant, parseInstant } from '../instant.ts'
import { dueAt, indexAt, occurrenceAt, overlapping, type Recurring } from './occurrence.ts'
import { type PeriodUnit, parsePeriod, periodUnits } from './period.ts'

const at = (text: string): Instant => parseInstant(text) ?? instant(Number.NaN)

function every(period: string, start: string, limits: { end?: string; count?: number } = {}): Recurring {
  const parsed = parsePeriod(period)
  if (parsed === undefined) throw new Error(`Not a period: ${period}`)
  const end = limits.end === undefined ? undefined : at(limits.end)
  return { kind: 'recurring', start: at(start), period: parsed, end, count: limits.count }
}

describe('occurrences', () => {
  test('the first interval of an hourly schedule ends an hour after its start', () => {
    expect(occurrenceAt(every('1 hour', '2026-01-01T00:00:00'), 0)).toEqual({
      start: at('2026-01-01T00:00:00'),
      end: at('2026-01-01T01:00:00'),
    })
  })

  test('an interval that would start at the end of the schedule does not exist', () => {
    const schedule = every('15 minutes', '2026-01-01T00:00:00', { end: '2026-01-01T01:00:00' })
    expect(occurrenceAt(schedule, 3)).toBeDefined()
    expect(occurrenceAt(schedule, 4)).toBeUndefined()
  })

  test('a count limits the intervals', () => {
    expect(occurrenceAt(every('1 day', '2026-01-01T00:00:00', { count: 2 }), 2)).toBeUndefined()
  })

  test('a month that is clamped does not shorten the months after it', () => {
    const schedule = every('1 month', '2026-01-31T00:00:00')
    const starts = [0, 1, 2].map((index) => formatInstant(occurrenceAt(schedule, index)?.start ?? instant(0)))
    expect(starts).toEqual(['2026-01-31T00:00:00', '2026-02-28T00:00:00', '2026-03-31T00:00:00'])
  })

  test('timeseries is due at the end of the interval, cron at its start', () => {
    const interval = { start: at('2026-01-01T22:00:00'), end: at('2026-01-01T22:30:00') }
    expect(dueAt(interval, 'timeseries')).toBe(interval.end)
    expect(dueAt(interval, 'cron')).toBe(interval.start)
  })
})

describe('overlap', () => {
  test('a week overlaps its seven days and no other', () => {
    const days = overlapping(every('1 day', '2026-01-01T00:00:00'), {
      start: at('2026-01-05T00:00:00'),
      end: at('2026-01-12T00:00:00'),
    })
    expect(days.map(({ start }) => formatInstant(start).slice(0, 10))).toEqual(
      [5, 6, 7, 8, 9, 10, 11].map((day) => `2026-01-${String(day).padStart(2, '0')}`),
    )
  })

  test('an hour overlaps the one day that covers it', () => {
    const hour = { start: at('2026-01-05T23:00:00'), end: at('2026-01-06T00:00:00') }
    const days = overlapping(every('1 day', '2026-01-01T00:00:00'), hour)
    expect(days.map(({ start }) => formatInstant(start))).toEqual(['2026-01-05T00:00:00'])
  })

  test('an interval before the schedule starts overlaps nothing', () => {
    const before = { start: at('2025-01-01T00:00:00'), end: at('2025-01-02T00:00:00') }
    expect(overlapping(every('1 day', '2026-01-01T00:00:00'), before)).toEqual([])
  })

  test('an empty interval overlaps the occurrence that contains its instant', () => {
    const moment = { start: at('2026-01-02T12:00:00'), end: at('2026-01-02T12:00:00') }
    expect(overlapping(every('1 day', '2026-01-01T00:00:00'), moment)).toHaveLength(1)
  })
})

test('the index of a moment is that of the occurrence that contains it', () => {
  const unit = fc.constantFrom<PeriodUnit>(...periodUnits)
  fc.assert(
    fc.property(unit, fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 4e12 }), (name, count, offsetMs) => {
      const schedule: Recurring = {
        kind: 'recurring',
        start: at('1999-12-31T10:20:30'),
        period: { count, unit: name },
        end: undefined,
        count: undefined,
      }
      const moment = instant(schedule.start + offsetMs)
      const occurrence = occurrenceAt(schedule, indexAt(schedule, moment))
      expect(occurrence?.start).toBeLessThanOrEqual(moment)
      expect(occurrence?.end).toBeGreaterThan(moment)
    }),
  )
})
