import { describe, expect, it } from 'vitest'
import { encodeDefinition } from '../../src/wire/codec.ts'
import { definition, object } from '../builders.ts'
import { errorOf, onDemandObjects, unknownPipelineId, useService } from '../test-service.ts'

const service = useService()

const broken = [object('Work', { type: 'ShellCommandActivity', workerGroup: 'wg' })]

const validate = async (pipelineId: string, objects: Parameters<typeof definition>[0]) =>
  await service.current.client.validatePipelineDefinition({ pipelineId, ...encodeDefinition(definition(objects)) })

describe('serialization', () => {
  it('always answers with both lists and errored', async () => {
    const pipelineId = await service.current.create()
    const input = { pipelineId, ...encodeDefinition(definition(onDemandObjects)) }
    const { body } = await service.current.call('ValidatePipelineDefinition', input)
    expect(Object.keys(JSON.parse(body)).toSorted()).toEqual(['errored', 'validationErrors', 'validationWarnings'])
  })
})

describe('validation', () => {
  it('refuses a call without objects', async () => {
    const answer = await service.current.call('ValidatePipelineDefinition', { pipelineId: unknownPipelineId })
    expect(errorOf(answer).message).toMatch(/^1 validation error detected: Value null at 'pipelineObjects'/)
  })
})

describe('behaviour', () => {
  it('finds what PutPipelineDefinition finds', async () => {
    const pipelineId = await service.current.create()
    const validated = await validate(pipelineId, broken)
    const { $metadata: _, ...put } = await service.current.client.putPipelineDefinition({
      pipelineId,
      ...encodeDefinition(definition(broken)),
    })
    expect(validated.errored).toBe(true)
    expect(validated).toMatchObject(put)
  })

  it('answers with all problems where PutPipelineDefinition refuses to store', async () => {
    const pipelineId = await service.current.create()
    const objects = [...broken, object('Empty', { type: 'CSV', column: '' }), object('Unknown', { type: 'CVS' })]
    const { errored, validationErrors = [] } = await validate(pipelineId, objects)
    expect(errored).toBe(true)
    expect(validationErrors.map(({ id }) => id)).toEqual(expect.arrayContaining(['Empty', 'Unknown', 'Work']))
    expect(JSON.stringify(validationErrors)).not.toContain('Please call Validate')
    const put = service.current.client.putPipelineDefinition({ pipelineId, ...encodeDefinition(definition(objects)) })
    await expect(put).rejects.toThrow('Please call Validate to validate your pipeline')
  })

  it('stores nothing', async () => {
    const pipelineId = await service.current.create()
    await validate(pipelineId, onDemandObjects)
    expect((await service.current.client.getPipelineDefinition({ pipelineId })).pipelineObjects).toEqual([])
    expect(await service.current.pipelineField(pipelineId, '@version')).toBeUndefined()
  })

  it('knows no pipeline of an id that was never given', async () => {
    const validation = validate(unknownPipelineId, onDemandObjects)
    await expect(validation).rejects.toMatchObject({ name: 'PipelineNotFoundException' })
  })
})
