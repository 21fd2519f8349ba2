import { describe, expect, it } from 'vitest'
import { object, ref } from '../builders.ts'
import { errorOf, unknownPipelineId, useService } from '../test-service.ts'

const service = useService()

async function fieldsOf(pipelineId: string): Promise<Record<string, string | undefined>> {
  const { pipelineDescriptionList } = await service.current.client.describePipelines({ pipelineIds: [pipelineId] })
  return Object.fromEntries((pipelineDescriptionList?.[0]?.fields ?? []).map((field) => [field.key, field.stringValue]))
}

describe('serialization', () => {
  it('has tags even when there are none, and no description when none was given', async () => {
    const pipelineId = await service.current.create('a')
    const { body } = await service.current.call('DescribePipelines', { pipelineIds: [pipelineId] })
    const { fields, ...rest } = JSON.parse(body).pipelineDescriptionList[0]
    expect(rest).toEqual({ pipelineId, name: 'a', tags: [] })
    expect(fields.map((field: { key: string }) => field.key)).not.toContain('description')
  })
})

describe('validation', () => {
  it('refuses a call without pipelineIds', async () => {
    const answer = await service.current.call('DescribePipelines', {})
    expect(errorOf(answer).message).toMatch(/^1 validation error detected: Value null at 'pipelineIds'/)
  })

  it('refuses 26 ids', async () => {
    const pipelineIds = Array(26).fill(unknownPipelineId)
    const answer = await service.current.call('DescribePipelines', { pipelineIds })
    expect(errorOf(answer)).toMatchObject({
      type: 'com.amazon.setl.webservice#InvalidRequestException',
      message: '26 pipelineIds are more than the 25 of one call.',
    })
  })
})

describe('behaviour', () => {
  it('shows what there is to know of a fresh pipeline, and nothing of a definition', async () => {
    const pipelineId = await service.current.create('a')
    expect(await fieldsOf(pipelineId)).toEqual({
      '@accountId': '123456789012',
      '@creationTime': '2026-01-01T00:00:00',
      '@id': pipelineId,
      '@pipelineState': 'PENDING',
      '@sphere': 'PIPELINE',
      '@userId': 'AIDATEST',
      name: 'a',
      pipelineCreator: 'AIDATEST',
      uniqueId: expect.any(String),
    })
  })

  it('shows schedule, runs and health of an active one', async () => {
    const daily = object('Daily', {
      type: 'Schedule',
      period: '1 day',
      startDateTime: '2026-01-01T00:00:00',
      occurrences: '3',
    })
    const work = object('Work', {
      type: 'ShellCommandActivity',
      command: 'true',
      workerGroup: 'wg',
      schedule: ref('Daily'),
    })
    const pipelineId = await service.current.activate([daily, work])
    const before = await fieldsOf(pipelineId)
    expect(before).toMatchObject({
      '@pipelineState': 'SCHEDULED',
      '@version': '1',
      '@firstActivationTime': '2026-01-01T00:00:00',
      '@lastActivationTime': '2026-01-01T00:00:00',
      '@scheduledStartTime': '2026-01-01T00:00:00',
      '@scheduledPeriod': '1 day',
      '@scheduledEndTime': '2026-01-04T00:00:00',
      '@nextRunTime': '2026-01-02T00:00:00',
    })
    expect(before).not.toHaveProperty('@healthStatus')

    const { taskObject } = await service.current.client.pollForTask({ workerGroup: 'wg' })
    await service.current.client.setTaskStatus({ taskId: taskObject?.taskId, taskStatus: 'FINISHED' })
    await service.current.engine.settle()
    expect(await fieldsOf(pipelineId)).toMatchObject({
      '@healthStatus': 'HEALTHY',
      '@latestRunTime': '2026-01-01T00:00:00',
    })
  })

  it('describes several in the order in which they were asked for', async () => {
    const ids = [await service.current.create(), await service.current.create()].toSorted().toReversed()
    const { pipelineDescriptionList } = await service.current.client.describePipelines({ pipelineIds: ids })
    expect(pipelineDescriptionList?.map(({ pipelineId }) => pipelineId)).toEqual(ids)
  })

  it('describes none when one of them does not exist', async () => {
    const pipelineIds = [await service.current.create(), unknownPipelineId]
    const description = service.current.client.describePipelines({ pipelineIds })
    await expect(description).rejects.toMatchObject({
      name: 'PipelineNotFoundException',
      message: expect.stringContaining(unknownPipelineId),
    })
  })
})
