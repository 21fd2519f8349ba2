import { afterEach, beforeEach, expect, test } from 'vitest'
import { objectId, type PipelineObject } from '../../src/core/definition/pipeline-object.ts'
import type { Task } from '../../src/engine/engine.ts'
import type { PipelineId } from '../../src/store/rows.ts'
import { definition, object, ref } from '../builders.ts'
import { TestEngine } from '../test-engine.ts'

let service: TestEngine

beforeEach(async () => {
  service = await TestEngine.start()
})

afterEach(async () => {
  await service.stop()
})

const hourMs = 3_600_000

const schedule = (id: string, period: string, occurrences: number) =>
  object(id, { type: 'Schedule', period, startDateTime: '2026-01-01T00:00:00', occurrences: String(occurrences) })

const shell = (id: string, change: Parameters<typeof object>[1] = {}) =>
  object(id, {
    ...{ type: 'ShellCommandActivity', command: 'true', workerGroup: 'wg', schedule: ref('Hourly') },
    ...{ maximumRetries: '0', ...change },
  })

const activate = async (...objects: readonly PipelineObject[]) => await service.activate(definition(objects))

/** Runs for so many hours; what the worker group is offered finishes at once. */
async function run(hours: number, workerGroup = 'wg'): Promise<void> {
  for (let hour = 0; hour < hours; hour += 1) {
    for (let task = await service.poll(workerGroup); task !== undefined; task = await service.poll(workerGroup)) {
      await service.finish(task)
    }
    await service.pass(hourMs)
  }
}

/** Starts to remove what ended more than so many hours ago, and does so for an hour. */
async function keepFor(hours: number): Promise<void> {
  service.keepRunsMs = hours * hourMs
  await service.restart()
  for (let slices = 0; slices < 20; slices += 1) await service.pass(50)
  await service.pass(hourMs)
  for (let slices = 0; slices < 20; slices += 1) await service.pass(50)
}

const hoursOf = async (pipelineId: PipelineId, component = 'A') =>
  Object.keys(await service.statuses(pipelineId))
    .filter((id) => id.startsWith(`@${component}_`))
    .map((id) => Number(id.slice(-8, -6)))

test('runs are kept for ever unless the operator wants otherwise', async () => {
  const pipelineId = await activate(schedule('Hourly', '1 hour', 3), shell('A'))
  await run(3)
  await service.restart()
  await service.pass(10_000 * hourMs)
  expect(await hoursOf(pipelineId)).toEqual([0, 1, 2])
})

test('runs that ended longer ago than they are kept are removed with all that is theirs, others stay', async () => {
  const pipelineId = await activate(schedule('Hourly', '1 hour', 9), shell('A'), shell('B', { dependsOn: ref('A') }))
  await run(6)
  await keepFor(2)
  expect(await hoursOf(pipelineId, 'A')).toEqual([5, 6, 7])
  expect(await hoursOf(pipelineId, 'B')).toEqual([5, 6, 7])
  const { reads } = service.store
  expect(await reads.listAttempts(pipelineId, objectId('@A_2026-01-01T00:00:00'))).toEqual([])
  expect(await reads.listDependencies(pipelineId, objectId('@B_2026-01-01T00:00:00'))).toEqual([])
})

test('a finished pipeline keeps what its health is from, and goes on where it stopped when its end is moved', async () => {
  const pipelineId = await activate(schedule('Hourly', '1 hour', 3), shell('A'))
  await run(4)
  expect(await service.state(pipelineId)).toBe('FINISHED')
  await service.pass(100 * hourMs)
  await keepFor(1)
  expect(await service.statuses(pipelineId)).toEqual({ '@A_2026-01-01T02:00:00': 'FINISHED' })
  expect(await service.field(pipelineId, 'A', '@healthStatusFromInstanceId')).toBe('@A_2026-01-01T02:00:00')
  const longer = definition([schedule('Hourly', '1 hour', 4), shell('A')])
  await service.engine.putPipelineDefinition({ pipelineId, definition: longer })
  await service.engine.activatePipeline({ pipelineId, parameterValues: [], startAt: undefined })
  await service.settle()
  expect((await service.take('wg')).attemptId).toBe('@A_2026-01-01T03:00:00_Attempt=1')
})

test('what an instance to come depends on stays until that has been', async () => {
  const pipelineId = await activate(
    schedule('Hourly', '1 hour', 9),
    schedule('Late', '6 hours', 1),
    shell('A'),
    shell('Sum', { schedule: ref('Late'), scheduleType: 'timeseries', dependsOn: ref('A') }),
  )
  await run(5)
  await keepFor(1)
  expect(await hoursOf(pipelineId)).toEqual([0, 1, 2, 3, 4, 5, 6])
  await run(3)
  expect(await service.field(pipelineId, '@Sum_2026-01-01T00:00:00', '@status')).toBe('FINISHED')
})

