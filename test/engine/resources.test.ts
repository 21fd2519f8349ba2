import { describe, expect, test } from 'vitest'
import { instant } from '../../src/core/instant.ts'
import { object, ref } from '../builders.ts'
import {
  activateAgain,
  at,
  dayMs,
  deactivate,
  edit,
  groupOf,
  hourMs,
  machine,
  minuteMs,
  once,
  onMachine,
  run,
  schedule,
  shell,
  useEngine,
} from './pipelines.ts'

const engine = useEngine()

const daily = schedule({ period: '1 day', occurrences: '1' }, 'Daily')
const ownSchedule = { schedule: ref('Daily') }
const statusOf = async (pipelineId: Parameters<typeof engine.current.statuses>[0], id: string) =>
  await engine.current.field(pipelineId, id, '@status')

describe('a machine with a schedule of its own', () => {
  test('is there from the start of its interval, and made when the first activity is due', async () => {
    const late = schedule({ startDateTime: '2026-01-01T02:00:00', occurrences: '1' })
    const pipelineId = await run(engine.current, daily, late, machine(ownSchedule), onMachine('A'))
    expect(await statusOf(pipelineId, at('M'))).toBe('WAITING_ON_DEPENDENCIES')
    expect(engine.current.machines.requests).toHaveLength(0)
    await engine.current.pass(2 * hourMs)
    expect(await statusOf(pipelineId, at('M'))).toBe('RUNNING')
  })

  test('serves all runs of its interval, stays between them, and goes with the last one', async () => {
    const hours = schedule({ occurrences: '3' })
    const pipelineId = await run(engine.current, daily, hours, machine(ownSchedule), onMachine('A'))
    for (const hour of ['00', '01', '02']) {
      expect(engine.current.machines.up.size).toBe(1)
      const task = await engine.current.take(groupOf(pipelineId))
      expect(task.attemptId).toContain(`T${hour}:00:00`)
      await engine.current.finish(task)
      await engine.current.pass(hourMs)
    }
    expect(engine.current.machines.up.size).toBe(0)
    expect(engine.current.machines.requests).toHaveLength(1)
    expect(await engine.current.state(pipelineId)).toBe('FINISHED')
  })

  test('is one for each interval where the schedules are the same', async () => {
    const pipelineId = await run(engine.current, schedule({ occurrences: '2' }), machine(), onMachine('A'))
    await engine.current.pass(hourMs)
    expect(engine.current.machines.up.size).toBe(2)
    for (const start of ['00:00:00', '01:00:00']) {
      await engine.current.finish(await engine.current.take(groupOf(pipelineId, at('M', start))))
    }
    expect(engine.current.machines.up.size).toBe(0)
  })

  test('goes when an edit takes away the runs that it waited for', async () => {
    const hours = (occurrences: string) => [daily, schedule({ occurrences }), machine(ownSchedule), onMachine('A')]
    const pipelineId = await run(engine.current, ...hours('3'))
    await engine.current.finish(await engine.current.take(groupOf(pipelineId)))
    expect(engine.current.machines.up.size).toBe(1)
    await edit(engine.current, pipelineId, hours('1'))
    expect(engine.current.machines.up.size).toBe(0)
    expect(await engine.current.state(pipelineId)).toBe('FINISHED')
  })

  test('that nothing overlaps any more is refused to what would run on it', async () => {
    const days = schedule({ period: '1 day', occurrences: '1', startDateTime: '2025-12-31T00:00:00' }, 'Daily')
    const pipelineId = await run(engine.current, days, once(), machine(ownSchedule), onMachine('A'))
    expect(await statusOf(pipelineId, at('A'))).toBe('FAILED')
    expect(await engine.current.field(pipelineId, at('A'), 'errorMessage')).toContain('M has no interval that overlaps')
  })
})

describe('a machine without a schedule', () => {
  test('follows each activity that runs on it', async () => {
    const unscheduled = object('M', { type: 'Ec2Resource', role: 'r', resourceRole: 'r' })
    const pipelineId = await run(engine.current, once(), unscheduled, onMachine('A'), onMachine('B'))
    expect(Object.keys(await engine.current.statuses(pipelineId)).sort()).toEqual([at('A'), at('B'), at('M')])
    expect(engine.current.machines.requests).toHaveLength(1)
  })
})

