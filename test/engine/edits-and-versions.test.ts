import { describe, expect, test } from 'vitest'
import { definition, object, parameter, ref, values } from '../builders.ts'
import { activateAgain, at, deactivate, edit, hourMs, run, schedule, shell, useEngine } from './pipelines.ts'

const engine = useEngine()

const commandOf = (task: Awaited<ReturnType<typeof engine.current.take>>): unknown =>
  task.objects[0]?.fields.find(({ key }) => key === 'command')?.value

const text = (written: string) => ({ kind: 'string', text: written })

describe('an edit of a pipeline that runs', () => {
  test('takes effect for new runs, while those that are there keep their version', async () => {
    const pipelineId = await run(engine.current, schedule(), shell('A'))
    await edit(engine.current, pipelineId, [schedule(), shell('A', { command: 'false' })])
    await engine.current.pass(hourMs)
    expect(commandOf(await engine.current.take('wg'))).toEqual(text('true'))
    expect(commandOf(await engine.current.take('wg'))).toEqual(text('false'))
    expect(await engine.current.field(pipelineId, at('A'), '@version')).toBe('1')
    expect(await engine.current.field(pipelineId, at('A', '01:00:00'), '@version')).toBe('2')
  })

  test('takes no effect before it is activated', async () => {
    const pipelineId = await run(engine.current, schedule(), shell('A'))
    const other = definition([schedule(), shell('A', { command: 'false' })])
    await engine.current.engine.putPipelineDefinition({ pipelineId, definition: other })
    await engine.current.pass(hourMs)
    expect(await engine.current.field(pipelineId, at('A', '01:00:00'), '@version')).toBe('1')
  })

  test('adds an object from the next runs on, and does not catch up those before it', async () => {
    const pipelineId = await run(engine.current, schedule(), shell('A'))
    await engine.current.pass(2 * hourMs)
    await edit(engine.current, pipelineId, [schedule(), shell('A'), shell('B', { dependsOn: ref('A') })])
    expect(Object.keys(await engine.current.statuses(pipelineId)).filter((id) => id.startsWith('@B'))).toEqual([])
    await engine.current.pass(hourMs)
    expect(await engine.current.field(pipelineId, at('B', '03:00:00'), '@status')).toBe('WAITING_ON_DEPENDENCIES')
  })

  test('lets an object that is added accompany one that has runs to catch up', async () => {
    const start = { startDateTime: '2025-12-31T20:00:00' }
    const chronological = shell('A', { maxActiveInstances: '1' })
    const pipelineId = await run(engine.current, schedule(start), chronological)
    await engine.current.finish(await engine.current.take('wg'))
    await edit(engine.current, pipelineId, [schedule(start), chronological, shell('B', { workerGroup: 'other' })])
    expect(await engine.current.field(pipelineId, '@B_2025-12-31T22:00:00', '@status')).toBe('WAITING_FOR_RUNNER')
    expect(Object.keys(await engine.current.statuses(pipelineId))).not.toContain('@B_2025-12-31T21:00:00')
  })

  test('starts an object that is added with a schedule of its own with that schedule', async () => {
    const pipelineId = await run(engine.current, schedule(), shell('A'))
    await engine.current.pass(2 * hourMs)
    const own = [schedule({ period: '2 hours' }, 'Other'), shell('B', { schedule: ref('Other') })]
    await edit(engine.current, pipelineId, [schedule(), shell('A'), ...own])
    expect(await engine.current.field(pipelineId, at('B'), '@status')).toBe('WAITING_FOR_RUNNER')
  })

  test('that allows fewer instances than are open goes on when they have ended', async () => {
    const pipelineId = await run(engine.current, schedule(), shell('A'))
    await engine.current.pass(hourMs)
    await edit(engine.current, pipelineId, [schedule(), shell('A', { maxActiveInstances: '1' })])
    await engine.current.pass(2 * hourMs)
    expect(Object.keys(await engine.current.statuses(pipelineId))).toHaveLength(2)
    await engine.current.finish(await engine.current.take('wg'))
    expect(Object.keys(await engine.current.statuses(pipelineId))).toHaveLength(2)
    await engine.current.finish(await engine.current.take('wg'))
    expect(await engine.current.state(pipelineId)).toBe('SCHEDULED')
    expect(Object.keys(await engine.current.statuses(pipelineId))).toHaveLength(3)
  })

  test('that allows more instances makes them at once', async () => {
    const objects = (max: string) => [schedule(), shell('A', { maxActiveInstances: max })]
    const pipelineId = await run(engine.current, ...objects('1'))
    await engine.current.pass(2 * hourMs)
    expect(Object.keys(await engine.current.statuses(pipelineId))).toHaveLength(1)
    await edit(engine.current, pipelineId, objects('3'))
    expect(Object.keys(await engine.current.statuses(pipelineId))).toHaveLength(3)
  })
})