test('what waits for a failure, or has failed with it, keeps it, and comes back with its rerun', async () => {
  const pipelineId = await activate(
    schedule('Hourly', '1 hour', 2),
    shell('A'),
    shell('Waits', { dependsOn: ref('A') }),
    shell('Hit', { dependsOn: ref('A'), failureAndRerunMode: 'cascade' }),
  )
  await service.finish(await service.take('wg'), 'FAILED')
  await run(1)
  await run(200)
  await keepFor(1)
  const failed = '2026-01-01T00:00:00'
  expect(await service.statuses(pipelineId)).toMatchObject({
    [`@A_${failed}`]: 'FAILED',
    [`@Waits_${failed}`]: 'WAITING_ON_DEPENDENCIES',
    [`@Hit_${failed}`]: 'CASCADE_FAILED',
  })
  await service.engine.setStatus({ pipelineId, objectIds: [objectId(`@A_${failed}`)], status: 'RERUN' })
  await run(1)
  expect(await service.statuses(pipelineId)).toMatchObject({
    [`@A_${failed}`]: 'FINISHED',
    [`@Waits_${failed}`]: 'FINISHED',
    [`@Hit_${failed}`]: 'FINISHED',
  })
})

test('what a deactivation cancelled rests, however long ago, and goes on', async () => {
  const pipelineId = await activate(schedule('Hourly', '1 hour', 1), shell('A'))
  await service.engine.deactivatePipeline({ pipelineId, cancelActive: 'cancel' })
  await service.settle()
  await service.pass(100 * hourMs)
  await keepFor(1)
  await service.engine.activatePipeline({ pipelineId, parameterValues: [], startAt: undefined })
  await service.settle()
  expect((await service.take('wg')).attemptId).toBe('@A_2026-01-01T00:00:00_Attempt=2')
})

test('versions of a definition go with the last run that was made from them, or at once where there is none', async () => {
  const pipelineId = await activate(schedule('Hourly', '1 hour', 9), shell('A'))
  const versions = async () => {
    const rows = [1, 2, 3, 4].map((version) => service.store.reads.findDefinition(pipelineId, version))
    return (await Promise.all(rows)).flatMap((row) => row?.version ?? [])
  }
  await run(2)
  for (const command of ['two', 'three', 'four']) {
    const edited = definition([schedule('Hourly', '1 hour', 9), shell('A', { command })])
    await service.engine.putPipelineDefinition({ pipelineId, definition: edited })
  }
  expect(await versions()).toEqual([1, 3, 4])
  await service.engine.activatePipeline({ pipelineId, parameterValues: [], startAt: undefined })
  await run(4)
  await keepFor(1)
  expect(await versions()).toEqual([4])
})

test('many runs are removed slice by slice', async () => {
  const backfill = object('Hourly', {
    ...{ type: 'Schedule', period: '1 hour', startDateTime: '2025-01-01T00:00:00', occurrences: '1200' },
  })
  const pipelineId = await activate(backfill, shell('A', { maxActiveInstances: '1200' }))
  const tasks: Task[] = []
  for (let task = await service.poll('wg'); task !== undefined; task = await service.poll('wg')) tasks.push(task)
  for (const task of tasks) {
    const error = { errorId: undefined, errorMessage: undefined, errorStackTrace: undefined }
    await service.engine.setTaskStatus({ taskId: task.taskId, taskStatus: 'FINISHED', ...error })
  }
  await service.pass(10 * hourMs)
  service.keepRunsMs = hourMs
  await service.restart()
  const count = async () => Object.keys(await service.statuses(pipelineId)).length
  const counts: number[] = [await count()]
  for (let slices = 0; slices < 4; slices += 1) {
    await service.pass(50)
    counts.push(await count())
  }
  expect(counts).toEqual([701, 201, 1, 1, 1])
})

test('a page of instances that was to begin after one that has been removed began with the first one again', async () => {
  const pipelineId = await activate(schedule('Hourly', '1 hour', 9), shell('A'))
  await run(6)
  const page = { pipelineId, sphere: 'INSTANCE', selectors: [], limit: 2 } as const
  const { marker } = await service.engine.queryObjects({ ...page, marker: undefined })
  await keepFor(2)
  await expect(service.engine.queryObjects({ ...page, marker })).rejects.toThrow(/Begin with the first page/)
})
