import { describe, expect, test } from 'vitest'
import { object, ref } from '../../../test/builders.ts'
import { componentOf, interval, planFrom, schedule } from '../../../test/plans.ts'
import { objectId } from '../definition/pipeline-object.ts'
import { dependenciesOf, machineOf, preconditionsOf } from './dependencies.ts'
import type { Plan } from './plan.ts'

const schedules = [schedule('Hourly', '1 hour'), schedule('Daily', '1 day')]

const activity = (id: string, scheduleId: string, fields = {}) =>
  object(id, { type: 'ShellCommandActivity', command: 'true', workerGroup: 'wg', schedule: ref(scheduleId), ...fields })

const node = (id: string, fields = {}) => object(id, { type: 'S3DataNode', directoryPath: 's3://b/d', ...fields })

const machine = (id: string, fields = {}) =>
  object(id, { type: 'Ec2Resource', role: 'r', resourceRole: 'r', ...fields })

const day = interval('2026-01-02T00:00:00', '2026-01-03T00:00:00')
const hour = interval('2026-01-02T05:00:00', '2026-01-02T06:00:00')

/** The dependencies of an instance, as `kind id`. */
function waits(plan: Plan, id: string, occurrence = hour): readonly string[] {
  return dependenciesOf(plan, { component: componentOf(plan, id), occurrence }).map(
    ({ kind, targetId }) => `${kind} ${targetId}`,
  )
}

describe('dependencies in one schedule', () => {
  test('are the instances of the same interval, and those of an output node its producers', () => {
    const plan = planFrom(
      ...schedules,
      object('Key', { type: 'S3KeyExists', role: 'r', s3Key: 's3://b/k' }),
      node('In', { schedule: ref('Hourly'), precondition: ref('Key') }),
      node('Out', { schedule: ref('Hourly') }),
      activity('A', 'Hourly', { input: ref('In'), output: ref('Out') }),
      activity('B', 'Hourly', { dependsOn: ref('A'), output: ref('Out') }),
    )
    expect(waits(plan, 'A')).toEqual(['input @In_2026-01-02T05:00:00'])
    expect(waits(plan, 'B')).toEqual(['dependsOn @A_2026-01-02T05:00:00'])
    expect(waits(plan, 'In')).toEqual(['precondition @Key_2026-01-02T05:00:00'])
    expect(waits(plan, 'Out')).toEqual(['output @A_2026-01-02T05:00:00', 'output @B_2026-01-02T05:00:00'])
  })

  test('of an activity that reads and writes the same data do not wait for its own end', () => {
    const plan = planFrom(
      ...schedules,
      node('Data', { schedule: ref('Hourly') }),
      activity('First', 'Hourly', { output: ref('Data') }),
      activity('Update', 'Hourly', { input: ref('Data'), output: ref('Data') }),
      activity('Report', 'Hourly', { input: ref('Data') }),
    )
    expect(waits(plan, 'Data')).toEqual(['output @First_2026-01-02T05:00:00'])
    expect(waits(plan, 'Update')).toEqual(['input @Data_2026-01-02T05:00:00'])
    expect(waits(plan, 'Report')).toEqual(['input @Data_2026-01-02T05:00:00', 'dependsOn @Update_2026-01-02T05:00:00'])
  })

  test('are one for each object, however often it is named', () => {
    const plan = planFrom(
      ...schedules,
      node('In', { schedule: ref('Hourly') }),
      activity('A', 'Hourly', { input: [ref('In'), ref('In')], dependsOn: [ref('In'), ref('B')] }),
      activity('B', 'Hourly'),
    )
    expect(waits(plan, 'A')).toEqual(['input @In_2026-01-02T05:00:00', 'dependsOn @B_2026-01-02T05:00:00'])
  })

  test('are not made by fields that the type of the object does not have', () => {
    const plan = planFrom(
      ...schedules,
      object('Key', { type: 'S3KeyExists', role: 'r', s3Key: 's3://b/k' }),
      machine('M', { schedule: ref('Hourly'), precondition: ref('Key') }),
    )
    expect(waits(plan, 'M')).toEqual([])
    expect(componentOf(plan, 'Key').guards).toEqual([])
  })
})

