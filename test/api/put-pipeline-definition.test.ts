import { describe, expect, it } from 'vitest'
import { encodeDefinition } from '../../src/wire/codec.ts'
import { definition, object, ref } from '../builders.ts'
import { errorOf, onDemandObjects, unknownPipelineId, useService } from '../test-service.ts'

const service = useService()

const put = async (pipelineId: string, objects: Parameters<typeof definition>[0]) =>
  await service.current.client.putPipelineDefinition({ pipelineId, ...encodeDefinition(definition(objects)) })

describe('serialization', () => {
  it('always answers with both lists and errored', async () => {
    const pipelineId = await service.current.create()
    const logged = onDemandObjects.map((each) =>
      each.id === 'Default' ? object('Default', { scheduleType: 'ondemand', pipelineLogUri: 's3://logs/' }) : each,
    )
    const input = { pipelineId, ...encodeDefinition(definition(logged)) }
    const { status, body } = await service.current.call('PutPipelineDefinition', input)
    expect(status).toBe(200)
    expect(Object.keys(JSON.parse(body)).toSorted()).toEqual(['errored', 'validationErrors', 'validationWarnings'])
  })

  it('reads a field with neither value as one that is empty, which cannot be stored', async () => {
    const pipelineId = await service.current.create()
    const pipelineObjects = [{ id: 'Work', name: 'Work', fields: [{ key: 'command' }] }]
    const answer = await service.current.call('PutPipelineDefinition', { pipelineId, pipelineObjects })
    expect(errorOf(answer).type).toBe('com.amazon.setl.webservice#InvalidRequestException')
  })
})

describe('validation', () => {
  it.each([
    [{ id: 'Work', fields: [] }, "Value null at 'pipelineObjects.1.member.name'"],
    [{ id: 'Work', name: 'Work', fields: [{}] }, "Value null at 'pipelineObjects.1.member.fields.1.member.key'"],
    [
      { id: 'Work', name: 'Work', fields: [{ key: 'k'.repeat(1025), stringValue: '' }] },
      `Value '${'k'.repeat(256)}…' at 'pipelineObjects.1.member.fields.1.member.key'`,
    ],
  ])('refuses the object %j', async (pipelineObject, violation) => {
    const input = { pipelineId: unknownPipelineId, pipelineObjects: [pipelineObject] }
    const { type, message } = errorOf(await service.current.call('PutPipelineDefinition', input))
    expect(type).toBe('com.amazon.coral.validate#ValidationException')
    expect(message.startsWith(`1 validation error detected: ${violation}`)).toBe(true)
  })
})

describe('behaviour', () => {
  it('stores a definition with warnings', async () => {
    const pipelineId = await service.current.create()
    const { errored, validationErrors, validationWarnings } = await put(pipelineId, onDemandObjects)
    expect({ errored, validationErrors }).toEqual({ errored: false, validationErrors: [] })
    expect(validationWarnings).toContainEqual({
      id: 'Default',
      warnings: [expect.stringMatching(/^'pipelineLogUri'is missing/)],
    })
    expect(await service.current.pipelineField(pipelineId, '@version')).toBe('1')
  })

  it('stores a value that is too long for AWS only, and warns', async () => {
    const pipelineId = await service.current.create()
    const long = object('Work', { type: 'ShellCommandActivity', command: 'x'.repeat(10_241), workerGroup: 'wg' })
    const { errored, validationWarnings } = await put(pipelineId, [...onDemandObjects.slice(0, 1), long])
    expect(errored).toBe(false)
    const warnings = expect.arrayContaining([expect.stringMatching(/10241 bytes.*10240/)])
    expect(validationWarnings).toContainEqual({ id: 'Work', warnings })
  })

  it('stores a definition with errors, and names object and field', async () => {
    const pipelineId = await service.current.create()
    const broken = object('Work', { type: 'ShellCommandActivity', runsOn: ref('Nothing') })
    const { errored, validationErrors } = await put(pipelineId, [broken])
    expect(errored).toBe(true)
    expect(validationErrors).toEqual([
      { id: 'Work', errors: expect.arrayContaining([expect.stringContaining("'runsOn'")]) },
    ])
    const { pipelineObjects } = await service.current.client.getPipelineDefinition({ pipelineId })
    expect(pipelineObjects?.map(({ id }) => id)).toEqual(['Work'])
  })

  it('does not store a definition with an empty text', async () => {
    const pipelineId = await service.current.put()
    const empty = object('Work', { type: 'ShellCommandActivity', command: '' })
    await expect(put(pipelineId, [empty])).rejects.toMatchObject({
      name: 'InvalidRequestException',
      message: expect.stringMatching(/FATAL errors.*Work.*command/),
    })
    const { pipelineObjects } = await service.current.client.getPipelineDefinition({ pipelineId })
    expect(pipelineObjects?.map(({ id }) => id)).toEqual(['Default', 'Work'])
    expect(await service.current.pipelineField(pipelineId, '@version')).toBe('1')
  })

  it('replaces the definition as a whole and counts versions', async () => {
    const pipelineId = await service.current.put()
    const other = object('Other', { type: 'ShellCommandActivity', command: 'true', workerGroup: 'wg' })
    await put(pipelineId, [other])
    const { pipelineObjects } = await service.current.client.getPipelineDefinition({ pipelineId })
    expect(pipelineObjects?.map(({ id }) => id)).toEqual(['Other'])
    expect(await service.current.pipelineField(pipelineId, '@version')).toBe('2')
  })

  it('knows no pipeline of an id that was never given', async () => {
    await expect(put(unknownPipelineId, onDemandObjects)).rejects.toMatchObject({ name: 'PipelineNotFoundException' })
  })
})
