import { describe, expect, it } from 'vitest'
import { errorOf, unknownPipelineId, useService } from '../test-service.ts'

const service = useService()

const tagsOf = async (pipelineId: string) => {
  const { pipelineDescriptionList } = await service.current.client.describePipelines({ pipelineIds: [pipelineId] })
  return pipelineDescriptionList?.[0]?.tags
}

describe('serialization', () => {
  it('answers with an empty structure', async () => {
    const pipelineId = await service.current.create()
    const answer = await service.current.call('AddTags', { pipelineId, tags: [{ key: 'team', value: '' }] })
    expect(answer).toMatchObject({ status: 200, body: '{}' })
  })
})

describe('validation', () => {
  it.each([
    [undefined, "Value null at 'tags' failed to satisfy constraint: Member must not be null"],
    [[{ key: 'a' }], "Value null at 'tags.1.member.value' failed to satisfy constraint: Member must not be null"],
    [
      [{ key: 'a', value: 'x'.repeat(257) }],
      `Value '${'x'.repeat(256)}…' at 'tags.1.member.value' failed to satisfy constraint: Member must have length less than or equal to 256`,
    ],
  ])('refuses the tags %j', async (tags, message) => {
    const answer = await service.current.call('AddTags', { pipelineId: unknownPipelineId, tags })
    expect(errorOf(answer).message).toBe(`1 validation error detected: ${message}`)
  })

  it('refuses eleven tags in one call', async () => {
    const tags = Array.from({ length: 11 }, (_, index) => ({ key: `k${index}`, value: '' }))
    const answer = await service.current.call('AddTags', { pipelineId: unknownPipelineId, tags })
    expect(errorOf(answer).message).toMatch(/'tags' failed .* Member must have length less than or equal to 10$/)
  })
})

describe('behaviour', () => {
  it('adds tags, and gives a key that is there its new value', async () => {
    const { client } = service.current
    const pipelineId = await service.current.create()
    await client.addTags({ pipelineId, tags: [{ key: 'team', value: 'a' }] })
    await client.addTags({
      pipelineId,
      tags: [
        { key: 'Team', value: 'b' },
        { key: 'team', value: 'c' },
      ],
    })
    expect(await tagsOf(pipelineId)).toEqual([
      { key: 'team', value: 'c' },
      { key: 'Team', value: 'b' },
    ])
  })

  it('shows them in the field *tags, too', async () => {
    const pipelineId = await service.current.create()
    await service.current.client.addTags({ pipelineId, tags: [{ key: 'foo', value: 'bar' }] })
    expect(await service.current.pipelineField(pipelineId, '*tags')).toBe('[{"key":"foo","value":"bar"}]')
  })

  it('refuses an eleventh tag of one pipeline, and adds none', async () => {
    const { client } = service.current
    const pipelineId = await service.current.create()
    const tags = Array.from({ length: 10 }, (_, index) => ({ key: `k${index}`, value: '' }))
    await client.addTags({ pipelineId, tags })
    const addition = client.addTags({ pipelineId, tags: [{ key: 'eleventh', value: '' }] })
    await expect(addition).rejects.toMatchObject({ name: 'InvalidRequestException' })
    expect(await tagsOf(pipelineId)).toHaveLength(10)
  })

  it('knows no pipeline of an id that was never given', async () => {
    const addition = service.current.client.addTags({ pipelineId: unknownPipelineId, tags: [] })
    await expect(addition).rejects.toMatchObject({ name: 'PipelineNotFoundException' })
  })
})
