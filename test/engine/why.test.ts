import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { objectId } from '../../src/core/definition/pipeline-object.ts'
import type { Why } from '../../src/core/lifecycle/why.ts'
import { causeText } from '../../src/core/lifecycle/why-text.ts'
import type { PipelineId } from '../../src/store/rows.ts'
import { decodeWhy, whyKey, whyLengthMax } from '../../src/wire/why.ts'
import { definition, object, ref } from '../builders.ts'
import { TestEngine } from '../test-engine.ts'

let service: TestEngine

beforeEach(async () => {
  service = await TestEngine.start()
})

afterEach(async () => {
  await service.stop()
})

type Fields = Parameters<typeof object>[1]

const hourMs = 3_600_000

const hourly = (fields: Fields = {}) =>
  object('Hourly', { type: 'Schedule', period: '1 hour', startDateTime: '2026-01-01T00:00:00', ...fields })

const shell = (id: string, fields: Fields = {}) =>
  object(id, { type: 'ShellCommandActivity', command: 'true', workerGroup: 'wg', schedule: ref('Hourly'), ...fields })

const machine = (fields: Fields = {}) =>
  object('M', { type: 'Ec2Resource', role: 'r', resourceRole: 'r', schedule: ref('Hourly'), ...fields })

const at = (component: string, hour = 0) => `@${component}_2026-01-01T0${hour}:00:00`

/** What DescribeObjects says of one object; nodes as `id status: sentence`, then what they wait for. */
async function why(pipelineId: PipelineId, id: string): Promise<readonly string[]> {
  return linesOf(decodeWhy(await service.field(pipelineId, id, whyKey)))
}

const linesOf = (found: Why | undefined): readonly string[] =>
  (found?.nodes ?? []).map(({ id, status, cause, waitsFor, moreCount }) => {
    const more = moreCount === undefined ? [] : [`and ${moreCount} more`]
    const waits = waitsFor.length === 0 ? '' : ` [${[...waitsFor, ...more].join(', ')}]`
    return `${id} ${status ?? 'unborn'}: ${causeText(cause)}${waits}`
  })

