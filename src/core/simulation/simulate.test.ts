import { describe, expect, test } from 'vitest'
import { object, ref } from '../../../test/builders.ts'
import { at, planFrom, schedule } from '../../../test/plans.ts'
import { type ObjectId, objectId, type PipelineObject } from '../definition/pipeline-object.ts'
import { formatInstant } from '../instant.ts'
import { statusOf } from '../lifecycle/instance.ts'
import type { Assumption, Scenario } from './scenario.ts'
import { type Simulation, simulate } from './simulate.ts'
import type { SimulatedInstance } from './simulated-instance.ts'

const minuteMs = 60_000

function simulated(objects: readonly PipelineObject[], said: Partial<Scenario> = {}): Simulation {
  const from = said.from ?? at('2026-01-01T00:00:00')
  return simulate(planFrom(...objects), {
    from,
    to: at('2026-01-01T03:00:00'),
    activatedAt: from,
    taskMs: 5 * minuteMs,
    machineStartMs: 2 * minuteMs,
    assumptions: [],
    ...said,
  })
}

const target = (name: string): { component: ObjectId; scheduledStart: ReturnType<typeof at> | undefined } => {
  const [component = '', start] = name.split('@')
  return { component: objectId(component), scheduledStart: start === undefined ? undefined : at(start) }
}

const fail = (name: string, tries?: number): Assumption => ({ kind: 'failure', target: target(name), tries })

const delay = (name: string, minutes: number): Assumption => ({
  kind: 'delay',
  target: target(name),
  durationMs: minutes * minuteMs,
})

const missing = (path: string, appears?: string): Assumption => ({
  kind: 'missing',
  path,
  appearsAt: appears === undefined ? undefined : at(appears),
})

/** `HH:MM`, with the day where it is not the first one. */
function time(moment: SimulatedInstance['begunAt']): string {
  if (moment === undefined) return '-'
  const text = formatInstant(moment)
  return text.startsWith('2026-01-01') ? text.slice(11, 16) : text.slice(5, 16)
}

/** `begin to end STATUS` of one instance. */
function line({ instances }: Simulation, id: string): string {
  const entry = instances.find(({ instance }) => instance.id === id)
  if (entry === undefined) return 'does not exist'
  return `${time(entry.begunAt)} to ${time(entry.endedAt)} ${statusOf(entry.instance)}`
}

const hourly = schedule('Hourly', '1 hour', { occurrences: '3' })
const daily = schedule('Daily', '1 day')

const shell = (id: string, fields: Parameters<typeof object>[1] = {}) =>
  object(id, { type: 'ShellCommandActivity', command: 'true', workerGroup: 'wg', schedule: ref('Hourly'), ...fields })

const machine = (fields: Parameters<typeof object>[1] = {}) =>
  object('M', { type: 'Ec2Resource', schedule: ref('Hourly'), ...fields })

const onMachine = (id: string, fields: Parameters<typeof object>[1] = {}) =>
  object(id, { type: 'ShellCommandActivity', command: 'true', runsOn: ref('M'), schedule: ref('Hourly'), ...fields })

