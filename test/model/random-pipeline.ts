import * as fc from 'fast-check'
import { startOfTest } from '../test-engine.ts'
import type { Component, Interval, ModelPipeline, Place, Schedule } from './model.ts'

const minuteMs = 60_000
const endless = Number.POSITIVE_INFINITY

const absent: Omit<Component, 'id' | 'kind'> = {
  schedule: undefined,
  scheduleType: 'cron',
  dependsOn: [],
  inputs: [],
  outputs: [],
  preconditions: [],
  place: { kind: 'workerGroup', id: 'wg' },
  mode: 'none',
  maximumRetries: 0,
  maxActiveInstances: endless,
  retryDelayMs: 7 * minuteMs,
  attemptTimeoutMs: endless,
  reportProgressTimeoutMs: endless,
  preconditionTimeoutMs: endless,
  terminateAfterMs: endless,
  lateAfterTimeoutMs: endless,
}

/** A small pipeline that is right. Spans of time are chosen so that few things fall on the same moment. */
export const randomPipeline: fc.Arbitrary<ModelPipeline> = fc
  .record({
    activeRunsMax: fc.constantFrom(undefined, undefined, undefined, undefined, 1, 2),
    schedules: fc.tuple(schedule('S0'), schedule('S1')),
    activities: fc.array(activity(), { minLength: 1, maxLength: 4 }),
    dataNodes: fc.array(dataNode(), { maxLength: 2 }),
    resources: fc.array(resource(), { maxLength: 1 }),
    preconditions: fc.tuple(precondition(), precondition()),
  })
  .map(toPipeline)

type Drawn<Draw extends () => fc.Arbitrary<unknown>> =
  ReturnType<Draw> extends fc.Arbitrary<infer Value> ? Value : never

function toPipeline(drawn: {
  readonly activeRunsMax: number | undefined
  readonly schedules: readonly Schedule[]
  readonly activities: readonly Drawn<typeof activity>[]
  readonly dataNodes: readonly Drawn<typeof dataNode>[]
  readonly resources: readonly Drawn<typeof resource>[]
  readonly preconditions: readonly Drawn<typeof precondition>[]
}): ModelPipeline {
  const { activeRunsMax, schedules, activities, dataNodes, resources, preconditions } = drawn
  const scheduleAt = (index: number) => (activeRunsMax === undefined ? schedules[index] : undefined)
  const [machine] = resources.map((each) => schedules[each.schedule])
  const placeFor = (schedule: number): Place =>
    isCovered(schedules[schedule], machine) ? { kind: 'resource', id: resources[0]?.id ?? '' } : absent.place
  const dataNodeIds = dataNodes.map((_, index) => `D${index}`)
  const components: Component[] = [
    ...preconditions.map(
      (each, index): Component => ({
        ...absent,
        ...each,
        id: index === 0 ? 'Key' : 'Ask',
        kind: index === 0 ? 'check' : 'ask',
        retryDelayMs: 5 * minuteMs,
        preconditionTimeoutMs: each.preconditionTimeoutMs + 2 * index * minuteMs,
      }),
    ),
    ...resources.map(
      (each): Component => ({
        ...absent,
        ...each,
        kind: 'resource',
        schedule: scheduleAt(each.schedule),
      }),
    ),
    ...dataNodes.map(
      ({ isOnResource, ...each }, index): Component => ({
        ...absent,
        ...each,
        id: `D${index}`,
        kind: 'dataNode',
        schedule: scheduleAt(each.schedule),
        place: isOnResource ? placeFor(each.schedule) : absent.place,
      }),
    ),
    ...activities.map((each, index): Component => {
      const { isOnResource, reads, follows, ...fields } = each
      return {
        ...absent,
        ...fields,
        id: `A${index}`,
        kind: 'activity',
        lateAfterTimeoutMs: each.lateAfterTimeoutMs + index * 7 * minuteMs,
        schedule: scheduleAt(each.schedule),
        dependsOn: follows.filter((other) => other < index).map((other) => `A${other}`),
        inputs: index === 0 ? [] : dataNodeIds.filter((_, node) => reads.includes(node)),
        outputs: index === 0 ? dataNodeIds.filter((_, node) => reads.includes(node)) : [],
        place: isOnResource ? placeFor(each.schedule) : absent.place,
      }
    }),
  ]
  const used = new Set(components.flatMap((each) => each.preconditions))
  const isThere = ({ id, kind }: Component) => (kind !== 'check' && kind !== 'ask') || used.has(id)
  return { activeRunsMax, components: components.filter(isThere) }
}