describe('an edit that ends a schedule earlier', () => {
  const objects = (occurrences: string) => [
    schedule({ period: '1 day', occurrences: '1' }, 'Daily'),
    schedule({ period: '12 hours', occurrences }),
    shell('Half'),
    shell('Day', { schedule: ref('Daily'), workerGroup: 'days', dependsOn: ref('Half') }),
  ]

  test('releases what waits for the runs that do not come any more', async () => {
    const pipelineId = await run(engine.current, ...objects('2'))
    await engine.current.finish(await engine.current.take('wg'))
    expect(await engine.current.field(pipelineId, at('Day'), '@status')).toBe('WAITING_ON_DEPENDENCIES')
    await edit(engine.current, pipelineId, objects('1'))
    await engine.current.finish(await engine.current.take('days'))
    expect(await engine.current.state(pipelineId)).toBe('FINISHED')
  })

  test('does not release what waits for a run that has begun, or is still to come', async () => {
    const pipelineId = await run(engine.current, ...objects('4'))
    await edit(engine.current, pipelineId, objects('2'))
    await engine.current.finish(await engine.current.take('wg'))
    expect(await engine.current.poll('days')).toBeUndefined()
    await engine.current.pass(12 * hourMs)
    await edit(engine.current, pipelineId, objects('1'))
    expect(await engine.current.poll('days')).toBeUndefined()
    await engine.current.finish(await engine.current.take('wg'))
    expect((await engine.current.take('days')).attemptId).toContain('@Day')
  })

  test('releases what waits for a run of the same schedule that maxActiveInstances has held back', async () => {
    const inOneSchedule = (occurrences: string) => [
      schedule({ startDateTime: '2025-12-31T20:00:00', occurrences }),
      shell('A', { maxActiveInstances: '1' }),
      shell('B', { workerGroup: 'others', dependsOn: ref('A') }),
    ]
    const pipelineId = await run(engine.current, ...inOneSchedule('2'))
    await edit(engine.current, pipelineId, inOneSchedule('1'))
    await engine.current.finish(await engine.current.take('others'))
    await engine.current.finish(await engine.current.take('wg'))
    await engine.current.finish(await engine.current.take('others'))
    expect(await engine.current.state(pipelineId)).toBe('FINISHED')
  })

  test('releases what rests with its pipeline, too', async () => {
    const pipelineId = await run(engine.current, ...objects('2'))
    await engine.current.finish(await engine.current.take('wg'))
    await deactivate(engine.current, pipelineId)
    await edit(engine.current, pipelineId, objects('1'))
    expect((await engine.current.take('days')).attemptId).toContain('@Day')
  })
})

describe('an edit that is refused', () => {
  const active = [
    schedule(),
    shell('A'),
    shell('B', { dependsOn: ref('A') }),
    object('Out', { type: 'S3DataNode', directoryPath: 's3://b/o', schedule: ref('Hourly') }),
  ]

  test.each([
    ['removes an object', active.slice(0, 2), 'B'],
    ['changes a period', [schedule({ period: '2 hours' }), ...active.slice(1)], 'Hourly'],
    ['changes a start', [schedule({ startDateTime: '2026-01-02T00:00:00' }), ...active.slice(1)], 'Hourly'],
    ['adds a reference to an object', [schedule(), shell('A', { dependsOn: ref('Out') }), ...active.slice(2)], 'A'],
    ['removes a reference of an object', [schedule(), shell('A'), shell('B'), ...active.slice(3)], 'B'],
    ['writes an old data node with an object that is added', [...active, shell('C', { output: ref('Out') })], 'C'],
  ])('%s, and the object is named', async (_, objects, culprit) => {
    const pipelineId = await run(engine.current, ...active)
    const problems = await engine.current.engine.putPipelineDefinition({ pipelineId, definition: definition(objects) })
    expect(problems).toContainEqual(expect.objectContaining({ severity: 'error', objectId: culprit }))
    await expect(activateAgain(engine.current, pipelineId)).rejects.toThrow(culprit)
    expect(await engine.current.state(pipelineId)).toBe('SCHEDULED')
  })
})

describe('values of parameters that are given at an activation', () => {
  const parameterObjects = [parameter('myText', { default: 'one' }), parameter('myPeriod', { default: '1 hour' })]
  const objects = [schedule({ period: '#{myPeriod}' }), shell('A', { command: 'echo #{myText}' })]

  test('do not change runs that were made before them', async () => {
    const pipelineId = await engine.current.activate(definition(objects, { parameterObjects }))
    await activateAgain(engine.current, pipelineId, { parameterValues: values('myText', 'two') })
    await engine.current.pass(hourMs)
    expect(commandOf(await engine.current.take('wg'))).toEqual(text('echo one'))
    expect(commandOf(await engine.current.take('wg'))).toEqual(text('echo two'))
    expect(await engine.current.field(pipelineId, at('A', '01:00:00'), '@version')).toBe('2')
  })

  test('that are those already in force make no version', async () => {
    const pipelineId = await engine.current.activate(definition(objects, { parameterObjects }))
    for (const _ of [1, 2])
      await activateAgain(engine.current, pipelineId, { parameterValues: values('myText', 'two') })
    const [pipeline] = await engine.current.engine.describePipelines([pipelineId])
    expect(pipeline?.fields).toContainEqual({ key: '@version', value: text('2') })
  })

  test('may not move the period of a schedule that has run', async () => {
    const pipelineId = await engine.current.activate(definition(objects, { parameterObjects }))
    const activation = activateAgain(engine.current, pipelineId, { parameterValues: values('myPeriod', '1 day') })
    await expect(activation).rejects.toThrow(
      'Hourly: The schedule would run every 1 day from 2026-01-01T00:00:00 on, but the pipeline has run every 1 hour from',
    )
  })
})