describe('why an instance waits', () => {
  test('is followed down to the worker group that nobody polls for', async () => {
    const pipelineId = await service.activate(definition([hourly(), shell('A'), shell('B', { dependsOn: ref('A') })]))
    expect(await why(pipelineId, at('B'))).toEqual([
      `${at('B')} WAITING_ON_DEPENDENCIES: waits for 1 dependency [${at('A')}]`,
      `${at('A')} WAITING_FOR_RUNNER: waits for the worker group wg, for which nobody polls, and nobody has since the server started at 2026-01-01T00:00:00`,
    ])
  })

  test('says when somebody polled last, and who', async () => {
    expect(await service.poll('wg')).toBeUndefined()
    await service.pass(hourMs)
    const pipelineId = await service.activate(definition([hourly(), shell('A')]))
    expect(await why(pipelineId, at('A'))).toEqual([
      `${at('A')} WAITING_FOR_RUNNER: waits for the worker group wg, for which nobody polls; the latest poll was at 2026-01-01T00:00:00 by test`,
    ])
  })

  test('says that all task runners are at work, and where', async () => {
    const pipelineId = await service.activate(definition([hourly(), shell('A'), shell('B')]))
    await service.take('wg')
    expect(await why(pipelineId, at('B'))).toEqual([
      `${at('B')} WAITING_FOR_RUNNER: waits for the worker group wg, whose task runners have 1 task at work on test`,
    ])
  })

  test('says where a task runs, and what its runner reported', async () => {
    const pipelineId = await service.activate(definition([hourly(), shell('A')]))
    const { taskId } = await service.take('wg')
    await service.pass(60_000)
    const fields = [{ key: 'attemptStatus', value: { kind: 'string', text: '50 %' } }] as const
    await service.engine.reportTaskProgress({ taskId, fields })
    expect(await why(pipelineId, at('A'))).toEqual([
      `${at('A')} RUNNING: attempt 1 runs on test since 2026-01-01T00:00:00, last report at 2026-01-01T00:01:00: 50 %; without a report it is taken back at 2026-01-01T00:16:00`,
    ])
  })

  test('names a failed dependency that is not rerun, and everything that failed with a cascade', async () => {
    const last = { maximumRetries: '0' }
    const pipelineId = await service.activate(
      definition([
        hourly(),
        shell('A', last),
        shell('B', { dependsOn: ref('A') }),
        shell('C', { dependsOn: ref('A'), failureAndRerunMode: 'cascade' }),
        shell('D', { dependsOn: ref('C'), failureAndRerunMode: 'cascade' }),
      ]),
    )
    await service.finish(await service.take('wg'), 'FAILED')
    expect(await why(pipelineId, at('B'))).toEqual([
      `${at('B')} WAITING_ON_DEPENDENCIES: waits for 1 dependency, which has failed; with failureAndRerunMode none it waits until that is finished after all [${at('A')}]`,
      `${at('A')} FAILED: failed: it failed`,
    ])
    expect(await why(pipelineId, at('D'))).toEqual([
      `${at('D')} CASCADE_FAILED: was taken along by the failure of what it depends on [${at('C')}]`,
      `${at('C')} CASCADE_FAILED: was taken along by the failure of what it depends on [${at('A')}]`,
      `${at('A')} FAILED: failed: it failed`,
    ])
  })

  test('says what a precondition found, and when it is checked again', async () => {
    service.checkResult = { kind: 'notYet', message: 's3://bucket/key does not exist.' }
    const ready = object('Ready', {
      type: 'S3KeyExists',
      role: 'r',
      s3Key: 's3://bucket/key',
      preconditionTimeout: '2 hours',
    })
    const pipelineId = await service.activate(definition([hourly(), ready, shell('A', { precondition: ref('Ready') })]))
    expect(await why(pipelineId, at('A'))).toEqual([
      `${at('A')} WAITING_ON_DEPENDENCIES: waits for 1 dependency [${at('Ready')}]`,
      `${at('Ready')} RUNNING: does not hold after 1 check, the latest at 2026-01-01T00:00:00: s3://bucket/key does not exist; next check at 2026-01-01T00:00:10; fails at 2026-01-01T02:00:00`,
    ])
  })

  test('says what a precondition found that a task runner checks', async () => {
    const ready = object('Ready', { type: 'ShellCommandPrecondition', command: 'test -e file' })
    const pipelineId = await service.activate(definition([hourly(), ready, shell('A', { precondition: ref('Ready') })]))
    await service.finish(await service.take('wg'), 'FALSE')
    expect(await why(pipelineId, at('Ready'))).toEqual([
      `${at('Ready')} WAITING_FOR_RUNNER: does not hold after 1 check, the latest at 2026-01-01T00:00:00: The precondition does not hold yet; next check at 2026-01-01T00:00:10`,
    ])
  })

  test('says when a failed task is tried again, and what went wrong', async () => {
    const pipelineId = await service.activate(definition([hourly(), shell('A')]))
    await service.finish(await service.take('wg'), 'FAILED')
    expect(await why(pipelineId, at('A'))).toEqual([
      `${at('A')} WAITING_FOR_RUNNER: failed: it failed; tries again at 2026-01-01T00:10:00, 1 try left after that`,
    ])
  })

  test('names the paused component', async () => {
    const pipelineId = await service.activate(definition([hourly(), shell('A')]))
    await service.engine.setStatus({ pipelineId, objectIds: [objectId('A')], status: 'PAUSE' })
    expect(await why(pipelineId, at('A'))).toEqual([`${at('A')} PAUSED: could go on, but the component A is paused`])
  })

  test('says since when its resource is being made, and when that is given up', async () => {
    service.machines.mode = 'wait'
    const resource = machine({ terminateAfter: '4 hours' })
    const pipelineId = await service.activate(definition([hourly(), resource, shell('A', { runsOn: ref('M') })]))
    expect(await why(pipelineId, at('A'))).toEqual([
      `${at('A')} WAITING_FOR_RUNNER: waits for the task runner on its resource [${at('M')}]`,
      `${at('M')} CREATING: is being made; is given up at 2026-01-01T00:30:00`,
    ])
  })

  test('leads from work that was cancelled with its resource to why that failed', async () => {
    service.machines.mode = 'fail'
    const resource = machine({ maximumRetries: '0' })
    const pipelineId = await service.activate(definition([hourly(), resource, shell('A', { runsOn: ref('M') })]))
    expect(await why(pipelineId, at('A'))).toEqual([
      `${at('A')} CANCELED: was cancelled with its resource: Unable to create resource for ${at('M')} due to: no capacity [${at('M')}]`,
      `${at('M')} FAILED: failed: Unable to create resource for ${at('M')} due to: no capacity`,
    ])
  })

  test('says for whom a resource waits that is not made yet', async () => {
    const resource = machine()
    const pipelineId = await service.activate(
      definition([hourly(), resource, shell('Gate'), shell('A', { runsOn: ref('M'), dependsOn: ref('Gate') })]),
    )
    expect((await why(pipelineId, at('M'))).slice(0, 2)).toEqual([
      `${at('M')} WAITING_ON_DEPENDENCIES: is made when the first activity on it is due; 1 instance on it still to come [${at('A')}]`,
      `${at('A')} WAITING_ON_DEPENDENCIES: waits for 1 dependency [${at('Gate')}]`,
    ])
  })

  test('names what was cancelled by hand, and what was passed over', async () => {
    const pipelineId = await service.put(definition([hourly({ startDateTime: '2025-12-31T23:00:00' }), shell('A')]))
    const startAt = service.clock.now()
    await service.engine.activatePipeline({ pipelineId, parameterValues: [], startAt })
    await service.settle()
    await service.engine.setStatus({ pipelineId, objectIds: [objectId(at('A'))], status: 'TRY_CANCEL' })
    expect(await why(pipelineId, at('A'))).toEqual([`${at('A')} CANCELED: was cancelled by hand`])
    expect(await why(pipelineId, '@A_2025-12-31T23:00:00')).toEqual([
      '@A_2025-12-31T23:00:00 SKIPPED: was passed over: its interval lies before the time from which the pipeline was activated',
    ])
  })

  test('is not asked of what has finished', async () => {
    const pipelineId = await service.activate(definition([hourly(), shell('A')]))
    await service.finish(await service.take('wg'))
    expect(await why(pipelineId, at('A'))).toEqual([])
  })
})

