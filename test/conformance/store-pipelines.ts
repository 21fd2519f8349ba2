import { describe, expect, test } from 'vitest'
import { objectId, referenceField, textField } from '../../src/core/definition/pipeline-object.ts'
import type { PipelineState } from '../../src/core/lifecycle/pipeline.ts'
import type { DefinitionRow, PipelineId, PipelineRow } from '../../src/store/rows.ts'
import {
  at,
  attempt,
  attemptRow,
  componentRow,
  filter,
  instanceRow,
  OTHER_PIPELINE,
  PIPELINE,
  pipelineRow,
  task,
} from './store-rows.ts'
import type { StoreUnderTest } from './store-under-test.ts'

const complete: PipelineRow = {
  id: PIPELINE,
  name: "it's “weblogs” ☃ \\ 🏔",
  uniqueId: 'weblogs-1',
  description: 'line 1\nline 2',
  userId: 'user',
  accountId: 'account',
  tags: [
    { key: 'b', value: '' },
    { key: 'a', value: '2' },
  ],
  state: 'SCHEDULED',
  createdAt: at(1),
  latestVersion: 3,
  activeVersion: 2,
  firstActivatedAt: at(2),
  lastActivatedAt: at(3),
  lastDeactivatedAt: at(4),
  deletionRequestedAt: at(5),
  finishedAt: at(6),
  startAt: at(-60_000_000),
  latestOnDemandAt: at(7),
  openInstances: 8,
  health: 'ERROR',
  healthUpdatedAt: at(9),
  latestRunAt: at(10),
  nextRunAt: at(11),
}

const definitionRow = (version: number, change: Partial<DefinitionRow> = {}): DefinitionRow => ({
  pipelineId: PIPELINE,
  version,
  definition: {
    objects: [
      {
        id: objectId('Copy'),
        name: 'Copy ☃',
        fields: [
          textField('command', "echo '#{myName}' \u2028 \\n"),
          referenceField('input', objectId('A')),
          referenceField('input', objectId('B')),
        ],
      },
    ],
    parameterObjects: [{ id: 'myName', attributes: [{ key: 'type', text: 'String' }] }],
    parameterValues: [
      { id: 'myName', text: '' },
      { id: 'myName', text: '2' },
    ],
  },
  isValid: true,
  ...change,
})

