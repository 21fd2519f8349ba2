import { describe, expect, test } from 'vitest'
import { objectId } from '../../src/core/definition/pipeline-object.ts'
import type { DependencyState } from '../../src/core/lifecycle/event.ts'
import type { CancelCause } from '../../src/core/lifecycle/instance.ts'
import type { DependencyRow } from '../../src/store/rows.ts'
import { at, attempt, attemptRow, ended, instanceRow, OTHER_PIPELINE, PIPELINE, task } from './store-rows.ts'
import type { StoreUnderTest } from './store-under-test.ts'

const ids = (...texts: readonly string[]) => texts.map(objectId)

export function describeRetention(place: StoreUnderTest): void {
  const saveEnded = (id: string, minute: number, canceledBy?: CancelCause) =>
    place.write((transaction) =>
      transaction.saveInstances([instanceRow(task(id, { state: ended(at(minute), { canceledBy }) }))]),
    )

  describe('instances that ended before an instant', () => {
    const list = async (minute: number, id: string, limit = 9) => {
      const page = { before: { endedAt: at(minute), id }, limit }
      return (await place.store.reads.listEndedInstances(PIPELINE, page)).map(({ instance }) => instance.id)
    }

    test('are listed the latest first, page by page', async () => {
      for (const [id, minute] of [
        ['@a', 1],
        ['@b', 3],
        ['@c', 2],
        ['@d', 2],
        ['@e', 4],
      ] as const)
        await saveEnded(id, minute)
      expect(await list(4, '', 2)).toEqual(['@b', '@d'])
      expect(await list(2, '@d')).toEqual(['@c', '@a'])
    })

    test('are none that are open, rest with their pipeline, or have something to be performed', async () => {
      await saveEnded('@a', 1)
      await saveEnded('@b', 1, 'deactivation')
      await saveEnded('@c', 1, 'user')
      await saveEnded('@d', 1)
      await place.write(async (transaction) => {
        await transaction.saveInstances([instanceRow(task('@e'))])
        await transaction.saveInstances([instanceRow(task('@f', { state: ended(at(1)) }), OTHER_PIPELINE)])
        await transaction.insertOutbox([
          { pipelineId: PIPELINE, instanceId: objectId('@d'), command: { kind: 'check' } },
          { pipelineId: OTHER_PIPELINE, instanceId: objectId('@a'), command: { kind: 'check' } },
        ])
      })
      expect(await list(9, '')).toEqual(['@c', '@a'])
    })
  })

  test('what depends on several instances, and what has failed for several, is found at once', async () => {
    const edge = (dependent: string, target: string, state: DependencyState): DependencyRow => ({
      pipelineId: PIPELINE,
      dependentId: objectId(dependent),
      targetId: objectId(target),
      kind: 'input',
      state,
    })
    const rows = [edge('@b', '@a', 'open'), edge('@c', '@b', 'failed'), edge('@d', '@c', 'failed')]
    await place.write((transaction) =>
      transaction.insertDependencies([...rows, { ...edge('@c', '@a', 'failed'), pipelineId: OTHER_PIPELINE }]),
    )
    const { listDependentsOfAll, listFailuresOfAll } = place.store.reads
    const pairs = (found: Awaited<ReturnType<typeof listFailuresOfAll>>) =>
      found.map(({ dependentId, targetId }) => `${dependentId} ${targetId}`).sort()
    expect(pairs(await listDependentsOfAll(PIPELINE, ids('@a', '@b')))).toEqual(['@b @a', '@c @b'])
    expect(pairs(await listFailuresOfAll(PIPELINE, ids('@b', '@c')))).toEqual(['@c @b'])
  })

  test('instances are removed with what is theirs, and nothing else is', async () => {
    const text = { topicArn: 'arn', subject: 's', message: 'm', sentAt: at(0), error: 'no' }
    for (const id of ['@a', '@b']) {
      await saveEnded(id, 1)
      await place.write(async (transaction) => {
        await transaction.saveAttempts([attemptRow(id, attempt(1))])
        await transaction.insertDependencies([
          {
            pipelineId: PIPELINE,
            dependentId: objectId(id),
            targetId: objectId('@x'),
            kind: 'input',
            state: 'satisfied',
          },
        ])
        await transaction.insertNotification({ pipelineId: PIPELINE, instanceId: objectId(id), ...text })
      })
    }
    await place.write((transaction) => transaction.removeInstances(PIPELINE, ids('@a')))
    const { reads } = place.store
    const left = async (id: string) => [
      (await reads.findInstance(PIPELINE, objectId(id)))?.instance.id,
      (await reads.listAttempts(PIPELINE, objectId(id))).length,
      (await reads.listDependencies(PIPELINE, objectId(id))).length,
      (await reads.listUndeliveredNotifications(PIPELINE, { instanceId: objectId(id), limit: 9 })).length,
    ]
    expect(await left('@a')).toEqual([undefined, 0, 0, 0])
    expect(await left('@b')).toEqual(['@b', 1, 1, 1])
  })

  test('definitions are removed below a version, but for one, and those that instances were made from', async () => {
    const definition = { objects: [], parameterObjects: [], parameterValues: [] }
    await place.write(async (transaction) => {
      for (const version of [1, 2, 3, 4, 5]) {
        await transaction.insertDefinition({ pipelineId: PIPELINE, version, definition, isValid: true })
      }
      await transaction.insertDefinition({ pipelineId: OTHER_PIPELINE, version: 1, definition, isValid: true })
      await transaction.saveInstances([instanceRow(task('@a', { version: 2 }))])
      await transaction.removeUnusedDefinitions(PIPELINE, { below: 5, except: 3 })
    })
    const rows = [1, 2, 3, 4, 5].map((version) => place.store.reads.findDefinition(PIPELINE, version))
    expect((await Promise.all(rows)).flatMap((row) => row?.version ?? [])).toEqual([2, 3, 5])
    expect(await place.store.reads.findDefinition(OTHER_PIPELINE, 1)).toBeDefined()
    await place.write((transaction) => transaction.removeUnusedDefinitions(PIPELINE, { below: 5, except: undefined }))
    expect(await place.store.reads.findDefinition(PIPELINE, 3)).toBeUndefined()
  })
}
