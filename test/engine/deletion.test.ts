import { afterEach, beforeEach, expect, test } from 'vitest'
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

const dayMs = 24 * 3_600_000

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

const nameOfError = async (pipelineId: PipelineId) => {
  try {
    await service.engine.getPipelineDefinition({ pipelineId, version: 'latest' })
    return 'none'
  } catch (error) {
    return error instanceof Error ? error.name : ''
  }
}

test('a pipeline is DELETING at once, and gone when what ran has been cancelled and removed', async () => {
  const pipelineId = await service.activate(backfill(10))
  await service.take('wg')
  await service.engine.deletePipeline(pipelineId)
  expect(await service.state(pipelineId)).toBe('DELETING')
  await service.settle()
  expect(await service.state(pipelineId)).toBe('DELETED')
  expect(await nameOfError(pipelineId)).toBe('PipelineDeletedException')
  expect(await service.poll('wg')).toBeUndefined()
})

test('a pipeline with more than fits in a slice leaves nothing behind, and lets others in between', async () => {
  const pipelineId = await service.activate(backfill(2000))
  const states: string[] = []
  const look = async () => {
    const row = await service.store.reads.findPipeline(pipelineId)
    return `${row?.state} with ${row?.openInstances === 0 ? 'nothing' : 'something'} open`
  }
  await service.engine.deletePipeline(pipelineId)
  while (states.at(-1) !== 'DELETED with nothing open' && states.length < 10_000) {
    states.push(await look())
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect([...new Set(states)]).toEqual([
    'DELETING with something open',
    'DELETING with nothing open',
    'DELETED with nothing open',
  ])
  const { reads } = service.store
  expect(await service.state(pipelineId)).toBe('DELETED')
  expect(await reads.findDefinition(pipelineId, 1)).toBeUndefined()
  expect(await reads.listComponents(pipelineId)).toEqual([])
  expect(await reads.listOpenInstanceIds(pipelineId, { afterId: '', limit: 1 })).toEqual([])
})

test('a machine is destroyed before its pipeline is removed', async () => {
  const pipelineId = await service.activate(
    definition([
      object('Daily', { type: 'Schedule', period: '1 day', startDateTime: '2026-01-01T00:00:00', occurrences: '1' }),
      object('M', {
        type: 'Ec2Resource',
        role: 'r',
        resourceRole: 'r',
        schedule: ref('Daily'),
        terminateAfter: '1 day',
      }),
      object('A', { type: 'ShellCommandActivity', command: 'true', runsOn: ref('M'), schedule: ref('Daily') }),
    ]),
  )
  expect(service.machines.up.size).toBe(1)
  await service.engine.deletePipeline(pipelineId)
  await service.settle()
  expect([service.machines.up.size, await service.state(pipelineId)]).toEqual([0, 'DELETED'])
})

test('a deleted pipeline is remembered for 60 days, over restarts, and then has never been', async () => {
  const pipelineId = await service.activate(backfill(1))
  await service.engine.deletePipeline(pipelineId)
  await service.settle()
  await service.pass(60 * dayMs - 1)
  await service.restart()
  expect(await nameOfError(pipelineId)).toBe('PipelineDeletedException')
  await service.pass(1)
  expect(await nameOfError(pipelineId)).toBe('PipelineNotFoundException')
  expect(await service.store.reads.nextTimerAt()).toBeUndefined()
})

test('a deletion that is asked for twice is one', async () => {
  const pipelineId = await service.activate(backfill(1))
  await service.engine.deletePipeline(pipelineId)
  await service.engine.deletePipeline(pipelineId)
  await service.settle()
  await expect(service.engine.deletePipeline(pipelineId)).rejects.toMatchObject({ name: 'PipelineDeletedException' })
})