describe('a machine of a timeseries', () => {
  test('comes to be at the start of the interval, and is made at its end', async () => {
    const objects = [
      schedule({ occurrences: '1' }),
      machine({ scheduleType: 'timeseries' }),
      onMachine('A', { scheduleType: 'timeseries' }),
    ]
    const pipelineId = await run(engine.current, ...objects)
    expect(await statusOf(pipelineId, at('M'))).toBe('WAITING_ON_DEPENDENCIES')
    expect(engine.current.machines.requests).toHaveLength(0)
    await engine.current.pass(hourMs)
    await engine.current.finish(await engine.current.take(groupOf(pipelineId)))
    expect(await engine.current.state(pipelineId)).toBe('FINISHED')
  })
})

describe('a machine that cannot be had', () => {
  test('is tried again after retryDelay, and its activity runs then', async () => {
    engine.current.machines.mode = 'fail'
    const pipelineId = await run(engine.current, once(), machine({ retryDelay: '5 minutes' }), onMachine('A'))
    expect(await engine.current.field(pipelineId, at('M'), '@attemptCount')).toBe('1')
    engine.current.machines.mode = 'up'
    await engine.current.pass(5 * minuteMs)
    await engine.current.finish(await engine.current.take(groupOf(pipelineId)))
    expect(await statusOf(pipelineId, at('M'))).toBe('FINISHED')
  })

  test('fails after its tries, cancels what was to run on it, and what depends on that fails in cascade mode', async () => {
    engine.current.machines.mode = 'fail'
    const after = shell('B', { dependsOn: ref('A'), failureAndRerunMode: 'cascade' })
    const pipelineId = await run(
      engine.current,
      once(),
      machine({ maximumRetries: '1', retryDelay: '5 minutes' }),
      onMachine('A'),
      after,
    )
    await engine.current.pass(5 * minuteMs)
    expect(await engine.current.statuses(pipelineId)).toEqual({
      [at('A')]: 'CANCELED',
      [at('B')]: 'CASCADE_FAILED',
      [at('M')]: 'FAILED',
    })
    expect(await engine.current.field(pipelineId, at('M'), 'errorMessage')).toContain('no capacity')
  })

  test.each([
    ['retryall', 'WAITING_FOR_RUNNER'],
    ['retrynone', 'CANCELED'],
  ])('with actionOnResourceFailure %s leaves its activity %s', async (actionOnResourceFailure, status) => {
    engine.current.machines.mode = 'fail'
    const pipelineId = await run(engine.current, once(), machine({ actionOnResourceFailure }), onMachine('A'))
    expect(await statusOf(pipelineId, at('A'))).toBe(status)
  })

  test('finishes where all that was to run on it has failed while it waited', async () => {
    const objects = [
      once(),
      shell('First', { maximumRetries: '0' }),
      machine(),
      onMachine('A', { dependsOn: ref('First'), failureAndRerunMode: 'cascade' }),
    ]
    const pipelineId = await run(engine.current, ...objects)
    await engine.current.finish(await engine.current.take('wg'), 'FAILED')
    expect(await engine.current.statuses(pipelineId)).toEqual({
      [at('A')]: 'CASCADE_FAILED',
      [at('First')]: 'FAILED',
      [at('M')]: 'FINISHED',
    })
    expect(engine.current.machines.requests).toHaveLength(0)
  })
})

describe('a task that fails on a machine', () => {
  test.each([
    ['continue', 1, 'WAITING_FOR_RUNNER'],
    ['terminate', 0, 'CANCELED'],
  ])(
    'with actionOnTaskFailure %s leaves %i machines, and the others %s',
    async (actionOnTaskFailure, count, status) => {
      const objects = [
        once(),
        machine({ actionOnTaskFailure }),
        onMachine('A', { maximumRetries: '0' }),
        onMachine('B'),
      ]
      const pipelineId = await run(engine.current, ...objects)
      await engine.current.finish(await engine.current.take(groupOf(pipelineId)), 'FAILED')
      expect(engine.current.machines.up.size).toBe(count)
      expect(await statusOf(pipelineId, at('B'))).toBe(status)
    },
  )

  test('and is tried again stays on the same machine', async () => {
    const pipelineId = await run(
      engine.current,
      once(),
      machine({ actionOnTaskFailure: 'terminate' }),
      onMachine('A', { retryDelay: '5 minutes' }),
    )
    await engine.current.finish(await engine.current.take(groupOf(pipelineId)), 'FAILED')
    await engine.current.pass(5 * minuteMs)
    await engine.current.finish(await engine.current.take(groupOf(pipelineId)))
    expect(engine.current.machines.requests).toHaveLength(1)
  })
})