describe('time', () => {
  test('cron begins at the start of its interval, timeseries at its end', () => {
    const found = simulated([hourly, shell('C'), shell('T', { scheduleType: 'timeseries' })])
    expect(line(found, '@C_2026-01-01T01:00:00')).toBe('01:00 to 01:05 FINISHED')
    expect(line(found, '@T_2026-01-01T01:00:00')).toBe('02:00 to 02:05 FINISHED')
  })

  test('the clock stops before the end: what is due then is not made, and what runs is left running', () => {
    const found = simulated([hourly, shell('A')], { to: at('2026-01-01T01:00:00'), taskMs: 2 * 60 * minuteMs })
    expect(line(found, '@A_2026-01-01T00:00:00')).toBe('00:00 to - RUNNING')
    expect(line(found, '@A_2026-01-01T01:00:00')).toBe('does not exist')
    expect(found.pipeline.state).toBe('SCHEDULED')
  })

  test('what was due before the beginning counts as done', () => {
    const objects = [
      schedule('Hourly', '1 hour'),
      daily,
      shell('Day', { schedule: ref('Daily') }),
      shell('A', { dependsOn: ref('Day') }),
    ]
    const found = simulated(objects, { from: at('2026-01-01T00:30:00') })
    expect(found.instances.map(({ instance }) => instance.id)).toEqual([
      '@A_2026-01-01T01:00:00',
      '@A_2026-01-01T02:00:00',
    ])
    expect(line(found, '@A_2026-01-01T01:00:00')).toBe('01:00 to 01:05 FINISHED')
  })

  test('an interval that ends with the beginning is due', () => {
    const found = simulated([hourly, shell('T', { scheduleType: 'timeseries' })], { from: at('2026-01-01T01:00:00') })
    expect(line(found, '@T_2026-01-01T00:00:00')).toBe('01:00 to 01:05 FINISHED')
  })

  test('a machine whose interval began earlier is there for what runs on it later', () => {
    const objects = [schedule('Hourly', '1 hour'), daily, machine({ schedule: ref('Daily') }), onMachine('A')]
    const found = simulated(objects, { from: at('2026-01-01T01:30:00') })
    expect(line(found, '@A_2026-01-01T02:00:00')).toBe('02:02 to 02:07 FINISHED')
    expect(line(found, '@M_2026-01-01T00:00:00')).toBe('02:00 to - RUNNING')
  })

  test('what was due since the beginning is made up for at the activation', () => {
    const found = simulated([hourly, shell('A')], { activatedAt: at('2026-01-01T02:30:00') })
    expect(found.instances.map((entry) => time(entry.begunAt))).toEqual(['02:30', '02:30', '02:30'])
    expect(found.taskPeak).toEqual({ count: 3, at: at('2026-01-01T02:30:00') })
    expect(found.pipeline).toMatchObject({ state: 'FINISHED', finishedAt: at('2026-01-01T02:35:00') })
  })

  test('on demand there is one run, at the activation', () => {
    const objects = [
      object('Default', { scheduleType: 'ondemand' }),
      object('A', { type: 'ShellCommandActivity', command: 'true', workerGroup: 'wg' }),
    ]
    const found = simulated(objects, { activatedAt: at('2026-01-01T00:10:00') })
    expect(line(found, '@A_2026-01-01T00:10:00')).toBe('00:10 to 00:15 FINISHED')
    expect(found.pipeline.state).toBe('FINISHED')
  })
})

describe('failures', () => {
  test('a try that fails is repeated after retryDelay, until none is left', () => {
    const found = simulated([hourly, shell('A', { retryDelay: '3 minutes', maximumRetries: '1' })], {
      assumptions: [fail('A@2026-01-01T00:00:00', 1), fail('A@2026-01-01T01:00:00')],
    })
    expect(line(found, '@A_2026-01-01T00:00:00')).toBe('00:00 to 00:13 FINISHED')
    expect(line(found, '@A_2026-01-01T01:00:00')).toBe('01:00 to 01:13 FAILED')
    expect(line(found, '@A_2026-01-01T02:00:00')).toBe('02:00 to 02:05 FINISHED')
  })

  test('a failure takes along what cascades, and leaves the others waiting, for it', () => {
    const objects = [
      schedule('Hourly', '1 hour', { occurrences: '1' }),
      shell('A', { maximumRetries: '0' }),
      shell('Cascading', { dependsOn: ref('A'), failureAndRerunMode: 'cascade' }),
      shell('Patient', { dependsOn: ref('A') }),
    ]
    const found = simulated(objects, { assumptions: [fail('A')] })
    expect(line(found, '@Cascading_2026-01-01T00:00:00')).toBe('- to 00:05 CASCADE_FAILED')
    expect(line(found, '@Patient_2026-01-01T00:00:00')).toBe('- to - WAITING_ON_DEPENDENCIES')
    expect(found.openDependencies.get(objectId('@Patient_2026-01-01T00:00:00'))).toEqual(['@A_2026-01-01T00:00:00'])
  })

  test('the last word on an instance counts before the word on its component', () => {
    const found = simulated([hourly, shell('A', { maximumRetries: '0' })], {
      assumptions: [delay('A@2026-01-01T01:00:00', 30), delay('A', 1)],
    })
    expect(line(found, '@A_2026-01-01T00:00:00')).toBe('00:00 to 00:01 FINISHED')
    expect(line(found, '@A_2026-01-01T01:00:00')).toBe('01:00 to 01:30 FINISHED')
  })

  test('an attempt that takes too long ends with its attemptTimeout', () => {
    const found = simulated([hourly, shell('A', { attemptTimeout: '4 minutes', maximumRetries: '0' })])
    expect(line(found, '@A_2026-01-01T00:00:00')).toBe('00:00 to 00:04 FAILED')
  })

  test('an expression that fails is found without running anything', () => {
    const found = simulated([hourly, shell('A', { command: "echo #{format(@scheduledStartTime, 'nonsense')}" })])
    expect(line(found, '@A_2026-01-01T00:00:00')).toBe('- to 00:00 FAILED')
  })

  test('an assumption that meets nothing is told', () => {
    const never = fail('A@2026-01-01T00:30:00')
    expect(simulated([hourly, shell('A')], { assumptions: [never, delay('A', 1)] }).unused).toEqual([never])
  })
})

