import { array, assert, asyncProperty, constantFrom, integer, option, record } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { objectId } from '../../src/core/definition/pipeline-object.ts'
import { type Instant, instant, plusMs } from '../../src/core/instant.ts'
import { type Instance, statusOf } from '../../src/core/lifecycle/instance.ts'
import type { ObjectFilter, TimeFilter } from '../../src/store/store.ts'
import {
  at,
  attempt,
  attemptRow,
  ended,
  filter,
  instanceRow,
  OTHER_PIPELINE,
  PIPELINE,
  running,
  task,
} from './store-rows.ts'
import type { StoreUnderTest } from './store-under-test.ts'

/** An instance whose interval and start are `minute`. */
const during = (id: string, minute: number, change: Parameters<typeof task>[1] = {}) =>
  task(id, { occurrence: { start: at(minute), end: at(minute + 1) }, ...change })

/** 24 instances of two components in four states, and what a query says of each. */
const population = Array.from({ length: 24 }, (_, index) =>
  during(`@${index}`, index % 7, {
    componentId: objectId(index % 3 === 0 ? 'Copy' : 'Report'),
    startedAt: plusMs(at(index % 5), index * 100),
    state: index % 2 === 0 ? ended(plusMs(at(10 + (index % 4)), index * 50)) : running(at(index)),
  }),
)

