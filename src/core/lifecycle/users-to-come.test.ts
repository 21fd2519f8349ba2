import { describe, expect, test } from 'vitest'
import { object, ref } from '../../../test/builders.ts'
import { at, componentOf, interval, planFrom, schedule } from '../../../test/plans.ts'
import { type Occurrence, occurrenceAt } from '../schedule/occurrence.ts'
import { instanceIdOf } from './component.ts'
import { machineOf } from './dependencies.ts'
import type { Plan } from './plan.ts'
import { isToCome, type ScheduledUser, scheduledUsersOf } from './users-to-come.ts'

const schedules = [
  schedule('Hourly', '1 hour'),
  schedule('Often', '20 minutes', { occurrences: '30' }),
  schedule('Odd', '25 minutes', { startDateTime: '2025-12-31T23:10:00' }),
  schedule('Rare', '5 hours', { startDateTime: '2026-01-01T02:00:00' }),
]

const machine = (fields = {}) => object('M', { type: 'Ec2Resource', role: 'r', resourceRole: 'r', ...fields })

const activity = (id: string, scheduleId: string, fields = {}) =>
  object(id, { type: 'ShellCommandActivity', command: 'true', runsOn: ref('M'), schedule: ref(scheduleId), ...fields })

/** The index of the last occurrence of a user that runs on the machine of an interval; -1 if none does. Found by looking at all. */
function lastIndexOn(plan: Plan, { user, leader }: ScheduledUser, occurrence: Occurrence): number {
  const { timing } = leader
  if (timing.kind !== 'scheduled' || timing.recurrence.kind !== 'recurring') throw new Error('not scheduled')
  const machineId = instanceIdOf(componentOf(plan, 'M'), occurrence)
  for (let index = 60; index >= 0; index -= 1) {
    const found = occurrenceAt(timing.recurrence, index)
    if (found !== undefined && machineOf(plan, { component: user, occurrence: found }) === machineId) return index
  }
  return -1
}

describe('an instance is to come on a machine', () => {
  const hours = [0, 1, 2, 5, 7, 10].map((hour) => ({
    start: at(`2026-01-01T${String(hour).padStart(2, '0')}:00:00`),
    end: at(`2026-01-01T${String(hour + 1).padStart(2, '0')}:00:00`),
  }))

  test.each(['Hourly', 'Often', 'Odd', 'Rare'])('as long as the schedule %s has one left that runs there', (id) => {
    const plan = planFrom(...schedules, machine({ schedule: ref('Hourly') }), activity('A', id))
    const component = componentOf(plan, 'M')
    for (const occurrence of hours) {
      for (const scheduled of scheduledUsersOf(plan, component)) {
        const last = lastIndexOn(plan, scheduled, occurrence)
        for (let nextIndex = 0; nextIndex < 40; nextIndex += 1) {
          const found = isToCome(plan, { component, occurrence }, { ...scheduled, nextIndex })
          expect(found, `${id} ${nextIndex} in ${occurrence.start}`).toBe(nextIndex <= last)
        }
      }
    }
  })

  test('without a schedule as long as the one that begins with it has not come', () => {
    const plan = planFrom(...schedules, machine(), activity('A', 'Hourly'), activity('B', 'Often'))
    const component = componentOf(plan, 'M')
    const occurrence = interval('2026-01-01T02:00:00', '2026-01-01T03:00:00')
    const indices = scheduledUsersOf(plan, component).map((scheduled) =>
      [2, 3, 6, 7].map((nextIndex) => isToCome(plan, { component, occurrence }, { ...scheduled, nextIndex })),
    )
    expect(indices).toEqual([
      [true, false, false, false],
      [true, true, true, false],
    ])
  })

  test('never on demand, where all come at once', () => {
    const plan = planFrom(object('Default', { scheduleType: 'ondemand' }), machine(), activity('A', 'None'))
    const component = componentOf(plan, 'M')
    const occurrence = interval('2026-01-01T02:00:00', '2026-01-01T02:00:00')
    const [scheduled] = scheduledUsersOf(plan, component)
    expect(scheduled?.user.id).toBe('A')
    const found = scheduledUsersOf(plan, component).map((each) =>
      isToCome(plan, { component, occurrence }, { ...each, nextIndex: 0 }),
    )
    expect(found).toEqual([false])
  })
})

test('a precondition comes with each object that it guards where the machine is', () => {
  const plan = planFrom(
    ...schedules,
    machine({ schedule: ref('Hourly') }),
    object('N', { type: 'Ec2Resource', role: 'r', resourceRole: 'r', schedule: ref('Hourly') }),
    object('Ask', { type: 'ShellCommandPrecondition', command: 'true' }),
    object('In', { type: 'S3DataNode', filePath: 's3://b/f', schedule: ref('Rare'), precondition: ref('Ask') }),
    activity('A', 'Often', { precondition: ref('Ask'), input: ref('In') }),
    activity('B', 'Odd', { precondition: ref('Ask'), runsOn: ref('N') }),
  )
  const users = scheduledUsersOf(plan, componentOf(plan, 'M')).map(({ user, leader }) => `${user.id} by ${leader.id}`)
  expect(users.sort()).toEqual(['A by A', 'Ask by A', 'Ask by In'])
})
