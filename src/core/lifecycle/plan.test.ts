import { describe, expect, test } from 'vitest'
import { object, ref } from '../../../test/builders.ts'
import { componentOf, planFrom, schedule, sketchPlan } from '../../../test/plans.ts'
import { objectId } from '../definition/pipeline-object.ts'
import { componentOfInstance } from './plan.ts'

const schedules = [schedule('Hourly', '1 hour'), schedule('Daily', '1 day')]

const activity = (id: string, fields = {}) =>
  object(id, { type: 'ShellCommandActivity', command: 'true', workerGroup: 'wg', ...fields })

const machine = (id: string, fields = {}) =>
  object(id, { type: 'Ec2Resource', role: 'r', resourceRole: 'r', ...fields })

const ask = (id: string) => object(id, { type: 'ShellCommandPrecondition', command: 'true' })

describe('a component', () => {
  test('is every object that runs, of the kind in which it does; what others need comes first', () => {
    const plan = planFrom(
      ...schedules,
      activity('A', { schedule: ref('Hourly'), runsOn: ref('M'), input: ref('In'), precondition: ref('Ask') }),
      ask('Ask'),
      object('In', { type: 'S3DataNode', filePath: 's3://b/f', precondition: ref('Key') }),
      object('Key', { type: 'S3KeyExists', role: 'r', s3Key: 's3://b/k' }),
      machine('M'),
      object('Alarm', { type: 'SnsAlarm', topicArn: 't', subject: 's', message: 'm', role: 'r' }),
    )
    expect([...plan.components.values()].map(({ id, kind }) => `${id} ${kind}`)).toEqual([
      'M resource',
      'Key check',
      'In dataNode',
      'A task',
      'Ask task',
    ])
  })

  test('is found by the id of its instance, but for a precondition of several objects', () => {
    const plan = planFrom(
      ...schedules,
      ask('Ask'),
      activity('A_1', { schedule: ref('Hourly'), precondition: ref('Ask') }),
      activity('B', { schedule: ref('Hourly'), precondition: ref('Ask') }),
    )
    expect(componentOfInstance(plan, objectId('@A_1_2026-01-01T00:00:00'))?.id).toBe('A_1')
    expect(componentOfInstance(plan, objectId('@Ask.B_2026-01-01T00:00:00'))).toBeUndefined()
  })

  test('with a number that is none is a problem', () => {
    const { problems } = sketchPlan([
      ...schedules,
      activity('A', {
        schedule: ref('Hourly'),
        maxActiveInstances: 'many',
        myTimes: 'often',
        maximumRetries: '#{myTimes}',
      }),
    ])
    expect(problems.map(({ objectId: id, field }) => `${id}.${field}`)).toEqual([
      'A.maximumRetries',
      'A.maxActiveInstances',
    ])
  })
})

