import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { objectId } from '../../src/core/definition/pipeline-object.ts'
import { definition, object, ref } from '../builders.ts'
import { TestEngine } from '../test-engine.ts'

let service: TestEngine

beforeEach(async () => {
  service = await TestEngine.start()
})

afterEach(async () => {
  await service.stop()
})

const hourly = object('Hourly', {
  type: 'Schedule',
  period: '1 hour',
  startDateTime: '2026-01-01T00:00:00',
  occurrences: '1',
})

const activity = (id: string, fields: Parameters<typeof object>[1]) =>
  object(id, { type: 'ShellCommandActivity', command: 'true', schedule: ref('Hourly'), ...fields })

describe('an object that ends before its precondition holds', () => {
  test.each([
    ['MARK_FINISHED', 'FINISHED'],
    ['TRY_CANCEL', 'CANCELED'],
  ] as const)('by %s leaves no check behind that keeps the pipeline from its end', async (status, word) => {
    service.checkResult = { kind: 'notYet', message: 'no key' }
    const key = object('Key', { type: 'S3KeyExists', role: 'r', s3Key: 's3://b/k' })
    const guarded = activity('A', { workerGroup: 'wg', precondition: ref('Key') })
    const pipelineId = await service.activate(definition([hourly, key, guarded]))
    const objectIds = [objectId('@A_2026-01-01T00:00:00')]
    await service.engine.setStatus({ pipelineId, objectIds, status })
    await service.settle()
    expect(await service.statuses(pipelineId)).toEqual({
      '@A_2026-01-01T00:00:00': word,
      '@Key_2026-01-01T00:00:00': 'CANCELED',
    })
    expect(await service.state(pipelineId)).toBe('FINISHED')
  })
})

describe('a resource without a machine', () => {
  test.each(['AMachine', 'Machine'])('with the id %s ends as FINISHED in a deactivation that waits', async (id) => {
    const machine = object(id, { type: 'Ec2Resource', role: 'r', resourceRole: 'r', schedule: ref('Hourly') })
    const later = activity('B', { runsOn: ref(id), scheduleType: 'timeseries' })
    const pipelineId = await service.activate(definition([hourly, machine, later]))
    await service.engine.deactivatePipeline({ pipelineId, cancelActive: 'wait' })
    await service.settle()
    expect(await service.field(pipelineId, `@${id}_2026-01-01T00:00:00`, '@status')).toBe('FINISHED')
    expect(await service.state(pipelineId)).toBe('INACTIVE')
  })

  test('does not seem finished before its work when the pipeline goes on', async () => {
    const machine = object('M', { type: 'Ec2Resource', role: 'r', resourceRole: 'r', schedule: ref('Hourly') })
    const later = activity('A', { runsOn: ref('M'), scheduleType: 'timeseries' })
    const pipelineId = await service.activate(definition([hourly, machine, later]))
    await service.engine.deactivatePipeline({ pipelineId, cancelActive: 'cancel' })
    await service.settle()
    await service.engine.activatePipeline({ pipelineId, parameterValues: [], startAt: undefined })
    await service.settle()
    expect(await service.statuses(pipelineId)).toEqual({ '@M_2026-01-01T00:00:00': 'WAITING_ON_DEPENDENCIES' })
  })
})

describe('a data node that runs on a resource', () => {
  test('does not keep the machine when the work on it is done', async () => {
    const onMachine = { runsOn: ref('M'), schedule: ref('Hourly') }
    const machine = object('M', { type: 'Ec2Resource', role: 'r', resourceRole: 'r', schedule: ref('Hourly') })
    const node = object('In', { type: 'S3DataNode', filePath: 's3://b/k', ...onMachine })
    const work = activity('A', { input: ref('In'), ...onMachine })
    const pipelineId = await service.activate(definition([hourly, machine, node, work]))
    await service.finish(await service.take(`resource:${pipelineId}_@M_2026-01-01T00:00:00`))
    expect(service.machines.up.size).toBe(0)
    expect(await service.state(pipelineId)).toBe('FINISHED')
  })
})
