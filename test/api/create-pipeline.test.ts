import { describe, expect, it } from 'vitest'
import { caller, useService } from '../test-service.ts'

const service = useService()

describe('serialization', () => {
  it('answers with the id of the pipeline alone', async () => {
    const answer = await service.current.call('CreatePipeline', { name: 'a', uniqueId: 'b' })
    expect(answer.body).toMatch(/^\{"pipelineId":"df-0\d{6,7}[0-9A-Z]{12}"\}$/)
  })

  it.each([
    { name: 1, uniqueId: 'b' },
    { name: 'a', uniqueId: 'b', tags: {} },
  ])('refuses %o', async (input) => {
    const { status, body } = await service.current.call('CreatePipeline', input)
    expect(status).toBe(400)
    expect(JSON.parse(body).__type).toBe('com.amazon.coral.service#SerializationException')
  })
})

describe('validation', () => {
  it.each([
    [{ uniqueId: 'b' }, "Value null at 'name' failed to satisfy constraint: Member must not be null"],
    [{ name: 'a' }, "Value null at 'uniqueId' failed to satisfy constraint: Member must not be null"],
    [
      { name: '', uniqueId: 'b' },
      "Value '' at 'name' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
    [
      { name: 'a', uniqueId: 'b', tags: [{ key: '', value: '' }] },
      "Value '' at 'tags.1.member.key' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
  ])('refuses %o', async (input, message) => {
    const { body } = await service.current.call('CreatePipeline', input)
    const answer = {
      __type: 'com.amazon.coral.validate#ValidationException',
      message: `1 validation error detected: ${message}`,
    }
    expect(JSON.parse(body)).toEqual(answer)
  })

  it('refuses two tags with one key', async () => {
    const tags = [
      { key: 'team', value: 'a' },
      { key: 'team', value: 'b' },
    ]
    const creation = service.current.client.createPipeline({ name: 'a', uniqueId: 'b', tags })
    await expect(creation).rejects.toMatchObject({ name: 'InvalidRequestException' })
  })
})

describe('behaviour', () => {
  it('makes a pending pipeline of the caller, with description and tags', async () => {
    const { client } = service.current
    const tags = [{ key: 'team', value: 'data' }]
    const { pipelineId } = await client.createPipeline({ name: 'a', uniqueId: 'b', description: 'c', tags })
    const { pipelineDescriptionList } = await client.describePipelines({ pipelineIds: [String(pipelineId)] })
    const fields = Object.fromEntries((pipelineDescriptionList?.[0]?.fields ?? []).map((f) => [f.key, f.stringValue]))

    expect(pipelineDescriptionList).toMatchObject([{ pipelineId, name: 'a', description: 'c', tags }])
    expect(fields).toMatchObject({
      '@pipelineState': 'PENDING',
      '@userId': caller.userId,
      '@accountId': caller.accountId,
      uniqueId: 'b',
    })
  })

  it('gives the same pipeline for the same name and uniqueId, and another one for another of either', async () => {
    const { client } = service.current
    const first = await client.createPipeline({ name: 'a', uniqueId: 'b' })
    expect((await client.createPipeline({ name: 'a', uniqueId: 'b' })).pipelineId).toBe(first.pipelineId)
    expect((await client.createPipeline({ name: 'a', uniqueId: 'c' })).pipelineId).not.toBe(first.pipelineId)
    expect((await client.createPipeline({ name: 'b', uniqueId: 'b' })).pipelineId).not.toBe(first.pipelineId)
  })
})
