import { describe, expect, test } from 'vitest'
import { awsLimits } from '../../src/core/definition/limits.ts'
import { definition, object, parameter, ref, values } from '../builders.ts'
import { startOfTest } from '../test-engine.ts'
import { activateAgain, at, dayMs, deactivate, hourMs, minuteMs, run, schedule, shell, useEngine } from './pipelines.ts'

const engine = useEngine()

const instancesOf = async (pipelineId: Parameters<typeof engine.current.statuses>[0]) =>
  Object.keys(await engine.current.statuses(pipelineId))

describe('a cron schedule', () => {
  test('runs at the start of each interval, and not before', async () => {
    const pipelineId = await run(engine.current, schedule({ startDateTime: '2026-01-01T01:00:00' }), shell('A'))
    await engine.current.pass(hourMs - 1)
    expect(await instancesOf(pipelineId)).toEqual([])
    await engine.current.pass(1)
    expect(await engine.current.statuses(pipelineId)).toEqual({ [at('A', '01:00:00')]: 'WAITING_FOR_RUNNER' })
    expect(await engine.current.field(pipelineId, at('A', '01:00:00'), '@scheduledEndTime')).toBe('2026-01-01T02:00:00')
  })

  test('makes no instance for an interval that would start at its end', async () => {
    const pipelineId = await run(engine.current, schedule({ endDateTime: '2026-01-01T02:00:00' }), shell('A'))
    await engine.current.pass(dayMs)
    expect(await instancesOf(pipelineId)).toEqual([at('A'), at('A', '01:00:00')])
  })

  test('keeps to the last day of months that are shorter, and comes back to the 31st', async () => {
    const monthly = schedule({
      period: '1 month',
      startDateTime: '2025-10-31T12:00:00',
      endDateTime: '2026-02-01T00:00:00',
    })
    const pipelineId = await run(engine.current, monthly, shell('A'))
    await engine.current.pass(31 * dayMs)
    expect(await instancesOf(pipelineId)).toEqual([
      '@A_2025-10-31T12:00:00',
      '@A_2025-11-30T12:00:00',
      '@A_2025-12-31T12:00:00',
      '@A_2026-01-31T12:00:00',
    ])
  })
})

describe('a timeseries schedule', () => {
  test('runs at the end of each interval, with the bounds of that interval', async () => {
    const halfHourly = schedule({ period: '30 minutes' })
    const pipelineId = await run(engine.current, halfHourly, shell('A', { scheduleType: 'TIMESERIES' }))
    await engine.current.pass(30 * minuteMs - 1)
    expect(await instancesOf(pipelineId)).toEqual([])
    await engine.current.pass(1)
    expect(await instancesOf(pipelineId)).toEqual([at('A')])
    expect(await engine.current.field(pipelineId, at('A'), '@scheduledEndTime')).toBe('2026-01-01T00:30:00')
  })
})

describe('FIRST_ACTIVATION_DATE_TIME', () => {
  const first = object('Hourly', {
    type: 'Schedule',
    period: '1 hour',
    startAt: 'FIRST_ACTIVATION_DATE_TIME',
    occurrences: '2',
  })

  test('is the second of the first activation, also after a later one', async () => {
    await engine.current.pass(90_500)
    const pipelineId = await run(engine.current, first, shell('A'))
    expect(await instancesOf(pipelineId)).toEqual([at('A', '00:01:30')])
    await deactivate(engine.current, pipelineId)
    await engine.current.pass(hourMs)
    await activateAgain(engine.current, pipelineId)
    expect(await instancesOf(pipelineId)).toEqual([at('A', '00:01:30'), at('A', '01:01:30')])
    expect(await engine.current.field(pipelineId, 'Hourly', '@firstActivationTime')).toBe('2026-01-01T00:01:30')
  })
})

test('a schedule that ends before it begins is refused at the activation, and not taken for finished', async () => {
  const ended = object('Hourly', {
    type: 'Schedule',
    period: '1 hour',
    startAt: 'FIRST_ACTIVATION_DATE_TIME',
    endDateTime: '2025-12-31T00:00:00',
  })
  const pipelineId = await engine.current.put(definition([ended, shell('A')]))
  await expect(activateAgain(engine.current, pipelineId)).rejects.toThrow('Hourly, field endDateTime')
  expect(await engine.current.state(pipelineId)).toBe('PENDING')
})

