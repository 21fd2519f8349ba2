import { describe, expect, it } from 'vitest'
import { errorOf, unknownPipelineId, useService } from '../test-service.ts'

const service = useService()

describe('serialization', () => {
  it('answers with an empty structure', async () => {
    const pipelineId = await service.current.create()
    const answer = await service.current.call('RemoveTags', { pipelineId, tagKeys: [] })
    expect(answer).toMatchObject({ status: 200, body: '{}' })
  })
})

describe('validation', () => {
  it('refuses a call without tagKeys', async () => {
    const answer = await service.current.call('RemoveTags', { pipelineId: unknownPipelineId })
    expect(errorOf(answer).message).toMatch(/^1 validation error detected: Value null at 'tagKeys'/)
  })
})

describe('behaviour', () => {
  it('removes the tags of these keys, however often, and leaves the others', async () => {
    const { client } = service.current
    const pipelineId = await service.current.create()
    await client.addTags({
      pipelineId,
      tags: [
        { key: 'a', value: '1' },
        { key: 'b', value: '2' },
      ],
    })
    await client.removeTags({ pipelineId, tagKeys: ['a', 'c'] })
    await client.removeTags({ pipelineId, tagKeys: ['a'] })
    const { pipelineDescriptionList } = await client.describePipelines({ pipelineIds: [pipelineId] })
    expect(pipelineDescriptionList?.[0]?.tags).toEqual([{ key: 'b', value: '2' }])
  })

  it('takes the field *tags away with the last tag', async () => {
    const { client } = service.current
    const pipelineId = await service.current.create()
    await client.addTags({ pipelineId, tags: [{ key: 'a', value: '1' }] })
    await client.removeTags({ pipelineId, tagKeys: ['a'] })
    expect(await service.current.pipelineField(pipelineId, '*tags')).toBeUndefined()
  })

  it('knows no pipeline of an id that was never given', async () => {
    const removal = service.current.client.removeTags({ pipelineId: unknownPipelineId, tagKeys: ['a'] })
    await expect(removal).rejects.toMatchObject({ name: 'PipelineNotFoundException' })
  })
})