describe('the timing', () => {
  test('is that of the schedule, inherited or not, in its style', () => {
    const plan = planFrom(
      ...schedules,
      object('Default', { schedule: ref('Daily'), scheduleType: 'TimeSeries' }),
      activity('A'),
      activity('B', { schedule: ref('Hourly'), scheduleType: 'cron' }),
    )
    const period = (id: string) => {
      const { timing } = componentOf(plan, id)
      if (timing.kind !== 'scheduled' || timing.recurrence.kind !== 'recurring') throw new Error('not scheduled')
      return `${timing.recurrence.period.unit} ${timing.scheduleType}`
    }
    expect([period('A'), period('B')]).toEqual(['day timeseries', 'hour cron'])
  })

  test('of a machine is always the start of the interval', () => {
    const plan = planFrom(
      ...schedules,
      object('Default', { schedule: ref('Daily'), scheduleType: 'timeseries' }),
      machine('M'),
      activity('A', { runsOn: ref('M') }),
    )
    expect(componentOf(plan, 'M').timing).toMatchObject({ kind: 'scheduled', scheduleType: 'cron' })
    expect(componentOf(plan, 'A').timing).toMatchObject({ kind: 'scheduled', scheduleType: 'timeseries' })
  })

  test('of what has no schedule is that of what writes it, and else of all that uses it', () => {
    const plan = planFrom(
      ...schedules,
      machine('M'),
      ask('Ask'),
      object('In', { type: 'S3DataNode', filePath: 's3://b/f', schedule: ref('Daily'), precondition: ref('Ask') }),
      object('Out', { type: 'S3DataNode', directoryPath: 's3://b/d' }),
      object('Mark', { type: 'S3DataNode', filePath: 's3://b/m' }),
      activity('A', { schedule: ref('Hourly'), runsOn: ref('M'), input: ref('In'), output: ref('Out') }),
      activity('B', { schedule: ref('Hourly'), input: ref('Out'), dependsOn: ref('Mark') }),
    )
    expect(componentOf(plan, 'M').timing).toEqual({ kind: 'follows', leaders: ['A', 'Ask'] })
    expect(componentOf(plan, 'Out').timing).toEqual({ kind: 'follows', leaders: ['A'] })
    expect(componentOf(plan, 'Mark').timing).toEqual({ kind: 'follows', leaders: ['B'] })
    expect(componentOf(plan, 'Ask').timing).toEqual({ kind: 'follows', leaders: ['In'] })
    expect(plan.followers.get(objectId('A'))?.map(({ id }) => id)).toEqual(['M', 'Out'])
  })

  test('on demand is the same for everything, whatever it inherits', () => {
    const plan = planFrom(
      object('Default', { scheduleType: 'ONDEMAND' }),
      object('Base', { workerGroup: 'wg' }),
      object('A', { type: 'ShellCommandActivity', command: 'true', parent: ref('Base') }),
      activity('B'),
    )
    expect(plan.isOnDemand).toBe(true)
    for (const id of ['A', 'B']) {
      expect(componentOf(plan, id).timing).toMatchObject({ kind: 'scheduled', recurrence: { kind: 'onDemand' } })
    }
  })
})

describe('a precondition that a task runner checks', () => {
  const plan = planFrom(
    ...schedules,
    ask('Ask'),
    machine('M', { schedule: ref('Hourly') }),
    machine('N', { schedule: ref('Hourly') }),
    object('In', { type: 'S3DataNode', filePath: 's3://b/f', precondition: ref('Ask') }),
    object('Out', { type: 'S3DataNode', directoryPath: 's3://b/d', precondition: ref('Ask') }),
    object('Both', { type: 'S3DataNode', directoryPath: 's3://b/e', precondition: ref('Ask') }),
    activity('A', { schedule: ref('Hourly'), runsOn: ref('M'), input: ref('In'), output: [ref('Out'), ref('Both')] }),
    activity('B', { schedule: ref('Hourly'), runsOn: ref('N'), precondition: ref('Ask'), input: ref('Both') }),
  )

  test('is checked by the activity that it guards, or that reads or else writes the data node', () => {
    expect([...componentOf(plan, 'Ask').hosts].map(([guarded, host]) => `${guarded} by ${host}`).sort()).toEqual([
      'B by B',
      'Both by B',
      'In by A',
      'Out by A',
    ])
  })

  test('is checked where its data node says, and else by the activity', () => {
    const placed = planFrom(
      ...schedules,
      ask('Ask'),
      object('InGroup', { type: 'S3DataNode', filePath: 's3://b/f', workerGroup: 'wg', precondition: ref('Ask') }),
      object('OnMachine', { type: 'S3DataNode', filePath: 's3://b/g', runsOn: ref('M'), precondition: ref('Ask') }),
      machine('M', { schedule: ref('Hourly') }),
      activity('A', { schedule: ref('Hourly'), runsOn: ref('M'), input: [ref('InGroup'), ref('OnMachine')] }),
    )
    expect([...componentOf(placed, 'Ask').hosts].map(([guarded, host]) => `${guarded} by ${host}`)).toEqual([
      'InGroup by InGroup',
      'OnMachine by OnMachine',
    ])
    expect(placed.users.get(objectId('M'))?.map(({ id }) => id)).toEqual(['Ask', 'A'])
  })

  test('is a user of every machine on which it is checked', () => {
    const users = (id: string) =>
      plan.users
        .get(objectId(id))
        ?.map((user) => user.id)
        .sort()
    expect(users('M')).toEqual(['A', 'Ask'])
    expect(users('N')).toEqual(['Ask', 'B'])
  })
})