describe('dependencies across schedules', () => {
  test('are all instances that overlap, and one that covers', () => {
    const plan = planFrom(
      ...schedules,
      activity('Hour', 'Hourly', { dependsOn: ref('Other') }),
      activity('Other', 'Daily'),
      activity('Day', 'Daily', { dependsOn: ref('Hour') }),
    )
    expect(waits(plan, 'Hour')).toEqual(['dependsOn @Other_2026-01-02T00:00:00'])
    const hours = waits(plan, 'Day', day)
    expect(hours).toHaveLength(24)
    expect([hours[0], hours[23]]).toEqual([
      'dependsOn @Hour_2026-01-02T00:00:00',
      'dependsOn @Hour_2026-01-02T23:00:00',
    ])
  })

  test('are none where the other schedule does not reach', () => {
    const plan = planFrom(
      ...schedules,
      schedule('Once', '1 hour', { occurrences: '1' }),
      activity('A', 'Hourly', { dependsOn: ref('B') }),
      activity('B', 'Once'),
    )
    expect(waits(plan, 'A')).toEqual([])
  })
})

describe('dependencies on what has no schedule', () => {
  const objects = [...schedules, node('Log'), activity('Write', 'Daily', { output: ref('Log') })]

  test('are the instance of the same interval for whoever uses it', () => {
    const plan = planFrom(...objects)
    expect(waits(plan, 'Log', day)).toEqual(['output @Write_2026-01-02T00:00:00'])
  })

  test('are those that its users bring about, for somebody else', () => {
    const plan = planFrom(
      ...schedules,
      node('Log', { dependsOn: ref('Other') }),
      node('Other'),
      activity('Write', 'Daily', { output: ref('Log') }),
      activity('Read', 'Hourly', { dependsOn: ref('Write') }),
    )
    expect(waits(plan, 'Log', day)).toEqual([
      'dependsOn @Other_2026-01-02T00:00:00',
      'output @Write_2026-01-02T00:00:00',
    ])
  })

  test('on demand are the instance of the same run', () => {
    const plan = planFrom(
      object('Default', { scheduleType: 'ondemand' }),
      activity('A', 'None', { dependsOn: ref('B') }),
      activity('B', 'None'),
    )
    const run = interval('2026-01-02T05:00:00', '2026-01-02T05:00:00')
    expect(waits(plan, 'A', run)).toEqual(['dependsOn @B_2026-01-02T05:00:00'])
  })

  test('on preconditions are all that these check', () => {
    const plan = planFrom(
      ...schedules,
      object('Key', { type: 'S3KeyExists', role: 'r', s3Key: 's3://b/k' }),
      activity('A', 'Hourly', { precondition: ref('Key') }),
      activity('B', 'Daily', { precondition: ref('Key') }),
      activity('C', 'Hourly', { dependsOn: ref('Key') }),
    )
    expect(waits(plan, 'C')).toEqual(['dependsOn @Key.A_2026-01-02T05:00:00', 'dependsOn @Key.B_2026-01-02T00:00:00'])
  })

  test('on a precondition that guards nothing, and never is, are none', () => {
    const plan = planFrom(
      ...schedules,
      object('Key', { type: 'S3KeyExists', role: 'r', s3Key: 's3://b/k' }),
      activity('A', 'Hourly', { dependsOn: ref('Key') }),
    )
    expect(waits(plan, 'A')).toEqual([])
  })
})

describe('the machine', () => {
  test('of an interval that several overlap is the first of them', () => {
    const plan = planFrom(
      ...schedules,
      machine('M', { schedule: ref('Hourly') }),
      activity('Day', 'Daily', { runsOn: ref('M') }),
    )
    expect(waits(plan, 'Day', day)).toEqual(['runsOn @M_2026-01-02T00:00:00'])
  })

  test('without a schedule is that of the same interval', () => {
    const plan = planFrom(...schedules, machine('M'), activity('A', 'Hourly', { runsOn: ref('M') }))
    expect(waits(plan, 'A')).toEqual(['runsOn @M_2026-01-02T05:00:00'])
  })

  test('of a precondition is that of the activity on behalf of which it is checked', () => {
    const ask = (id: string) => object(id, { type: 'ShellCommandPrecondition', command: 'true' })
    const plan = planFrom(
      ...schedules,
      machine('M', { schedule: ref('Hourly') }),
      machine('N', { schedule: ref('Hourly') }),
      ask('Ask'),
      node('In', { schedule: ref('Hourly'), precondition: ref('Ask') }),
      activity('A', 'Hourly', { runsOn: ref('M'), precondition: ref('Ask') }),
      activity('B', 'Hourly', { runsOn: ref('N'), input: ref('In') }),
    )
    const place = (guarded: string) => ({
      component: componentOf(plan, 'Ask'),
      occurrence: hour,
      guarded: objectId(guarded),
    })
    expect(machineOf(plan, place('A'))).toBe('@M_2026-01-02T05:00:00')
    expect(machineOf(plan, place('In'))).toBe('@N_2026-01-02T05:00:00')
    expect(preconditionsOf(plan, { component: componentOf(plan, 'In'), occurrence: hour })).toEqual([
      '@Ask.In_2026-01-02T05:00:00',
    ])
  })
})