/** Whether a machine is there in each interval; where none is, work fails at once. */
function isCovered(work: Schedule | undefined, machine: Schedule | undefined): boolean {
  const hasMachine = ({ start, end }: Interval) =>
    machine?.intervals.some((each) => each.start < end && start < each.end)
  return work?.intervals.every(hasMachine) === true
}

function schedule(id: string): fc.Arbitrary<Schedule> {
  return recurrence().map((drawn) => toSchedule(id, drawn))
}

/** Months are those before the start of the test. One of them is too short for the day on which the schedule starts. */
function recurrence() {
  const minutes = fc.record({
    startMs: fc.constantFrom(0, -60, 30).map((count) => startOfTest + count * minuteMs),
    unit: fc.constant('minutes' as const),
    count: fc.constantFrom(60, 20, 35),
    occurrences: fc.constantFrom(1, 2, 3),
  })
  const months = fc.record({
    startMs: fc.constantFrom(Date.UTC(2025, 9, 31, 23, 30), Date.UTC(2025, 10, 1, 0, 30)),
    unit: fc.constant('months' as const),
    count: fc.constant(1),
    occurrences: fc.constantFrom(1, 2, 3),
  })
  return fc.oneof({ weight: 5, arbitrary: minutes }, { weight: 1, arbitrary: months })
}

function toSchedule(id: string, { startMs, unit, count, occurrences }: Drawn<typeof recurrence>): Schedule {
  const first = Temporal.Instant.fromEpochMilliseconds(startMs).toZonedDateTimeISO('UTC')
  const startOf = (index: number) => first.add({ [unit]: index * count }).epochMilliseconds
  const interval = (_: unknown, index: number) => ({ start: startOf(index), end: startOf(index + 1) })
  return { id, period: `${count} ${unit}`, intervals: Array.from({ length: occurrences }, interval) }
}

function activity() {
  return fc.record({
    ...scheduled(),
    maximumRetries: fc.constantFrom(0, 1),
    maxActiveInstances: fc.constantFrom(endless, 1, 2),
    attemptTimeoutMs: fc.constantFrom(endless, 13 * minuteMs),
    reportProgressTimeoutMs: fc.constantFrom(endless, 3 * minuteMs, 21 * minuteMs),
    lateAfterTimeoutMs: fc.constantFrom(endless, endless, 43 * minuteMs),
    preconditions: fc.subarray(['Key', 'Ask']),
    isOnResource: fc.boolean(),
    reads: fc.subarray([0, 1]),
    follows: fc.subarray([0, 1, 2]),
  })
}

function dataNode() {
  return fc.record({ ...scheduled(), preconditions: fc.subarray(['Key', 'Ask']), isOnResource: fc.boolean() })
}

function resource() {
  return fc.record({
    ...scheduled(),
    // Before and behind the activities, where ids decide what comes first.
    id: fc.constantFrom('M', '0'),
    maximumRetries: fc.constantFrom(0, 1),
    terminateAfterMs: fc.constantFrom(endless, 121 * minuteMs, 31 * minuteMs),
  })
}

function precondition() {
  return fc.record({
    mode: fc.constant<Component['mode']>('none'),
    maximumRetries: fc.constantFrom(0, 1),
    preconditionTimeoutMs: fc.constantFrom(endless, 17 * minuteMs),
  })
}

function scheduled() {
  return {
    schedule: fc.constantFrom(0, 1),
    scheduleType: fc.constantFrom<Component['scheduleType']>('cron', 'timeseries'),
    mode: fc.constantFrom<Component['mode']>('none', 'cascade'),
  }
}