export function describePipelines(place: StoreUnderTest): void {
  describe('a pipeline', () => {
    test('keeps every field', async () => {
      await place.write((transaction) => transaction.insertPipeline(complete))
      expect(await place.store.reads.findPipeline(PIPELINE)).toStrictEqual(complete)
    })

    test('keeps what is absent absent', async () => {
      await place.write((transaction) => transaction.insertPipeline(pipelineRow()))
      expect(await place.store.reads.findPipeline(PIPELINE)).toStrictEqual(pipelineRow())
    })

    test('that is not there is not found', async () => {
      await place.write((transaction) => transaction.insertPipeline(pipelineRow()))
      expect(await place.store.reads.findPipeline(OTHER_PIPELINE)).toBeUndefined()
    })

    test('is inserted once only', async () => {
      await place.write((transaction) => transaction.insertPipeline(pipelineRow()))
      const again = place.write((transaction) => transaction.insertPipeline(pipelineRow({ uniqueId: 'weblogs-2' })))
      await expect(again).rejects.toThrow()
    })

    test('is updated in every field, and no other pipeline with it', async () => {
      const other = pipelineRow({ id: OTHER_PIPELINE, uniqueId: 'other' })
      const changed = { ...complete, uniqueId: 'changed', userId: 'changed', accountId: 'changed' }
      await place.write(async (transaction) => {
        await transaction.insertPipeline(pipelineRow())
        await transaction.insertPipeline(other)
        await transaction.updatePipeline(changed)
      })
      expect(await place.store.reads.findPipeline(PIPELINE)).toStrictEqual(changed)
      expect(await place.store.reads.findPipeline(OTHER_PIPELINE)).toStrictEqual(other)
      await place.write((transaction) => transaction.updatePipeline(pipelineRow()))
      expect(await place.store.reads.findPipeline(PIPELINE)).toStrictEqual(pipelineRow())
    })
  })

  describe('the unique id of a pipeline', () => {
    const key = { accountId: 'account', userId: 'user', name: 'weblogs', uniqueId: 'weblogs-1' }

    test('finds it for the same caller and name only', async () => {
      await place.write((transaction) => transaction.insertPipeline(pipelineRow()))
      const { reads } = place.store
      expect(await reads.findPipelineByUniqueId(key)).toStrictEqual(pipelineRow())
      for (const part of ['accountId', 'userId', 'name', 'uniqueId'] as const) {
        expect(await reads.findPipelineByUniqueId({ ...key, [part]: 'another' })).toBeUndefined()
      }
    })

    test('belongs to one pipeline at a time', async () => {
      await place.write((transaction) => transaction.insertPipeline(pipelineRow()))
      const second = pipelineRow({ id: OTHER_PIPELINE })
      await expect(place.write((transaction) => transaction.insertPipeline(second))).rejects.toThrow()
    })

    test.each<PipelineState>(['DELETING', 'DELETED'])('is free again once its pipeline is %s', async (state) => {
      const second = pipelineRow({ id: OTHER_PIPELINE })
      await place.write(async (transaction) => {
        await transaction.insertPipeline(pipelineRow())
        await transaction.updatePipeline(pipelineRow({ state }))
      })
      expect(await place.store.reads.findPipelineByUniqueId(key)).toBeUndefined()
      await place.write((transaction) => transaction.insertPipeline(second))
      expect(await place.store.reads.findPipelineByUniqueId(key)).toStrictEqual(second)
    })
  })

  describe('the list of pipelines', () => {
    const insert = (ids: readonly string[], change: Partial<PipelineRow> = {}) =>
      place.write(async (transaction) => {
        for (const id of ids)
          await transaction.insertPipeline(pipelineRow({ id: id as PipelineId, uniqueId: id, ...change }))
      })
    const list = async (afterId: string, limit: number) =>
      (await place.store.reads.listPipelines(afterId, limit)).map(({ id }) => id)

    test('is in the order of the bytes of their ids', async () => {
      await insert(['df-a', 'df-B', 'df-é', 'df-A', 'df-10', 'df-9'])
      expect(await list('', 10)).toEqual(['df-10', 'df-9', 'df-A', 'df-B', 'df-a', 'df-é'])
    })

    test('goes on after an id, up to the limit', async () => {
      await insert(['df-1', 'df-2', 'df-3', 'df-4'])
      expect([await list('', 2), await list('df-2', 2), await list('df-4', 2)]).toEqual([
        ['df-1', 'df-2'],
        ['df-3', 'df-4'],
        [],
      ])
    })

    test('leaves out those that are DELETED, and counts them not', async () => {
      await insert(['df-1', 'df-3'], { state: 'DELETED' })
      await insert(['df-2', 'df-4'], { state: 'DELETING' })
      await insert(['df-5'], { state: 'FINISHED' })
      expect(await list('', 2)).toEqual(['df-2', 'df-4'])
    })
  })

  describe('a definition', () => {
    test('keeps every word, in its order', async () => {
      await place.write((transaction) => transaction.insertDefinition(definitionRow(1)))
      expect(await place.store.reads.findDefinition(PIPELINE, 1)).toStrictEqual(definitionRow(1))
    })

    test('is found by pipeline and version', async () => {
      const second = definitionRow(2, { isValid: false })
      const ofOther = definitionRow(1, { pipelineId: OTHER_PIPELINE })
      await place.write(async (transaction) => {
        for (const row of [definitionRow(1), second, ofOther]) await transaction.insertDefinition(row)
      })
      expect(await place.store.reads.findDefinition(PIPELINE, 2)).toStrictEqual(second)
      expect(await place.store.reads.findDefinition(PIPELINE, 3)).toBeUndefined()
      expect(await place.store.reads.findDefinition(OTHER_PIPELINE, 2)).toBeUndefined()
    })

    test('has each version once', async () => {
      await place.write((transaction) => transaction.insertDefinition(definitionRow(1)))
      await expect(place.write((transaction) => transaction.insertDefinition(definitionRow(1)))).rejects.toThrow()
    })

    test('is updated in this version only', async () => {
      const empty = { objects: [], parameterObjects: [], parameterValues: [] }
      const changed = definitionRow(2, { definition: empty, isValid: false })
      await place.write(async (transaction) => {
        await transaction.insertDefinition(definitionRow(1))
        await transaction.insertDefinition(definitionRow(2))
        await transaction.updateDefinition(changed)
      })
      expect(await place.store.reads.findDefinition(PIPELINE, 1)).toStrictEqual(definitionRow(1))
      expect(await place.store.reads.findDefinition(PIPELINE, 2)).toStrictEqual(changed)
    })
  })

  describe('a component', () => {
    const changed = componentRow('A', {
      isPaused: true,
      nextIndex: 7,
      activeInstances: 3,
      health: 'HEALTHY',
      healthInstanceId: objectId('@A_1'),
      healthUpdatedAt: at(1),
      latestRunAt: at(2),
      latestCompletedRunAt: at(3),
    })

    test('is inserted, and then replaced in every field', async () => {
      await place.write((transaction) => transaction.saveComponents([componentRow('A'), componentRow('B')]))
      expect(await place.store.reads.findComponent(PIPELINE, objectId('A'))).toStrictEqual(componentRow('A'))
      await place.write((transaction) => transaction.saveComponents([changed]))
      expect(await place.store.reads.findComponent(PIPELINE, objectId('A'))).toStrictEqual(changed)
      await place.write((transaction) => transaction.saveComponents([componentRow('A')]))
      expect(await place.store.reads.listComponents(PIPELINE)).toStrictEqual([componentRow('A'), componentRow('B')])
    })

    test('is found in its pipeline only, with case respected', async () => {
      await place.write((transaction) => transaction.saveComponents([componentRow('A')]))
      expect(await place.store.reads.findComponent(PIPELINE, objectId('a'))).toBeUndefined()
      expect(await place.store.reads.findComponent(OTHER_PIPELINE, objectId('A'))).toBeUndefined()
    })

    test('is listed in the order of ids, those of other pipelines not', async () => {
      const ofOther = componentRow('A', { pipelineId: OTHER_PIPELINE })
      await place.write((transaction) =>
        transaction.saveComponents([componentRow('b'), componentRow('B'), ofOther, componentRow('10')]),
      )
      const listed = await place.store.reads.listComponents(PIPELINE)
      expect(listed.map(({ id }) => id)).toEqual(['10', 'B', 'b'])
    })
  })

  describe('deleting the contents of a pipeline', () => {
    const id = objectId('@Copy_1')
    const fill = (pipelineId: PipelineId) =>
      place.write(async (transaction) => {
        await transaction.insertPipeline(pipelineRow({ id: pipelineId, uniqueId: pipelineId }))
        await transaction.insertDefinition(definitionRow(1, { pipelineId }))
        await transaction.saveComponents([componentRow('Copy', { pipelineId })])
        await transaction.saveInstances([instanceRow(task(id), pipelineId)])
        await transaction.insertDependencies([
          { pipelineId, dependentId: id, targetId: id, kind: 'input', state: 'open' },
        ])
        await transaction.saveAttempts([attemptRow(id, attempt(1), { pipelineId, workerGroup: pipelineId })])
        await transaction.saveTimers([{ pipelineId, subjectId: id, kind: 'late', dueAt: at(0) }])
        await transaction.insertOutbox([{ pipelineId, instanceId: id, command: { kind: 'check' } }])
        const text = { topicArn: 'arn', subject: 's', message: 'm', sentAt: at(0), error: undefined }
        await transaction.insertNotification({ pipelineId, instanceId: id, ...text })
      })
    const erase = (pipelineId: PipelineId, limit: number) =>
      place.store.transaction((transaction) => transaction.deletePipelineContents(pipelineId, limit))
    const countAll = async (pipelineId: PipelineId) => {
      const { reads } = place.store
      const ofPipeline = (row: { pipelineId: PipelineId } | undefined) => row?.pipelineId === pipelineId
      return {
        pipelines: [await reads.findPipeline(pipelineId)].filter((row) => row !== undefined).length,
        definitions: [await reads.findDefinition(pipelineId, 1)].filter(ofPipeline).length,
        components: (await reads.listComponents(pipelineId)).length,
        instances: (await reads.queryInstances(pipelineId, filter(), { afterId: '', limit: 9 })).length,
        dependencies: (await reads.listDependencies(pipelineId, id)).length,
        attempts: (await reads.listAttempts(pipelineId, id)).length,
        queued: [await reads.nextQueuedAttempt(pipelineId, '')].filter(ofPipeline).length,
        timers: (await reads.listDueTimers(at(0), 9)).filter(ofPipeline).length,
        outbox: (await reads.listOutbox(0, 9)).filter(ofPipeline).length,
        notifications: (await reads.listNotifications(pipelineId, 9)).length,
      }
    }

    test('leaves its own row, its commands, and everything of other pipelines', async () => {
      await fill(PIPELINE)
      await fill(OTHER_PIPELINE)
      const full = await countAll(PIPELINE)
      expect(Object.values(full)).toEqual(Object.values(full).map(() => 1))
      expect(await erase(PIPELINE, 100)).toBe('nothing')
      const none = Object.fromEntries(Object.keys(full).map((kind) => [kind, 0]))
      expect(await countAll(PIPELINE)).toEqual({ ...none, pipelines: 1, outbox: 1 })
      expect(await countAll(OTHER_PIPELINE)).toEqual(full)
    })

    test('removes as many rows at a time as are asked for, the definition last', async () => {
      await fill(PIPELINE)
      const counts: number[] = []
      for (let rest = 'more'; rest === 'more'; rest = await erase(PIPELINE, 2)) {
        const { queued: _, ...rows } = await countAll(PIPELINE)
        counts.push(Object.values(rows).reduce((sum, count) => sum + count))
        expect(rows.definitions).toBe(1)
      }
      expect(counts).toEqual([9, 7, 5, 3])
    })
  })

  describe('deleting a pipeline', () => {
    test('removes its row, and no other', async () => {
      await place.write(async (transaction) => {
        await transaction.insertPipeline(pipelineRow())
        await transaction.insertPipeline(pipelineRow({ id: OTHER_PIPELINE, uniqueId: 'other' }))
        await transaction.deletePipeline(PIPELINE)
      })
      expect(await place.store.reads.findPipeline(PIPELINE)).toBeUndefined()
      expect((await place.store.reads.findPipeline(OTHER_PIPELINE))?.id).toBe(OTHER_PIPELINE)
    })
  })
}