describe('why an instance is not there', () => {
  const daily = object('Daily', { type: 'Schedule', period: '1 day', startDateTime: '2026-01-01T00:00:00' })

  test('is said where something waits for it', async () => {
    const pipelineId = await service.activate(
      definition([hourly(), daily, shell('A'), shell('Report', { schedule: ref('Daily'), dependsOn: ref('A') })]),
    )
    await service.finish(await service.take('wg'))
    const lines = await why(pipelineId, '@Report_2026-01-01T00:00:00')
    expect(lines[0]).toMatch(/waits for 23 dependencies \[@A_2026-01-01T01.*, and 13 more\]$/)
    expect(lines[1]).toBe(`${at('A', 1)} unborn: has not come to be: it is due at 2026-01-01T01:00:00`)
    expect(lines).toHaveLength(11)
  })

  test('is said of the next instance of a component', async () => {
    const pipelineId = await service.activate(definition([hourly({ occurrences: '2' }), shell('A')]))
    expect(await why(pipelineId, 'A')).toEqual([
      `${at('A', 1)} unborn: has not come to be: it is due at 2026-01-01T01:00:00`,
    ])
    await service.pass(hourMs)
    expect(await why(pipelineId, 'A')).toEqual([])
  })

  test('is that maxActiveInstances are active, and why those are', async () => {
    const pipelineId = await service.activate(definition([hourly(), shell('A', { maxActiveInstances: '1' })]))
    await service.pass(hourMs)
    expect(await why(pipelineId, 'A')).toEqual([
      `${at('A', 1)} unborn: has not come to be: A has 1 active instance, and maxActiveInstances is 1 [${at('A')}]`,
      expect.stringContaining(`${at('A')} WAITING_FOR_RUNNER: waits for the worker group wg`),
    ])
  })

  test('is the state of the pipeline, and what that cancelled says so', async () => {
    const pipelineId = await service.activate(definition([hourly(), shell('A')]))
    await service.engine.deactivatePipeline({ pipelineId, cancelActive: 'cancel' })
    await service.settle()
    expect(await why(pipelineId, 'A')).toEqual([`${at('A', 1)} unborn: has not come to be: the pipeline is INACTIVE`])
    expect(await why(pipelineId, at('A'))).toEqual([
      `${at('A')} CANCELED: was cancelled with the deactivation of the pipeline`,
    ])
  })

  test('is, on demand, that nobody has activated the pipeline', async () => {
    const onDemand = object('Default', { scheduleType: 'ondemand' })
    const work = object('A', { type: 'ShellCommandActivity', command: 'true', workerGroup: 'wg' })
    const pipelineId = await service.activate(definition([onDemand, work]))
    expect(await why(pipelineId, 'A')).toEqual(['A unborn: comes to be when the pipeline is activated'])
  })
})