export function describeQueries(place: StoreUnderTest): void {
  const save = (...instances: readonly Instance[]) =>
    place.write((transaction) => transaction.saveInstances(instances.map((instance) => instanceRow(instance))))
  const query = (asked: ObjectFilter, afterId = '', limit = 100) =>
    place.store.reads.queryInstances(PIPELINE, asked, { afterId, limit })

  describe('a query of instances', () => {
    test('finds them in the order in which they came to be, then in that of their ids', async () => {
      await save(during('@c', 1), during('@B', 2), during('@a', 2), during('@d', 0))
      expect(await query(filter())).toEqual(['@d', '@c', '@B', '@a'])
    })

    test('finds those of its pipeline only', async () => {
      await place.write((transaction) => transaction.saveInstances([instanceRow(task('@a'), OTHER_PIPELINE)]))
      expect(await query(filter())).toEqual([])
    })

    test('finds names, statuses and components exactly, and nothing for empty lists', async () => {
      const reported = { ...instanceRow(task('@b', { componentId: objectId('Report') })), name: '@The "report"_1' }
      await save(task('@a', { state: ended(at(1), { status: 'TIMEDOUT' }) }))
      await place.write((transaction) => transaction.saveInstances([reported]))
      expect(await query(filter({ names: ['@The "report"_1', '@nothing'] }))).toEqual(['@b'])
      expect(await query(filter({ statuses: ['TIMEDOUT', 'FAILED'] }))).toEqual(['@a'])
      expect(await query(filter({ componentIds: ['Report', 'report'] }))).toEqual(['@b'])
      expect(await query(filter({ statuses: ['TIMEDOUT'], componentIds: ['Report'] }))).toEqual([])
      for (const field of ['names', 'statuses', 'componentIds'])
        expect(await query(filter({ [field]: [] }))).toEqual([])
    })

    test('follows the status of an instance', async () => {
      await save(task('@a'))
      await save(task('@a', { state: ended(at(1)) }))
      expect(await query(filter({ statuses: ['WAITING_ON_DEPENDENCIES'] }))).toEqual([])
      expect(await query(filter({ statuses: ['FINISHED'], actualEnd: { from: at(1), to: at(1) } }))).toEqual(['@a'])
    })

    test.each(
      atFractions([
        ['scheduledStart', (time) => during('@a', 0, { occurrence: { start: time, end: at(900) } })],
        ['scheduledEnd', (time) => during('@a', 0, { occurrence: { start: at(-900), end: time } })],
        ['actualStart', (time) => during('@a', 0, { startedAt: time })],
        ['actualEnd', (time) => during('@a', 0, { state: ended(time) })],
      ]),
    )('compares %s of a time with %i ms to the second, bounds included', async (field, ms, make) => {
      await save(make(plusMs(at(5), ms)))
      const found = await Promise.all(selections.map((times) => query(filter({ [field]: times }))))
      expect(found.map(({ length }) => length)).toEqual(selections.map(({ isMatch }) => Number(isMatch)))
    })

    test('knows times before 1970', async () => {
      const start = instant(-86_400_000)
      await save(task('@a', { occurrence: { start, end: plusMs(start, 1_000) }, startedAt: at(0) }))
      const times = { from: start, to: start, anyOf: [start] }
      expect(await query(filter({ scheduledStart: times }))).toEqual(['@a'])
    })

    test('on when they ended does not find those that have not', async () => {
      await save(task('@a'), task('@b', { state: ended(at(1)) }))
      expect(await query(filter({ actualEnd: { from: at(0) } }))).toEqual(['@b'])
      expect(await query(filter({ actualEnd: { to: at(9) } }))).toEqual(['@b'])
    })

    test('gives each instance once over its pages, whatever begins or ends meanwhile', async () => {
      await save(...population)
      const found: string[] = []
      for (let afterId: string | undefined = ''; afterId !== undefined; ) {
        const page: readonly string[] = await query(filter(), afterId, 5)
        found.push(...page)
        afterId = page.at(-1)
        if (afterId !== undefined) await save(task(afterId, { state: ended(at(99)) }))
      }
      expect(found.toSorted()).toEqual(population.map(({ id }) => id).toSorted())
    })

    test('finds what the filter describes and nothing else, in pages of any size', async () => {
      await save(...population)
      await assert(
        asyncProperty(anyFilter, integer({ min: 1, max: 30 }), async (asked, limit) => {
          const expected = inOrder.filter((instance) => matches(instance, asked)).map(({ id }) => id)
          const pages: (readonly string[])[] = []
          for (let afterId: string | undefined = ''; afterId !== undefined; afterId = pages.at(-1)?.at(-1)) {
            pages.push(await query(asked, afterId, limit))
          }
          expect(pages.flat()).toEqual(expected)
          expect(Math.max(...pages.map(({ length }) => length))).toBeLessThanOrEqual(limit)
        }),
        { numRuns: 150 },
      )
    })
  })

  describe('a query of attempts', () => {
    const saveAttempts = (...rows: readonly ReturnType<typeof attemptRow>[]) =>
      place.write((transaction) => transaction.saveAttempts(rows))
    const queryAttempts = (asked: ObjectFilter, afterId = '', limit = 100) =>
      place.store.reads.queryAttempts(PIPELINE, asked, { afterId, limit })

    test('finds them in the order of instance and number, also over pages', async () => {
      const numbers = Array.from({ length: 11 }, (_, index) => 11 - index)
      await saveAttempts(attemptRow('@b', attempt(1)), ...numbers.map((number) => attemptRow('@a', attempt(number))))
      const all = [...numbers.toReversed().map((number) => `@a_Attempt=${number}`), '@b_Attempt=1']
      expect(await queryAttempts(filter())).toEqual(all)
      expect(await queryAttempts(filter(), '', 9)).toEqual(all.slice(0, 9))
      expect(await queryAttempts(filter(), '@a_Attempt=9', 2)).toEqual(all.slice(9, 11))
      expect(await queryAttempts(filter(), '@a_Attempt=11')).toEqual(['@b_Attempt=1'])
      expect(await queryAttempts(filter(), '@b_Attempt=1')).toEqual([])
    })

    test('finds those of the instances asked for, also over pages', async () => {
      const ids = ['@a', '@b', '@c', '@d', '@é']
      await saveAttempts(...ids.flatMap((id) => [attemptRow(id, attempt(1)), attemptRow(id, attempt(2))]))
      const asked = filter({ instanceIds: ['@d', '@b', '@nothing'] })
      expect(await queryAttempts(asked)).toEqual(['@b_Attempt=1', '@b_Attempt=2', '@d_Attempt=1', '@d_Attempt=2'])
      expect(await queryAttempts(asked, '@b_Attempt=1', 2)).toEqual(['@b_Attempt=2', '@d_Attempt=1'])
      expect(await queryAttempts(asked, '@c_Attempt=1')).toEqual(['@d_Attempt=1', '@d_Attempt=2'])
      expect(await queryAttempts(filter({ instanceIds: ['@é'] }), '@é_Attempt=1')).toEqual(['@é_Attempt=2'])
      expect(await queryAttempts(filter({ instanceIds: [] }))).toEqual([])
    })

    test('finds a name made of the name of the instance', async () => {
      await place.write((transaction) =>
        transaction.saveInstances([instanceRow(task('@0')), { ...instanceRow(task('@a')), name: '@Copy the logs_1' }]),
      )
      await saveAttempts(attemptRow('@a', attempt(1)), attemptRow('@a', attempt(12)), attemptRow('@b', attempt(1)))
      expect(await queryAttempts(filter({ names: ['@Copy the logs_1_Attempt=12'] }))).toEqual(['@a_Attempt=12'])
      expect(await queryAttempts(filter({ names: ['@a_Attempt=1'] }))).toEqual([])
      expect(await queryAttempts(filter({ names: [] }))).toEqual([])
    })

    test('finds statuses and components exactly, of its pipeline', async () => {
      await saveAttempts(
        attemptRow('@a', attempt(1, { status: 'FAILED', startedAt: at(1), endedAt: at(2) })),
        attemptRow('@a', attempt(2)),
        attemptRow('@b', attempt(1), { componentId: objectId('Report') }),
        attemptRow('@c', attempt(1), { pipelineId: OTHER_PIPELINE }),
      )
      expect(await queryAttempts(filter({ statuses: ['FAILED', 'FINISHED'] }))).toEqual(['@a_Attempt=1'])
      expect(await queryAttempts(filter({ componentIds: ['Report'] }))).toEqual(['@b_Attempt=1'])
      expect(await queryAttempts(filter({ componentIds: ['Copy'], statuses: ['WAITING_FOR_RUNNER'] }))).toEqual([
        '@a_Attempt=2',
      ])
    })

    test.each(
      atFractions([
        ['scheduledStart', (time) => attemptRow('@a', attempt(1), { scheduledStart: time })],
        ['scheduledEnd', (time) => attemptRow('@a', attempt(1), { scheduledEnd: time })],
        ['actualStart', (time) => attemptRow('@a', attempt(1, { startedAt: time }))],
        ['actualEnd', (time) => attemptRow('@a', attempt(1, { endedAt: time }))],
      ]),
    )('compares %s of a time with %i ms to the second, bounds included', async (field, ms, make) => {
      await saveAttempts(make(plusMs(at(5), ms)))
      const found = await Promise.all(selections.map((times) => queryAttempts(filter({ [field]: times }))))
      expect(found.map(({ length }) => length)).toEqual(selections.map(({ isMatch }) => Number(isMatch)))
    })

    test('on when they began does not find those that have not', async () => {
      await saveAttempts(attemptRow('@a', attempt(1)), attemptRow('@b', attempt(1, { startedAt: at(1) })))
      expect(await queryAttempts(filter({ actualStart: { from: at(0) } }))).toEqual(['@b_Attempt=1'])
      expect(await queryAttempts(filter({ actualStart: { to: at(9) } }))).toEqual(['@b_Attempt=1'])
    })
  })
}

