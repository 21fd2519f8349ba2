import { describe, expect, test } from 'vitest'
import { object, ref } from '../builders.ts'
import { at, dayMs, hourMs, run, schedule, shell, useEngine } from './pipelines.ts'

const engine = useEngine()

const daily = (fields = {}) => schedule({ period: '1 day', ...fields }, 'Daily')
const day = (id: string, fields = {}) => shell(id, { schedule: ref('Daily'), workerGroup: 'days', ...fields })

describe('a dependency on another schedule', () => {
  test('lets an hour wait for the one day that covers it', async () => {
    const pipelineId = await run(
      engine.current,
      daily(),
      schedule(),
      day('Day'),
      shell('Hour', { dependsOn: ref('Day') }),
    )
    await engine.current.pass(2 * hourMs)
    expect(await engine.current.poll('wg')).toBeUndefined()
    await engine.current.finish(await engine.current.take('days'))
    expect(await engine.current.statuses(pipelineId)).toMatchObject({
      [at('Hour')]: 'WAITING_FOR_RUNNER',
      [at('Hour', '01:00:00')]: 'WAITING_FOR_RUNNER',
      [at('Hour', '02:00:00')]: 'WAITING_FOR_RUNNER',
    })
  })

  test('lets a day wait for all its hours, those that are still to come included', async () => {
    const objects = [
      daily({ occurrences: '1' }),
      schedule({ period: '12 hours' }),
      day('Day', { dependsOn: ref('Half') }),
      shell('Half'),
    ]
    const pipelineId = await run(engine.current, ...objects)
    await engine.current.finish(await engine.current.take('wg'))
    expect(await engine.current.field(pipelineId, at('Day'), '@status')).toBe('WAITING_ON_DEPENDENCIES')
    await engine.current.pass(12 * hourMs)
    await engine.current.finish(await engine.current.take('wg'))
    expect((await engine.current.take('days')).attemptId).toContain('@Day')
  })

  test('waits for both intervals that one overlaps in part', async () => {
    const shifted = schedule({ startDateTime: '2026-01-01T00:30:00', occurrences: '1' }, 'Daily')
    const pipelineId = await run(
      engine.current,
      schedule(),
      shifted,
      shell('A'),
      day('Between', { dependsOn: ref('A') }),
    )
    await engine.current.pass(2 * hourMs)
    const between = at('Between', '00:30:00')
    await engine.current.finish(await engine.current.take('wg'))
    expect(await engine.current.field(pipelineId, between, '@status')).toBe('WAITING_ON_DEPENDENCIES')
    await engine.current.finish(await engine.current.take('wg'))
    expect(await engine.current.field(pipelineId, between, '@status')).toBe('WAITING_FOR_RUNNER')
  })

  test('does not wait for an interval that ends when one begins', async () => {
    const before = schedule({ startDateTime: '2025-12-31T23:00:00', occurrences: '1' }, 'Daily')
    const pipelineId = await run(
      engine.current,
      before,
      schedule({ occurrences: '1' }),
      day('Before'),
      shell('A', { dependsOn: ref('Before') }),
    )
    expect(await engine.current.field(pipelineId, at('A'), '@status')).toBe('WAITING_FOR_RUNNER')
  })

  test('holds through data nodes that have the schedule of what writes them', async () => {
    const objects = [
      daily({ occurrences: '1' }),
      schedule({ period: '12 hours' }),
      object('Part', { type: 'S3DataNode', directoryPath: 's3://b/o', schedule: ref('Hourly') }),
      shell('Half', { output: ref('Part') }),
      day('Day', { input: ref('Part') }),
    ]
    await run(engine.current, ...objects)
    await engine.current.finish(await engine.current.take('wg'))
    expect(await engine.current.poll('days')).toBeUndefined()
    await engine.current.pass(12 * hourMs)
    await engine.current.finish(await engine.current.take('wg'))
    expect((await engine.current.take('days')).attemptId).toContain('@Day')
  })

  test.each([
    ['before', [day('Day', { input: ref('Part') }), shell('Half', { output: ref('Part') })]],
    ['after', [shell('Half', { output: ref('Part') }), day('Day', { input: ref('Part') })]],
  ])(
    'lets a day that is written %s its hours read what all of them wrote, from a node without a schedule',
    async (_, activities) => {
      const part = object('Part', { type: 'S3DataNode', directoryPath: 's3://b/o' })
      await run(engine.current, daily({ occurrences: '1' }), schedule({ period: '12 hours' }), part, ...activities)
      await engine.current.finish(await engine.current.take('wg'))
      expect(await engine.current.poll('days')).toBeUndefined()
      await engine.current.pass(12 * hourMs)
      await engine.current.finish(await engine.current.take('wg'))
      expect((await engine.current.take('days')).attemptId).toContain('@Day')
    },
  )

  test('fails a day in cascade mode with the first of its hours that fails', async () => {
    const objects = [
      daily({ occurrences: '1' }),
      schedule({ period: '12 hours' }),
      day('Day', { dependsOn: ref('Half'), failureAndRerunMode: 'cascade' }),
      shell('Half', { maximumRetries: '0' }),
    ]
    const pipelineId = await run(engine.current, ...objects)
    await engine.current.finish(await engine.current.take('wg'), 'FAILED')
    expect(await engine.current.field(pipelineId, at('Day'), '@status')).toBe('CASCADE_FAILED')
    expect(await engine.current.field(pipelineId, at('Day'), '@cascadeFailedOn')).toBe(at('Half'))
  })

  test('between two schedules that are alike is a dependency between equal intervals', async () => {
    const alike = schedule({}, 'Daily')
    const pipelineId = await run(engine.current, schedule(), alike, shell('A'), day('B', { dependsOn: ref('A') }))
    await engine.current.pass(hourMs)
    await engine.current.finish(await engine.current.take('wg'))
    expect(await engine.current.statuses(pipelineId)).toMatchObject({
      [at('B')]: 'WAITING_FOR_RUNNER',
      [at('B', '01:00:00')]: 'WAITING_ON_DEPENDENCIES',
    })
  })

  test('of a timeseries waits for the intervals by their bounds, not by when they are due', async () => {
    const objects = [
      daily({ occurrences: '1' }),
      schedule({ period: '12 hours' }),
      day('Day', { dependsOn: ref('Half') }),
      shell('Half', { scheduleType: 'timeseries' }),
    ]
    const pipelineId = await run(engine.current, ...objects)
    await engine.current.pass(12 * hourMs)
    await engine.current.finish(await engine.current.take('wg'))
    expect(await engine.current.field(pipelineId, at('Day'), '@status')).toBe('WAITING_ON_DEPENDENCIES')
    await engine.current.pass(dayMs)
    await engine.current.finish(await engine.current.take('wg'))
    expect(await engine.current.field(pipelineId, at('Day'), '@status')).toBe('WAITING_FOR_RUNNER')
  })
})