describe('dependencies and limits', () => {
  test('a day waits for all its hours', () => {
    const objects = [hourly, daily, shell('A'), shell('Day', { schedule: ref('Daily'), dependsOn: ref('A') })]
    const found = simulated(objects, {
      to: at('2026-01-02T00:00:00'),
      assumptions: [delay('A@2026-01-01T01:00:00', 300)],
    })
    expect(line(found, '@Day_2026-01-01T00:00:00')).toBe('06:00 to 06:05 FINISHED')
    const [day] = found.instances.filter(({ component }) => component.id === 'Day')
    expect(day).toMatchObject({ waitedFor: { length: 3 }, releasedBy: '@A_2026-01-01T01:00:00' })
  })

  test('maxActiveInstances keeps the order of the schedule', () => {
    const found = simulated([hourly, shell('A', { maxActiveInstances: '1' })], {
      activatedAt: at('2026-01-01T02:00:00'),
    })
    expect(found.instances.map((entry) => time(entry.begunAt))).toEqual(['02:00', '02:05', '02:10'])
    expect(found.taskPeak?.count).toBe(1)
  })

  test('the peak of each worker group is told, and of all', () => {
    const found = simulated([hourly, shell('A'), shell('B'), shell('C', { workerGroup: 'other' })])
    expect(found.workplaces.map(({ name, tasks }) => [name, tasks.peak()?.count])).toEqual([
      ['wg', 2],
      ['other', 1],
    ])
    expect(found.taskPeak?.count).toBe(3)
  })
})

describe('actions', () => {
  const alarm = object('Alarm', { type: 'SnsAlarm', topicArn: 'arn', subject: 's', message: 'm', role: 'r' })

  test('what is late raises its alarm at that time, and goes on', () => {
    const objects = [hourly, alarm, shell('A', { lateAfterTimeout: '3 minutes', onLateAction: ref('Alarm') })]
    const [first] = simulated(objects).instances
    expect(first?.actions).toEqual([{ at: at('2026-01-01T00:03:00'), action: 'Alarm', cause: 'late' }])
  })

  test('a success and a failure raise theirs, once', () => {
    const objects = [hourly, alarm, shell('A', { maximumRetries: '1', onSuccess: ref('Alarm'), onFail: ref('Alarm') })]
    const found = simulated(objects, { assumptions: [fail('A@2026-01-01T01:00:00')] })
    expect(found.instances.map(({ actions }) => actions.map(({ cause }) => cause))).toEqual([
      ['success'],
      ['fail'],
      ['success'],
    ])
  })

  test('Terminate cancels what is late', () => {
    const objects = [
      hourly,
      object('Stop', { type: 'Terminate' }),
      shell('A', { lateAfterTimeout: '3 minutes', onLateAction: ref('Stop') }),
    ]
    expect(line(simulated(objects), '@A_2026-01-01T00:00:00')).toBe('00:00 to 00:03 CANCELED')
  })
})

describe('resources', () => {
  test('a machine is made for the first activity that is due and goes with the last one', () => {
    const found = simulated([hourly, machine(), onMachine('A'), onMachine('B', { dependsOn: ref('A') })])
    const [first] = found.instances.filter(({ component }) => component.id === 'M')
    expect(first?.machines).toEqual([
      expect.objectContaining({
        createdAt: at('2026-01-01T00:00:00'),
        upAt: at('2026-01-01T00:02:00'),
        goneAt: at('2026-01-01T00:12:00'),
      }),
    ])
    expect(found.machinePeak?.count).toBe(1)
    expect(found.machineMs).toBe(3 * 12 * minuteMs)
  })

  test('terminateAfter ends a machine, and what runs on it', () => {
    const found = simulated([hourly, machine({ terminateAfter: '4 minutes' }), onMachine('A')])
    expect(line(found, '@M_2026-01-01T00:00:00')).toBe('00:00 to 00:04 TIMEDOUT')
    expect(line(found, '@A_2026-01-01T00:00:00')).toBe('00:02 to 00:04 FAILED')
  })

  test('a machine that does not come up is asked for again', () => {
    const found = simulated([hourly, machine(), onMachine('A')], { assumptions: [fail('M@2026-01-01T00:00:00', 1)] })
    expect(line(found, '@A_2026-01-01T00:00:00')).toBe('00:14 to 00:19 FINISHED')
    expect(found.instances.find(({ component }) => component.id === 'M')?.machines).toHaveLength(2)
  })

  test('a machine that starts slowly keeps its activities waiting', () => {
    const found = simulated([hourly, machine(), onMachine('A')], { assumptions: [delay('M', 20)] })
    expect(line(found, '@A_2026-01-01T01:00:00')).toBe('01:20 to 01:25 FINISHED')
  })
})