describe('the answer', () => {
  const chain = (length: number) =>
    Array.from({ length }, (_, index) => shell(`A${index}`, index === 0 ? {} : { dependsOn: ref(`A${index - 1}`) }))

  test('names what several wait for once', async () => {
    const pipelineId = await service.activate(
      definition([
        hourly(),
        shell('Root'),
        shell('Left', { dependsOn: ref('Root') }),
        shell('Right', { dependsOn: ref('Root') }),
        shell('End', { dependsOn: [ref('Left'), ref('Right')] }),
      ]),
    )
    const lines = await why(pipelineId, at('End'))
    expect(lines.map((line) => line.split(' ')[0])).toEqual([at('End'), at('Left'), at('Right'), at('Root')])
  })

  test('goes down a long chain to its end, and leaves out what goes beyond', async () => {
    const pipelineId = await service.activate(definition([hourly(), ...chain(60)]))
    expect((await why(pipelineId, at('A30'))).at(-1)).toContain(`${at('A0')} WAITING_FOR_RUNNER`)
    expect((await why(pipelineId, at('A59'))).at(-1)).toContain(`${at('A20')} WAITING_ON_DEPENDENCIES`)
  })

  test('is short for each of many objects', async () => {
    const pipelineId = await service.activate(definition([hourly(), ...chain(60)]))
    const objectIds = Array.from({ length: 50 }, (_, index) => objectId(at(`A${index + 10}`)))
    const objects = await service.engine.describeObjects({ pipelineId, objectIds, expressions: 'verbatim' })
    const values = objects.map(({ fields }) => fields.find(({ key }) => key === whyKey)?.value)
    const lengths = values.map((value) => linesOf(decodeWhy(value?.kind === 'string' ? value.text : '')).length)
    expect(new Set(lengths)).toEqual(new Set([2]))
  })

  test('fits into a field, however long the ids are', async () => {
    const long = (index: number) => `A${index}_${'x'.repeat(240)}`
    const objects = Array.from({ length: 40 }, (_, index) =>
      shell(long(index), index === 0 ? {} : { dependsOn: ref(long(index - 1)) }),
    )
    const pipelineId = await service.activate(definition([hourly(), ...objects]))
    const text = await service.field(pipelineId, at(long(39)), whyKey)
    expect(text.length).toBeLessThanOrEqual(whyLengthMax)
    expect(decodeWhy(text)?.nodes.length).toBeGreaterThan(5)
  })
})
