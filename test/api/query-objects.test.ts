import { paginateQueryObjects, type Selector } from '@aws-sdk/client-data-pipeline'
import { describe, expect, it } from 'vitest'
import { object, ref } from '../builders.ts'
import { errorOf, unknownPipelineId, useService } from '../test-service.ts'

const service = useService()

/** Three hours that are over when the test begins: all instances are there at once. */
const hourly = object('Hourly', {
  type: 'Schedule',
  period: '1 hour',
  startDateTime: '2025-12-31T21:00:00',
  occurrences: '3',
})
const work = (id: string) =>
  object(id, {
    type: 'ShellCommandActivity',
    command: 'true',
    workerGroup: 'wg',
    schedule: ref('Hourly'),
    name: `${id}!`,
  })
const objects = [hourly, work('A'), work('B')]

const instancesOf = (id: string, ...hours: number[]) => hours.map((hour) => `@${id}_2025-12-31T${hour}:00:00`)
const selector = (fieldName: string, type: 'EQ' | 'REF_EQ' | 'LE' | 'GE' | 'BETWEEN', ...values: string[]) => ({
  fieldName,
  operator: { type, values },
})

async function query(sphere: string, ...selectors: Selector[]): Promise<string[] | undefined> {
  const pipelineId = await service.current.activate(objects)
  const { ids } = await service.current.client.queryObjects({ pipelineId, sphere, query: { selectors } })
  return ids?.toSorted()
}

describe('serialization', () => {
  it('says on the last page that there is no more, without a marker', async () => {
    const pipelineId = await service.current.activate(objects)
    const { body } = await service.current.call('QueryObjects', { pipelineId, sphere: 'COMPONENT', marker: '' })
    expect(JSON.parse(body)).toEqual({ ids: ['A', 'B', 'Hourly'], hasMoreResults: false })
  })
})

describe('validation', () => {
  it.each([
    [{ sphere: 'PIPELINE' }, "sphere 'PIPELINE' is none of COMPONENT, INSTANCE, ATTEMPT."],
    [{ sphere: 'INSTANCE', limit: 0 }, 'limit 0 is less than 1.'],
    [{ sphere: 'INSTANCE', query: { selectors: [{}] } }, 'Selector 1 of the query: it has no fieldName.'],
  ])('refuses %j', async (input, message) => {
    const pipelineId = await service.current.activate(objects)
    const answer = await service.current.call('QueryObjects', { pipelineId, ...input })
    expect(errorOf(answer)).toEqual({
      status: 400,
      type: 'com.amazon.setl.webservice#InvalidRequestException',
      message,
    })
  })

  it.each([
    selector('@status', 'GE', 'FAILED'),
    selector('@scheduledStartTime', 'LE', 'noon'),
    selector('command', 'EQ', 'true'),
  ])('refuses the selector %j', async (impossible) => {
    await expect(query('INSTANCE', impossible)).rejects.toMatchObject({
      name: 'InvalidRequestException',
      message: expect.stringContaining(impossible.fieldName),
    })
  })
})

describe('behaviour', () => {
  it('finds every object of a sphere when there is no selector', async () => {
    expect(await query('INSTANCE')).toEqual([...instancesOf('A', 21, 22, 23), ...instancesOf('B', 21, 22, 23)])
  })

  it.each([
    ['a reference', [selector('@componentParent', 'REF_EQ', 'A')], instancesOf('A', 21, 22, 23)],
    ['a name', [selector('name', 'EQ', '@B!_2025-12-31T22:00:00')], instancesOf('B', 22)],
    ['one of several statuses', [selector('@status', 'EQ', 'FAILED', 'FINISHED')], []],
    [
      'an earliest time, itself included',
      [selector('@scheduledStartTime', 'GE', '2025-12-31T23:00:00')],
      [...instancesOf('A', 23), ...instancesOf('B', 23)],
    ],
    [
      'a latest time, itself included',
      [selector('@scheduledEndTime', 'LE', '2025-12-31T22:00:00')],
      [...instancesOf('A', 21), ...instancesOf('B', 21)],
    ],
    [
      'an interval, and all that are given hold',
      [
        selector('@scheduledStartTime', 'BETWEEN', '2025-12-31T22:00:00', '2025-12-31T23:00:00'),
        selector('parent', 'REF_EQ', 'A'),
      ],
      instancesOf('A', 22, 23),
    ],
  ])('selects instances by %s', async (_, selectors, expected) => {
    expect(await query('INSTANCE', ...selectors)).toEqual(expected)
  })

  it('selects attempts by their instance', async () => {
    const [instanceId = ''] = instancesOf('A', 22)
    expect(await query('ATTEMPT', selector('@instanceParent', 'REF_EQ', instanceId))).toEqual([
      `${instanceId}_Attempt=1`,
    ])
  })

  it('selects components by status', async () => {
    expect(await query('COMPONENT', selector('@status', 'EQ', 'SCHEDULED'), selector('name', 'EQ', 'A!'))).toEqual([
      'A',
    ])
  })

  it('selects components by the fields that the service sets', async () => {
    const pipelineId = await service.current.activate(objects)
    const { taskObject } = await service.current.client.pollForTask({ workerGroup: 'wg' })
    await service.current.client.setTaskStatus({ taskId: taskObject?.taskId, taskStatus: 'FINISHED' })
    const find = async (...selectors: Selector[]) =>
      (await service.current.client.queryObjects({ pipelineId, sphere: 'COMPONENT', query: { selectors } })).ids
    expect(await find(selector('@healthStatus', 'EQ', 'HEALTHY'))).toEqual(['A'])
    expect(await find(selector('@latestRunTime', 'GE', '2025-12-31T23:00:00'))).toEqual(['A', 'B'])
    expect(await find(selector('@latestRunTime', 'LE', '2025-12-31T22:00:00'))).toEqual([])
    expect(await find(selector('startDateTime', 'BETWEEN', '2025-12-31T00:00:00', '2026-01-01T00:00:00'))).toEqual([
      'Hourly',
    ])
    await expect(find(selector('workerGroup', 'GE', 'wg'))).rejects.toMatchObject({ name: 'InvalidRequestException' })
  })

  it('shows each object once, page by page, in the order of pages', async () => {
    const pipelineId = await service.current.activate(objects)
    const pages: string[][] = []
    const input = { pipelineId, sphere: 'INSTANCE', limit: 4 }
    for await (const page of paginateQueryObjects({ client: service.current.client }, input)) pages.push(page.ids ?? [])
    expect(pages.map((page) => page.length)).toEqual([4, 2])
    expect(new Set(pages.flat()).size).toBe(6)
  })

  it('knows no pipeline of an id that was never given', async () => {
    const found = service.current.client.queryObjects({ pipelineId: unknownPipelineId, sphere: 'INSTANCE' })
    await expect(found).rejects.toMatchObject({ name: 'PipelineNotFoundException' })
  })
})