describe('missing data', () => {
  const input = (precondition: string) =>
    object('In', {
      type: 'S3DataNode',
      filePath: "s3://b/in/#{format(@scheduledStartTime, 'HH')}",
      schedule: ref('Hourly'),
      ...(precondition === '' ? {} : { precondition: ref(precondition) }),
    })

  const key = object('Key', { type: 'S3KeyExists', s3Key: '#{node.filePath}' })

  test('a precondition holds when its data appears, at the next check', () => {
    const found = simulated([hourly, key, input('Key'), shell('A', { input: ref('In') })], {
      assumptions: [missing('s3://b/in/01', '2026-01-01T02:10:05')],
    })
    expect(line(found, '@Key_2026-01-01T00:00:00')).toBe('00:00 to 00:00 FINISHED')
    const late = found.instances.find(({ instance }) => instance.id === '@Key_2026-01-01T01:00:00')
    expect(late?.endedAt).toBe(at('2026-01-01T02:10:10'))
    expect(line(found, '@A_2026-01-01T01:00:00')).toBe('02:10 to 02:15 FINISHED')
  })

  test('what never appears keeps everything behind it waiting, and what lies in a missing folder is missing', () => {
    const found = simulated([hourly, key, input('Key'), shell('A', { input: ref('In') })], {
      assumptions: [missing('s3://b/in/')],
    })
    expect(line(found, '@Key_2026-01-01T00:00:00')).toBe('00:00 to - RUNNING')
    expect(line(found, '@A_2026-01-01T00:00:00')).toBe('- to - WAITING_ON_DEPENDENCIES')
  })

  test('preconditionTimeout fails what does not appear', () => {
    const strict = object('Key', { type: 'S3KeyExists', s3Key: '#{node.filePath}', preconditionTimeout: '40 minutes' })
    const found = simulated([hourly, strict, input('Key'), shell('A', { input: ref('In') })], {
      assumptions: [missing('s3://b/in/01')],
    })
    expect(line(found, '@Key_2026-01-01T01:00:00')).toBe('01:00 to 01:40 FAILED')
  })

  test('a precondition that a task runner checks waits as well', () => {
    const exists = object('There', { type: 'Exists' })
    const found = simulated([hourly, exists, input('There'), shell('A', { input: ref('In') })], {
      assumptions: [missing('s3://b/in/00', '2026-01-01T00:30:00')],
    })
    expect(line(found, '@There_2026-01-01T00:00:00')).toBe('00:00 to 00:30 FINISHED')
    expect(line(found, '@A_2026-01-01T00:00:00')).toBe('00:30 to 00:35 FINISHED')
  })

  test('an activity whose input is missing without a precondition fails, try by try', () => {
    const found = simulated([hourly, input(''), shell('A', { input: ref('In'), maximumRetries: '1' })], {
      assumptions: [missing('s3://b/in/00'), missing('s3://b/in/01', '2026-01-01T01:05:00')],
    })
    expect(line(found, '@A_2026-01-01T00:00:00')).toBe('00:00 to 00:10 FAILED')
    expect(line(found, '@A_2026-01-01T01:00:00')).toBe('01:00 to 01:15 FINISHED')
  })

  test('a year of data that never appears is simulated without a check every ten seconds', () => {
    const found = simulated([schedule('Hourly', '1 day'), key, input('Key')], {
      to: at('2027-01-01T00:00:00'),
      assumptions: [missing('s3://b')],
    })
    expect(found.instances).toHaveLength(730)
    expect(found.pipeline.openInstances).toBe(730)
  })
})
