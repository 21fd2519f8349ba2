import { describe, expect, it } from 'vitest'
import { encodeDefinition } from '../../src/wire/codec.ts'
import { definition, object } from '../builders.ts'
import { errorOf, unknownPipelineId, useService } from '../test-service.ts'

const service = useService()

const instanceId = '@Work_2026-01-01T00:00:00'
const objects = [
  object('Default', { scheduleType: 'ondemand' }),
  object('Work', {
    type: 'ShellCommandActivity',
    command: 'echo #{@scheduledStartTime}',
    workerGroup: 'wg',
    name: 'The work',
  }),
]

async function describeOne(objectId: string, options: { readonly evaluateExpressions?: true } = {}) {
  const pipelineId = await service.current.activate(objects)
  const { pipelineObjects } = await service.current.client.describeObjects({
    pipelineId,
    objectIds: [objectId],
    ...options,
  })
  const [{ id, name, fields = [] } = {}] = pipelineObjects ?? []
  return { id, name, fields: Object.fromEntries(fields.map((f) => [f.key, f.stringValue ?? { ref: f.refValue }])) }
}

describe('serialization', () => {
  it('answers with one page, without a marker', async () => {
    const pipelineId = await service.current.activate()
    const { body } = await service.current.call('DescribeObjects', { pipelineId, objectIds: ['Default'], marker: '' })
    const answer = JSON.parse(body)
    expect(Object.keys(answer).toSorted()).toEqual(['hasMoreResults', 'pipelineObjects'])
    expect(answer.hasMoreResults).toBe(false)
    expect(answer.pipelineObjects).toMatchObject([{ id: 'Default', name: 'Default' }])
  })
})

describe('validation', () => {
  it('describes 100 objects in one call, and refuses 101', async () => {
    const pipelineId = await service.current.activate()
    const answer = await service.current.call('DescribeObjects', { pipelineId, objectIds: Array(100).fill('Work') })
    expect(JSON.parse(answer.body).pipelineObjects).toHaveLength(100)
    const refusal = await service.current.call('DescribeObjects', { pipelineId, objectIds: Array(101).fill('Work') })
    expect(errorOf(refusal).message).toBe('101 objectIds are more than the 100 of one call.')
  })

  it('refuses a marker that it cannot have given', async () => {
    const pipelineId = await service.current.activate()
    const refusal = await service.current.call('DescribeObjects', { pipelineId, objectIds: ['Work'], marker: 'x' })
    expect(errorOf(refusal).type).toBe('com.amazon.setl.webservice#InvalidRequestException')
  })
})

describe('behaviour', () => {
  it('shows a component as it was written, with its status', async () => {
    expect(await describeOne('Work')).toMatchObject({
      id: 'Work',
      name: 'The work',
      fields: {
        '@sphere': 'COMPONENT',
        '@status': 'SCHEDULED',
        '@version': '1',
        command: 'echo #{@scheduledStartTime}',
      },
    })
  })

  it('shows an instance under its component’s name, with its times', async () => {
    expect(await describeOne(instanceId)).toMatchObject({
      id: instanceId,
      name: '@The work_2026-01-01T00:00:00',
      fields: {
        '@sphere': 'INSTANCE',
        '@status': 'WAITING_FOR_RUNNER',
        '@componentParent': { ref: 'Work' },
        parent: { ref: 'Work' },
        '@scheduledStartTime': '2026-01-01T00:00:00',
        '@headAttempt': { ref: `${instanceId}_Attempt=1` },
      },
    })
  })

  it('shows an attempt', async () => {
    expect(await describeOne(`${instanceId}_Attempt=1`)).toMatchObject({
      id: `${instanceId}_Attempt=1`,
      fields: {
        '@sphere': 'ATTEMPT',
        '@instanceParent': { ref: instanceId },
        '@componentParent': { ref: 'Work' },
        '@status': 'WAITING_FOR_RUNNER',
      },
    })
  })

  it('evaluates expressions of instances when it is asked to, and only then', async () => {
    expect((await describeOne(instanceId, { evaluateExpressions: true })).fields.command).toBe(
      'echo 2026-01-01T00:00:00',
    )
    expect((await describeOne(instanceId)).fields.command).toBe('echo #{@scheduledStartTime}')
  })

  it('says of a component that cannot run what is wrong with it, and of the others nothing', async () => {
    const pipelineId = await service.current.create()
    const broken = object('Broken', { type: 'ShellCommandActivity', workerGroup: 'wg' })
    const { errored } = await service.current.client.putPipelineDefinition({
      pipelineId,
      ...encodeDefinition(definition([...objects, broken])),
    })
    expect(errored).toBe(true)
    expect(await service.current.objectField(pipelineId, 'Broken', '@error')).toContain("command: One of 'command'")
    expect(await service.current.objectField(pipelineId, 'Work', '@error')).toBeUndefined()
    expect(await service.current.objectField(pipelineId, 'Work', '@status')).toBe('PENDING')
  })

  it('names the object that the pipeline does not have', async () => {
    const pipelineId = await service.current.activate()
    const description = service.current.client.describeObjects({ pipelineId, objectIds: ['Work', 'Nothing'] })
    await expect(description).rejects.toMatchObject({
      name: 'InvalidRequestException',
      message: expect.stringContaining('Nothing'),
    })
  })

  it('knows no pipeline of an id that was never given', async () => {
    const description = service.current.client.describeObjects({ pipelineId: unknownPipelineId, objectIds: [] })
    await expect(description).rejects.toMatchObject({ name: 'PipelineNotFoundException' })
  })
})