describe('initTimeout', () => {
  test('gives up a machine that does not come up, and tries another one', async () => {
    engine.current.machines.mode = 'wait'
    const fields = { initTimeout: '10 minutes', retryDelay: '5 minutes' }
    const pipelineId = await run(engine.current, once(), machine(fields), onMachine('A'))
    await engine.current.pass(10 * minuteMs)
    expect(await engine.current.field(pipelineId, `${at('M')}_Attempt=1`, 'errorMessage')).toContain('initTimeout')
    engine.current.machines.goOn('up')
    await engine.current.pass(5 * minuteMs)
    expect(await statusOf(pipelineId, at('M'))).toBe('RUNNING')
    expect(engine.current.machines.up.size).toBe(1)
  })
})

describe('terminateAfter', () => {
  test('ends a machine as TIMEDOUT with what runs on it, and tries nothing again', async () => {
    const objects = [
      once(),
      machine({ terminateAfter: '2 hours' }),
      onMachine('A'),
      onMachine('B', { dependsOn: ref('A') }),
    ]
    const pipelineId = await run(engine.current, ...objects)
    const task = await engine.current.take(groupOf(pipelineId))
    for (let minutes = 0; minutes < 119; minutes += 7) {
      await engine.current.engine.reportTaskProgress({ taskId: task.taskId, fields: [] })
      await engine.current.pass(7 * minuteMs)
    }
    expect(await engine.current.statuses(pipelineId)).toEqual({
      [at('A')]: 'RUNNING',
      [at('B')]: 'WAITING_ON_DEPENDENCIES',
      [at('M')]: 'RUNNING',
    })
    await engine.current.pass(minuteMs)
    expect(await engine.current.statuses(pipelineId)).toEqual({
      [at('A')]: 'FAILED',
      [at('B')]: 'CANCELED',
      [at('M')]: 'TIMEDOUT',
    })
    expect(engine.current.machines.up.size).toBe(0)
    await engine.current.pass(dayMs)
    expect(engine.current.machines.requests).toHaveLength(1)
  })

  test('of a cluster may be a number of hours', async () => {
    const cluster = object('M', {
      type: 'EmrCluster',
      role: 'r',
      resourceRole: 'r',
      schedule: ref('Hourly'),
      terminateAfter: '2',
    })
    const pipelineId = await run(engine.current, once(), cluster, onMachine('A'))
    await engine.current.pass(2 * hourMs - 1)
    expect(await statusOf(pipelineId, at('M'))).toBe('RUNNING')
    await engine.current.pass(1)
    expect(await statusOf(pipelineId, at('M'))).toBe('TIMEDOUT')
  })

  test('counts from the making of the machine, not from the start of the interval', async () => {
    const objects = [
      once(),
      shell('First'),
      machine({ terminateAfter: '1 hour' }),
      onMachine('A', { dependsOn: ref('First') }),
    ]
    const pipelineId = await run(engine.current, ...objects)
    await engine.current.pass(90 * minuteMs)
    await engine.current.finish(await engine.current.take('wg'))
    await engine.current.pass(59 * minuteMs)
    expect(await statusOf(pipelineId, at('M'))).toBe('RUNNING')
  })

  test('holds again for a machine that comes back with its pipeline', async () => {
    const pipelineId = await run(engine.current, once(), machine({ terminateAfter: '2 hours' }), onMachine('A'))
    await engine.current.pass(hourMs)
    await deactivate(engine.current, pipelineId)
    await activateAgain(engine.current, pipelineId)
    await engine.current.pass(90 * minuteMs)
    expect(await statusOf(pipelineId, at('M'))).toBe('RUNNING')
    await engine.current.pass(30 * minuteMs)
    expect(await statusOf(pipelineId, at('M'))).toBe('TIMEDOUT')
  })
})

test('a resource that the schedule passes over is made for work that has waited for it before', async () => {
  const objects = [
    schedule({ period: '3 hours', occurrences: '1' }),
    schedule({ startDateTime: '2026-01-01T01:00:00', occurrences: '1' }, 'Later'),
    machine({ schedule: ref('Later') }),
    onMachine('A'),
  ]
  const pipelineId = await run(engine.current, ...objects)
  await activateAgain(engine.current, pipelineId, { startAt: instant(engine.current.clock.now() + 2 * hourMs) })
  await engine.current.pass(hourMs)
  expect(engine.current.machines.up.size).toBe(1)
  await engine.current.finish(await engine.current.take(groupOf(pipelineId, at('M', '01:00:00'))))
  expect(await engine.current.state(pipelineId)).toBe('FINISHED')
})
