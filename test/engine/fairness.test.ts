import { afterEach, beforeEach, expect, test } from 'vitest'
import { objectId } from '../../src/core/definition/pipeline-object.ts'
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

/** A pipeline of so many hours, all of which are over, with one task in each. */
const backfill = (hours: number) =>
  definition([
    object('Hourly', {
      type: 'Schedule',
      period: '1 hour',
      startDateTime: '2025-01-01T00:00:00',
      occurrences: String(hours),
    }),
    object('A', { type: 'ShellCommandActivity', command: 'true', workerGroup: 'wg', schedule: ref('Hourly') }),
  ])

/** The pipelines of the next tasks of the worker group, in the order in which they are handed out. */
async function served(count: number): Promise<readonly PipelineId[]> {
  const ids: PipelineId[] = []
  for (let index = 0; index < count; index += 1) ids.push((await service.take('wg')).pipelineId)
  return ids
}

test('a pipeline with one task waits for one task of a long backfill at most', async () => {
  const long = await service.activate(backfill(1000))
  expect(await served(3)).toEqual([long, long, long])
  const short = await service.activate(backfill(1))
  expect(await served(2)).toContain(short)
  expect(await served(2)).toEqual([long, long])
})

test('pipelines of one worker group take turns, and each is served in the order of its intervals', async () => {
  const ids = [
    await service.activate(backfill(5)),
    await service.activate(backfill(5)),
    await service.activate(backfill(5)),
  ]
  const attempts = new Map<PipelineId, string[]>()
  for (let round = 0; round < 5; round += 1) {
    const tasks = [await service.take('wg'), await service.take('wg'), await service.take('wg')]
    expect(tasks.map(({ pipelineId }) => pipelineId).sort()).toEqual(ids.toSorted())
    for (const { pipelineId, attemptId } of tasks) {
      attempts.set(pipelineId, [...(attempts.get(pipelineId) ?? []), attemptId])
    }
  }
  const inOrder = [0, 1, 2, 3, 4].map((hour) => `@A_2025-01-01T0${hour}:00:00_Attempt=1`)
  expect([...attempts.values()]).toEqual([inOrder, inOrder, inOrder])
})

test('a paused backfill holds up nobody else', async () => {
  const long = await service.activate(backfill(40))
  const short = await service.activate(backfill(1))
  await service.store.transaction(async (transaction) => {
    // As a component that was paused while it had more instances than one unit of work sets aside.
    const component = await transaction.findComponent(long, objectId('A'))
    if (component !== undefined) await transaction.saveComponents([{ ...component, isPaused: true }])
  })
  expect((await service.take('wg')).pipelineId).toBe(short)
  expect(await service.poll('wg')).toBeUndefined()
})
