import { paginateListPipelines } from '@aws-sdk/client-data-pipeline'
import { describe, expect, it } from 'vitest'
import { errorOf, useService } from '../test-service.ts'

const service = useService()

describe('serialization', () => {
  it('says on the last page that there is no more, without a marker', async () => {
    const pipelineId = await service.current.create('a')
    const { body } = await service.current.call('ListPipelines', {})
    expect(JSON.parse(body)).toEqual({ pipelineIdList: [{ id: pipelineId, name: 'a' }], hasMoreResults: false })
  })
})

describe('validation', () => {
  it('refuses a marker that is no text', async () => {
    const answer = await service.current.call('ListPipelines', { marker: 1 })
    expect(errorOf(answer).type).toBe('com.amazon.coral.service#SerializationException')
  })

  it('takes an empty marker and one that is null for the first page', async () => {
    const pipelineId = await service.current.create()
    for (const marker of ['', null]) {
      const { body } = await service.current.call('ListPipelines', { marker })
      expect(JSON.parse(body).pipelineIdList).toMatchObject([{ id: pipelineId }])
    }
  })
})

describe('behaviour', () => {
  it('is empty where there are no pipelines', async () => {
    expect((await service.current.client.listPipelines({})).pipelineIdList).toEqual([])
  })

  it('shows each of many pipelines once, page by page', async () => {
    const created = await Promise.all(Array.from({ length: 205 }, () => service.current.create()))
    const pages: string[][] = []
    for await (const page of paginateListPipelines({ client: service.current.client }, {})) {
      pages.push(page.pipelineIdList?.map(({ id }) => String(id)) ?? [])
    }
    expect(pages.length).toBeGreaterThan(1)
    expect(pages.flat().toSorted()).toEqual(created.toSorted())
  })
})