type TimeName = 'scheduledStart' | 'scheduledEnd' | 'actualStart' | 'actualEnd'

/** Each of the rows for a time at the beginning, in the middle and at the end of a second. */
const atFractions = <Row>(rows: readonly (readonly [TimeName, (time: Instant) => Row])[]) =>
  rows.flatMap(([field, make]) => [0, 700, 999].map((ms) => [field, ms, make] as const))

/** Selections of times, and whether they find the sixth minute, which is given with a fraction of a second. */
const selections: readonly (Partial<TimeFilter> & { readonly isMatch: boolean })[] = [
  { from: at(5), isMatch: true },
  { from: plusMs(at(5), 999), isMatch: true },
  { from: plusMs(at(5), 1_000), isMatch: false },
  { to: at(5), isMatch: true },
  { to: plusMs(at(5), -1), isMatch: false },
  { from: at(5), to: at(5), anyOf: [at(5)], isMatch: true },
  { anyOf: [at(4), at(5)], isMatch: true },
  { anyOf: [at(4), at(6)], isMatch: false },
  { anyOf: [], isMatch: false },
]

const inOrder = population.toSorted((left, right) => left.startedAt - right.startedAt || (left.id < right.id ? -1 : 1))

const absent = { nil: undefined, freq: 2 }
const anyInstant = integer({ min: 0, max: 15 * 60 }).map((seconds) => plusMs(at(0), seconds * 1_000))
const anyTimes = record({
  from: option(anyInstant, absent),
  to: option(anyInstant, absent),
  anyOf: option(array(integer({ min: 0, max: 15 }).map(at), { maxLength: 8 }), { nil: undefined, freq: 1 }),
})
const none = constantFrom<TimeFilter>({ from: undefined, to: undefined, anyOf: undefined })
const anyFilter = record({
  names: option(array(constantFrom(...population.map(({ id }) => id)), { maxLength: 20 }), { nil: undefined, freq: 1 }),
  statuses: option(array(constantFrom('FINISHED', 'RUNNING', 'FAILED'), { maxLength: 2 }), absent),
  componentIds: option(array(constantFrom('Copy', 'Report'), { maxLength: 2 }), absent),
  instanceIds: constantFrom(undefined),
  scheduledStart: constantFrom(0, 1).chain((index) => (index === 0 ? none : anyTimes)),
  scheduledEnd: constantFrom(0, 1).chain((index) => (index === 0 ? none : anyTimes)),
  actualStart: anyTimes,
  actualEnd: constantFrom(0, 1).chain((index) => (index === 0 ? none : anyTimes)),
})

/** What a query promises, said without SQL. */
function matches(instance: Instance, asked: ObjectFilter): boolean {
  const { state } = instance
  return (
    isListed(instance.id, asked.names) &&
    isListed(statusOf(instance), asked.statuses) &&
    isListed(instance.componentId, asked.componentIds) &&
    isWithin(instance.occurrence.start, asked.scheduledStart) &&
    isWithin(instance.occurrence.end, asked.scheduledEnd) &&
    isWithin(instance.startedAt, asked.actualStart) &&
    isWithin(state.kind === 'ended' ? state.endedAt : undefined, asked.actualEnd)
  )
}

const isListed = (value: string, list: readonly string[] | undefined): boolean => list?.includes(value) ?? true

function isWithin(time: Instant | undefined, { from, to, anyOf }: TimeFilter): boolean {
  if (from === undefined && to === undefined && anyOf === undefined) return true
  if (time === undefined) return false
  const second = plusMs(time, -(time % 1_000))
  return (
    (from === undefined || second >= from) && (to === undefined || second <= to) && (anyOf?.includes(second) ?? true)
  )
}