describe('a start in the past', () => {
  test('is caught up at once', async () => {
    const pipelineId = await run(engine.current, schedule({ startDateTime: '2025-12-31T20:00:00' }), shell('A'))
    expect(await instancesOf(pipelineId)).toHaveLength(5)
  })

  test('is caught up in slices, between which polls and the schedules of other pipelines go on', async () => {
    const many = schedule({
      period: '1 minute',
      startDateTime: '2025-12-30T00:00:00',
      endDateTime: '2026-01-01T00:00:00',
    })
    const live = await engine.current.put(definition([schedule(), shell('Live', { workerGroup: 'live' })]))
    const backfill = await engine.current.put(definition([many, shell('A')]))
    const activation = { parameterValues: [], startAt: undefined }
    await engine.current.engine.activatePipeline({ pipelineId: backfill, ...activation })
    await engine.current.engine.activatePipeline({ pipelineId: live, ...activation })
    let task: Awaited<ReturnType<typeof engine.current.poll>>
    while (task === undefined) {
      engine.current.clock.advance(1)
      task = await engine.current.poll('live')
    }
    const row = await engine.current.store.reads.findPipeline(backfill)
    expect(row?.openInstances).toBeLessThan(2880)
    // What is still to be caught up has been due for long, and stands behind what is due by now.
    expect(await engine.current.store.reads.nextTimerAt()).toBeGreaterThanOrEqual(startOfTest)
    await engine.current.settle()
    expect((await engine.current.store.reads.findPipeline(backfill))?.openInstances).toBe(2880)
  })

  test('is not caught up before the start timestamp of the activation: those runs are SKIPPED', async () => {
    const pipelineId = await engine.current.put(
      definition([schedule({ startDateTime: '2025-12-31T22:00:00' }), shell('A'), shell('B', { dependsOn: ref('A') })]),
    )
    await activateAgain(engine.current, pipelineId, { startAt: engine.current.clock.now() })
    expect(await engine.current.statuses(pipelineId)).toEqual({
      '@A_2025-12-31T22:00:00': 'SKIPPED',
      '@B_2025-12-31T22:00:00': 'SKIPPED',
      '@A_2025-12-31T23:00:00': 'SKIPPED',
      '@B_2025-12-31T23:00:00': 'SKIPPED',
      [at('A')]: 'WAITING_FOR_RUNNER',
      [at('B')]: 'WAITING_ON_DEPENDENCIES',
    })
  })

  test('counts what is skipped as satisfied for what overlaps it', async () => {
    const daily = schedule({ period: '1 day', startDateTime: '2025-12-31T12:00:00', occurrences: '1' }, 'Daily')
    const half = schedule({ period: '6 hours', startDateTime: '2025-12-31T12:00:00', occurrences: '3' })
    const objects = [
      daily,
      half,
      shell('A'),
      shell('Day', { schedule: ref('Daily'), workerGroup: 'days', dependsOn: ref('A') }),
    ]
    const pipelineId = await engine.current.put(definition(objects))
    // The day starts before it, too, and is skipped; run by hand it waits for what is not skipped.
    await activateAgain(engine.current, pipelineId, { startAt: engine.current.clock.now() })
    expect(await engine.current.field(pipelineId, '@Day_2025-12-31T12:00:00', '@status')).toBe('SKIPPED')
    await engine.current.engine.setStatus({
      pipelineId,
      objectIds: ['@Day_2025-12-31T12:00:00' as never],
      status: 'RERUN',
    })
    expect(await engine.current.poll('days')).toBeUndefined()
    await engine.current.finish(await engine.current.take('wg'))
    expect((await engine.current.take('days')).attemptId).toBe('@Day_2025-12-31T12:00:00_Attempt=1')
  })
})

describe('resuming', () => {
  test('goes on after the last run, and catches up what was missed', async () => {
    const pipelineId = await run(engine.current, schedule(), shell('A'))
    await engine.current.finish(await engine.current.take('wg'))
    await deactivate(engine.current, pipelineId)
    await engine.current.pass(3 * hourMs)
    expect(await instancesOf(pipelineId)).toEqual([at('A')])
    await activateAgain(engine.current, pipelineId)
    expect(await instancesOf(pipelineId)).toHaveLength(4)
  })

  test('from now passes over what was missed', async () => {
    const pipelineId = await run(engine.current, schedule(), shell('A'))
    await engine.current.finish(await engine.current.take('wg'))
    await deactivate(engine.current, pipelineId)
    await engine.current.pass(3 * hourMs)
    await activateAgain(engine.current, pipelineId, { startAt: engine.current.clock.now() })
    expect(await engine.current.statuses(pipelineId)).toEqual({
      [at('A')]: 'FINISHED',
      [at('A', '01:00:00')]: 'SKIPPED',
      [at('A', '02:00:00')]: 'SKIPPED',
      [at('A', '03:00:00')]: 'WAITING_FOR_RUNNER',
    })
  })
})

