import { describe, expect, test } from 'vitest'
import { object, ref } from '../../../test/builders.ts'
import { componentOf, interval, planFrom, schedule } from '../../../test/plans.ts'
import { birthsOf } from './birth.ts'
import { checkReschedule, neverToCome, newcomersOf, shortenedComponents } from './plan-change.ts'

const shell = (id: string, fields: Parameters<typeof object>[1] = {}) =>
  object(id, { type: 'ShellCommandActivity', command: 'true', workerGroup: 'wg', schedule: ref('S'), ...fields })

const hourly = (fields = {}) => schedule('S', '1 hour', fields)

describe('a schedule that would not be the one under which a pipeline has run', () => {
  test.each([
    ['another period', schedule('S', '2 hours')],
    ['another start', hourly({ startDateTime: '2026-01-02T00:00:00' })],
  ])('because it has %s is a problem, once for all that follow it', (_, changed) => {
    const problems = checkReschedule(
      planFrom(hourly(), shell('A'), shell('B')),
      planFrom(changed, shell('A'), shell('B')),
    )
    expect(problems).toMatchObject([{ severity: 'error', objectId: 'S' }])
  })

  test('is not one that only ends at another time, or is due at the other end of its intervals', () => {
    const after = planFrom(hourly({ occurrences: '3' }), shell('A', { scheduleType: 'timeseries' }))
    expect(checkReschedule(planFrom(hourly(), shell('A')), after)).toEqual([])
  })
})

describe('a newcomer', () => {
  const before = planFrom(hourly(), schedule('T', '1 day'), shell('A'), shell('Day', { schedule: ref('T') }))

  test('comes with those under the same series of intervals', () => {
    const alike = schedule('U', '1 hour')
    const after = planFrom(
      hourly(),
      schedule('T', '1 day'),
      alike,
      shell('A'),
      shell('B'),
      shell('C', { schedule: ref('U') }),
    )
    expect([...newcomersOf(before, after)]).toEqual([
      ['B', ['A']],
      ['C', ['A']],
    ])
  })

  test('under a series of its own comes with nobody', () => {
    const after = planFrom(hourly(), schedule('V', '2 hours'), shell('A'), shell('B', { schedule: ref('V') }))
    expect([...newcomersOf(before, after)]).toEqual([])
  })
})

describe('a schedule that ends earlier', () => {
  test.each([
    [{}, { occurrences: '3' }, ['A']],
    [{ occurrences: '3' }, { endDateTime: '2026-01-01T02:00:00' }, ['A']],
    [{ occurrences: '3' }, { occurrences: '4' }, []],
    [{ occurrences: '3' }, {}, []],
  ])('than %j is %j: %j', (known, next, expected) => {
    const shortened = shortenedComponents(planFrom(hourly(known), shell('A')), planFrom(hourly(next), shell('A')))
    expect(shortened.map(({ id }) => id)).toEqual(expected)
  })

  test('leaves an instance without those that never come, and with the others', () => {
    const objects = (occurrences: string) => [
      schedule('T', '1 day'),
      hourly({ occurrences }),
      shell('A'),
      shell('Day', { schedule: ref('T'), dependsOn: ref('A') }),
    ]
    const before = planFrom(...objects('3'))
    const occurrence = interval('2026-01-01T00:00:00', '2026-01-02T00:00:00')
    const [birth] = birthsOf(before, componentOf(before, 'Day'), { occurrence, version: 1, now: occurrence.start })
    const waitedFor = birth?.dependencies.map(({ targetId }) => targetId) ?? []
    expect(waitedFor).toHaveLength(3)
    expect(birth && neverToCome(planFrom(...objects('2')), birth.instance, waitedFor)).toEqual([
      '@A_2026-01-01T02:00:00',
    ])
  })

  test.each([
    ['2', ['@A_2026-01-01T02:00:00']],
    ['3', []],
  ])('leaves an instance of its own without those beside it: with %s intervals without %j', (occurrences, expected) => {
    const objects = (count: string) => [hourly({ occurrences: count }), shell('A'), shell('B', { dependsOn: ref('A') })]
    const before = planFrom(...objects('3'))
    const occurrence = interval('2026-01-01T02:00:00', '2026-01-01T03:00:00')
    const [birth] = birthsOf(before, componentOf(before, 'B'), { occurrence, version: 1, now: occurrence.start })
    const waitedFor = birth?.dependencies.map(({ targetId }) => targetId) ?? []
    expect(birth && neverToCome(planFrom(...objects(occurrences)), birth.instance, waitedFor)).toEqual(expected)
  })
})
