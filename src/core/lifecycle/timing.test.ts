import { describe, expect, test } from 'vitest'
import { object } from '../../../test/builders.ts'
import { at } from '../../../test/plans.ts'
import { resolveObjects } from '../definition/effective-object.ts'
import { objectId } from '../definition/pipeline-object.ts'
import { instant } from '../instant.ts'
import { definitionScope } from './field-text.ts'
import { recurrenceOf, scheduleTypeOf, wholeSecond } from './timing.ts'

type Fields = Parameters<typeof object>[1]

function read(fields: Fields) {
  const { objects } = resolveObjects({
    objects: [object('S', { type: 'Schedule', ...fields })],
    parameterObjects: [],
    parameterValues: [],
  })
  const schedule = objects.get(objectId('S'))
  if (schedule === undefined) throw new Error('no schedule')
  const scope = definitionScope({ pipelineId: 'df-0', objects, parameters: new Map() })
  return { schedule, scope }
}

function recurrence(fields: Fields) {
  const { schedule, scope } = read(fields)
  return recurrenceOf(schedule, scope, instant(at('2026-01-01T10:20:30') + 567))
}

describe('a schedule', () => {
  test('that ends before it is activated for the first time is a problem, since it would never run', () => {
    const fields = { period: '1 day', startAt: 'FIRST_ACTIVATION_DATE_TIME', endDateTime: '2026-01-01T10:20:30' }
    expect(recurrence(fields).problems).toMatchObject([{ severity: 'error', objectId: 'S', field: 'endDateTime' }])
    expect(recurrence({ ...fields, endDateTime: '2026-01-01T10:20:31' }).problems).toEqual([])
  })

  test('has a start, a period and an end', () => {
    const fields = { period: '1 Day', startDateTime: '2026-01-02T03:04:05', endDateTime: '2026-02-01T00:00:00' }
    expect(recurrence(fields)).toEqual({
      problems: [],
      recurrence: {
        kind: 'recurring',
        period: { count: 1, unit: 'day' },
        start: at('2026-01-02T03:04:05'),
        end: at('2026-02-01T00:00:00'),
        count: undefined,
      },
    })
  })

  test('may begin with the first activation, in whole seconds', () => {
    const fields = { period: '1 hour', startAt: 'FIRST_ACTIVATION_DATE_TIME', occurrences: '3' }
    expect(recurrence(fields).recurrence).toMatchObject({ start: at('2026-01-01T10:20:30'), count: 3 })
  })

  test('may begin at a date that is calculated', () => {
    const fields = { period: '1 day', startDateTime: '#{makeDate(2026, 1, 31)}' }
    expect(recurrence(fields).recurrence).toMatchObject({ start: at('2026-01-31T00:00:00') })
  })

  test('may be computed', () => {
    const fields = { period: '#{myCount} hours', myCount: '6', startDateTime: '2026-01-01T00:00:00' }
    expect(recurrence(fields).recurrence).toMatchObject({ period: { count: 6, unit: 'hour' } })
  })

  test.each([
    ['startAt', 'ONDEMAND_ACTIVATION_TIME'],
    ['period', 'ONDEMAND_PERIOD'],
  ])('may be on demand: %s %s', (field, word) => {
    expect(recurrence({ [field]: word })).toEqual({ recurrence: { kind: 'onDemand' }, problems: [] })
  })

  test.each([
    ['period', { startDateTime: '2026-01-01T00:00:00' }],
    ['period', { period: '#{missing}', startDateTime: '2026-01-01T00:00:00' }],
    ['startDateTime', { period: '1 day' }],
    ['startDateTime', { period: '1 day', startDateTime: 'tomorrow' }],
    ['endDateTime', { period: '1 day', startDateTime: '2026-01-01T00:00:00', endDateTime: '2026-02-30T00:00:00' }],
    ['occurrences', { period: '1 day', startDateTime: '2026-01-01T00:00:00', occurrences: 'few' }],
  ] as const)('says that %s is wrong in %o', (field, fields) => {
    const found = recurrence(fields)
    expect(found.recurrence).toBeUndefined()
    expect(found.problems.map((problem) => problem.field)).toContain(field)
  })
})

describe('the style of a schedule', () => {
  test.each([
    [{}, 'cron'],
    [{ scheduleType: 'CRON' }, 'cron'],
    [{ scheduleType: 'timeSeries' }, 'timeseries'],
    [{ scheduleType: 'ondemand' }, 'ondemand'],
  ] as const)('of %o is %s', (fields, expected) => {
    const { schedule, scope } = read(fields)
    expect(scheduleTypeOf(schedule, scope)).toBe(expected)
  })
})

test('a moment lies in the second that has begun', () => {
  expect(wholeSecond(instant(1999))).toBe(1000)
  expect(wholeSecond(instant(2000))).toBe(2000)
})