describe('values that are known only at the activation', () => {
  const parameterObjects = [parameter('myPeriod'), parameter('myCount', { default: '2' })]
  const objects = [schedule({ period: '#{myPeriod}', occurrences: '#{myCount}' }), shell('A')]

  test.each([
    [values('myPeriod', '999999999 years'), 'at most 3 years'],
    [values('myPeriod', 'often'), 'often'],
    [[...values('myPeriod', '1 hour'), ...values('myCount', '0')], 'at least 1'],
  ])('and make no schedule are refused: %j', async (parameterValues, reason) => {
    const pipelineId = await engine.current.put(definition(objects, { parameterObjects }))
    await expect(activateAgain(engine.current, pipelineId, { parameterValues })).rejects.toMatchObject({
      name: 'InvalidRequestException',
      message: expect.stringContaining(reason),
    })
    expect(await engine.current.state(pipelineId)).toBe('PENDING')
  })

  test('may make a schedule so long that its end has no date', async () => {
    const parameterValues = [...values('myPeriod', '3 years'), ...values('myCount', '999999999')]
    const pipelineId = await engine.current.put(definition(objects, { parameterObjects }))
    await activateAgain(engine.current, pipelineId, { parameterValues })
    const [pipeline] = await engine.current.engine.describePipelines([pipelineId])
    expect(pipeline?.fields.map(({ key }) => key)).not.toContain('@scheduledEndTime')
  })
})

describe('times that no calendar has', () => {
  test.each(['attemptTimeout', 'reportProgressTimeout', 'lateAfterTimeout', 'retryDelay'])(
    'in %s are refused at the activation',
    async (field) => {
      const objects = [
        schedule(),
        object('Alarm', { type: 'Terminate' }),
        shell('A', { [field]: '#{myPeriod}', onLateAction: ref('Alarm') }),
      ]
      const pipelineId = await engine.current.put(definition(objects, { parameterObjects: [parameter('myPeriod')] }))
      const activation = activateAgain(engine.current, pipelineId, {
        parameterValues: values('myPeriod', '999999999 years'),
      })
      await expect(activation).rejects.toThrow(field)
      expect(await engine.current.state(pipelineId)).toBe('PENDING')
    },
  )
})

describe('an expression that leaves the calendar at run time', () => {
  test.each([
    '#{minusYears(@scheduledStartTime, 999999999)}',
    '#{plusMinutes(@scheduledStartTime, 9007199254740991)}',
    "#{plusPeriod(@scheduledStartTime, '999999999 years')}",
    '#{plusMonths(@scheduledEndTime, 2147483647)}',
  ])('fails the attempt with the field and the reason: %s', async (command) => {
    const pipelineId = await run(engine.current, schedule({ occurrences: '1' }), shell('A', { command }))
    expect(await engine.current.poll('wg')).toBeUndefined()
    expect(await engine.current.field(pipelineId, at('A'), '@status')).toBe('FAILED')
    expect(await engine.current.field(pipelineId, at('A'), 'errorMessage')).toMatch(/field command: .+/)
    expect(engine.current.errors).toEqual([])
  })

  test('fails what cannot be told its worker group', async () => {
    const workerGroup = '#{minusYears(@scheduledStartTime, 999999999)}'
    const pipelineId = await run(engine.current, schedule({ occurrences: '1' }), shell('A', { workerGroup }))
    expect(await engine.current.field(pipelineId, at('A'), '@status')).toBe('FAILED')
    expect(await engine.current.field(pipelineId, at('A'), 'errorMessage')).toContain('workerGroup')
  })

  test('fails the check of a precondition', async () => {
    const s3Key = 's3://b/#{minusYears(@scheduledStartTime, 999999999)}'
    const key = object('Key', { type: 'S3KeyExists', role: 'r', s3Key, maximumRetries: '0' })
    const pipelineId = await run(
      engine.current,
      schedule({ occurrences: '1' }),
      key,
      shell('A', { precondition: ref('Key') }),
    )
    expect(await engine.current.field(pipelineId, at('Key'), '@status')).toBe('FAILED')
    expect(engine.current.errors).toEqual([])
  })
})

describe('with the limits of AWS, a start in the past', () => {
  const aws = async () => {
    engine.current.limits = awsLimits
    await engine.current.restart()
  }

  const startingAt = (startDateTime: string) => [
    object('Default', { role: 'r', resourceRole: 'r', scheduleType: 'cron' }),
    schedule({ startDateTime }),
    shell('A'),
  ]

  test('is caught up when it is one day back', async () => {
    await aws()
    const pipelineId = await run(engine.current, ...startingAt('2025-12-31T00:00:00'))
    expect(await instancesOf(pipelineId)).toHaveLength(25)
  })

  test('keeps a pipeline from being activated for the first time when it is longer ago', async () => {
    await aws()
    const activated = run(engine.current, ...startingAt('2025-12-30T23:00:00'))
    await expect(activated).rejects.toThrow(/Hourly, field startDateTime/)
  })

  test('keeps nobody from activating a pipeline again', async () => {
    await aws()
    const pipelineId = await run(engine.current, ...startingAt('2025-12-31T00:00:00'))
    await deactivate(engine.current, pipelineId)
    await engine.current.pass(3 * dayMs)
    await activateAgain(engine.current, pipelineId)
    expect(await engine.current.state(pipelineId)).toBe('SCHEDULED')
  })
})
