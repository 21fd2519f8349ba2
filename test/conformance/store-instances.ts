import { describe, expect, test } from 'vitest'
import { objectId } from '../../src/core/definition/pipeline-object.ts'
import type { CancelCause, Instance, Status } from '../../src/core/lifecycle/instance.ts'
import { at, attempt, ended, instanceRow, OTHER_PIPELINE, PIPELINE, running, task } from './store-rows.ts'
import type { StoreUnderTest } from './store-under-test.ts'

/** One instance of each kind in each of its states. */
const instances: readonly Instance[] = [
  task('waiting', { nodeId: objectId('@Node_1'), openDependencies: 2, failedDependencies: 1 }),
  task('paused', { state: { kind: 'paused', attempt: attempt(1, { status: 'PAUSED' }) } }),
  task('queued', { state: { kind: 'queued', attempt: attempt(2) }, attemptCount: 2, triesFailed: 1 }),
  task('retrying', { state: { kind: 'retrying', retryAt: at(5) } }),
  task('running', { state: running(at(3)) }),
  task('stopped', {
    state: { ...running(at(3)), reportedAt: at(4), stop: { kind: 'canceled', by: 'user' } },
  }),
  task('ended', {
    version: 3,
    state: ended(at(9), { status: 'FAILED', error: { id: 'E', message: '☃\n"', stackTrace: 'at…' } }),
  }),
  task('cascaded', {
    state: ended(at(9), { status: 'CASCADE_FAILED', canceledBy: 'cascade', cascadeFailedOn: objectId('@A_1') }),
  }),
  { ...task('node'), kind: 'dataNode', state: { kind: 'waiting' } },
  {
    ...task('check'),
    kind: 'check',
    state: { kind: 'checking', attempt: attempt(1), checkCount: 4, checkedAt: at(2), message: 'not yet' },
  },
  {
    ...task('resource'),
    kind: 'resource',
    openUsers: 3,
    dueUsers: 1,
    state: { kind: 'up', attempt: attempt(1), machineNumber: 2, resourceId: 'i-1' },
  },
]

export function describeInstances(place: StoreUnderTest): void {
  const save = (...rows: readonly Instance[]) =>
    place.write((transaction) => transaction.saveInstances(rows.map((instance) => instanceRow(instance))))

  describe('an instance', () => {
    test.each(instances)('$kind $id keeps every field', async (instance) => {
      await save(instance)
      expect(await place.store.reads.findInstance(PIPELINE, instance.id)).toEqual(instanceRow(instance))
    })

    test('keeps its name', async () => {
      const row = { ...instanceRow(task('@Copy_1')), name: "@Copy the day's logs_1" }
      await place.write((transaction) => transaction.saveInstances([row]))
      expect(await place.store.reads.findInstance(PIPELINE, row.instance.id)).toEqual(row)
    })

    test('that is saved again is replaced in what changes', async () => {
      await save(task('@Copy_1'), task('@Copy_2'))
      const later = task('@Copy_1', {
        openDependencies: 1,
        failedDependencies: 1,
        attemptCount: 5,
        triesFailed: 4,
        state: ended(at(9)),
      })
      await save(later)
      expect(await place.store.reads.findInstance(PIPELINE, later.id)).toEqual(instanceRow(later))
      await save(task('@Copy_1'))
      expect(await place.store.reads.findInstance(PIPELINE, later.id)).toEqual(instanceRow(task('@Copy_1')))
      expect(await place.store.reads.findInstance(PIPELINE, objectId('@Copy_2'))).toEqual(instanceRow(task('@Copy_2')))
    })

    test('is found in its pipeline only', async () => {
      await save(task('@Copy_1'))
      expect(await place.store.reads.findInstance(OTHER_PIPELINE, objectId('@Copy_1'))).toBeUndefined()
    })
  })

  describe('several instances', () => {
    const find = async (...ids: readonly string[]) =>
      (await place.store.reads.findInstances(PIPELINE, ids.map(objectId))).map(({ instance }) => instance.id)

    test('are found in the order of their ids, whatever the order of the question', async () => {
      await save(task('@b'), task('@a'), task('@B'), task('@"\'ü'))
      expect(await find('@b', '@a', '@B', '@"\'ü')).toEqual(['@"\'ü', '@B', '@a', '@b'])
    })

    test('that are not there are left out, and none is found twice', async () => {
      await save(task('@a'), task('@b'))
      await place.write((transaction) => transaction.saveInstances([instanceRow(task('@c'), OTHER_PIPELINE)]))
      expect(await find('@a', '@c', '@a')).toEqual(['@a'])
    })

    test('are none where none is asked for', async () => {
      await save(task('@a'))
      expect(await find()).toEqual([])
    })

    test('may be as many as a slice of a backfill', async () => {
      const all = Array.from({ length: 5_000 }, (_, index) => task(`@Copy_${index}`))
      await save(...all)
      expect(await find(...all.map(({ id }) => id))).toHaveLength(5_000)
    })
  })

  describe('the open instances', () => {
    const list = (afterId: string, limit: number) => place.store.reads.listOpenInstanceIds(PIPELINE, { afterId, limit })
    const at2 = { start: at(2), end: at(3) }
    const at3 = { start: at(3), end: at(4) }

    test('are listed component by component, the oldest interval first', async () => {
      await save(
        task('@3', { componentId: objectId('B'), occurrence: at2 }),
        task('@2', { componentId: objectId('A'), occurrence: at3 }),
        task('@4', { componentId: objectId('A'), occurrence: at2 }),
        task('@1', { componentId: objectId('B'), occurrence: at2 }),
      )
      expect(await list('', 9)).toEqual(['@4', '@2', '@1', '@3'])
    })

    test('go on after an instance, even if that has ended since, up to the limit', async () => {
      await save(task('@1'), task('@2'), task('@3'), task('@4'))
      expect(await list('', 2)).toEqual(['@1', '@2'])
      await save(task('@2', { state: ended(at(1)) }))
      expect(await list('@2', 2)).toEqual(['@3', '@4'])
      expect(await list('@4', 2)).toEqual([])
    })

    test('are those that have not ended, reruns included, of this pipeline', async () => {
      await save(task('@1'), task('@2', { state: running(at(1)) }), task('@3', { state: ended(at(1)) }), task('@4'))
      await save(task('@1', { state: ended(at(2)) }), task('@3', { state: { kind: 'queued', attempt: attempt(2) } }))
      await place.write((transaction) => transaction.saveInstances([instanceRow(task('@5'), OTHER_PIPELINE)]))
      expect(await list('', 9)).toEqual(['@2', '@3', '@4'])
    })
  })

  describe('the active instances of a component', () => {
    const list = (limit: number) =>
      place.store.reads.listActiveInstanceIds(PIPELINE, { componentId: objectId('Copy'), limit })
    const from = (id: string, start: number, change: Parameters<typeof task>[1] = {}) =>
      task(id, { occurrence: { start: at(start), end: at(start + 1) }, ...change })

    test('are those that have not ended, the oldest interval first, up to the limit', async () => {
      await save(from('@a', 3), from('@b', 1), from('@c', 2), from('@d', 0, { componentId: objectId('Report') }))
      await save(from('@e', 0, { state: ended(at(1)) }))
      expect([await list(9), await list(2)]).toEqual([
        ['@b', '@c', '@a'],
        ['@b', '@c'],
      ])
    })
  })

  describe('the open resources', () => {
    const resource = (id: string): Instance => ({
      ...task(id),
      kind: 'resource',
      openUsers: 1,
      dueUsers: 1,
      state: { kind: 'creating', attempt: attempt(1), machineNumber: 1 },
    })

    const idle = (id: string) => ({ ...resource(id), state: { kind: 'waiting' } }) as Instance

    const save = async () =>
      await place.write(async (transaction) => {
        await transaction.saveInstances([instanceRow(resource('@1'), OTHER_PIPELINE), instanceRow(task('@0'))])
        await transaction.saveInstances([resource('@2'), resource('@1'), idle('@3')].map((each) => instanceRow(each)))
        const down = { ...resource('@2'), state: ended(at(1)) } as Instance
        await transaction.saveInstances([instanceRow(down)])
      })

    test('of a pipeline are those that have not ended, page by page', async () => {
      await save()
      const list = (afterId: string, limit: number) => place.store.reads.listOpenResources(PIPELINE, { afterId, limit })
      expect(await list('', 9)).toEqual([instanceRow(resource('@1')), instanceRow(idle('@3'))])
      expect(await list('', 1)).toEqual([instanceRow(resource('@1'))])
      expect(await list('@1', 9)).toEqual([instanceRow(idle('@3'))])
    })

    test('with machines are those of all pipelines that have one or are being given one', async () => {
      await save()
      expect(await place.store.reads.listResourcesWithMachines()).toEqual([
        instanceRow(resource('@1')),
        instanceRow(resource('@1'), OTHER_PIPELINE),
      ])
    })
  })

  describe('the instances of a component in a status', () => {
    const list = (status: Status, limit: number) =>
      place.store.reads.listInstanceIdsByStatus(PIPELINE, { componentId: objectId('Copy'), status, limit })
    const paused = (id: string, start: number, componentId = 'Copy') =>
      task(id, {
        componentId: objectId(componentId),
        occurrence: { start: at(start), end: at(start + 1) },
        state: { kind: 'paused', attempt: attempt(1, { status: 'PAUSED' }) },
      })

    test('are listed with the oldest interval first, up to the limit', async () => {
      await save(paused('@a', 3), paused('@b', 1), paused('@c', 2), paused('@d', 4))
      expect(await list('PAUSED', 3)).toEqual(['@b', '@c', '@a'])
    })

    test('are those of this component, in this status', async () => {
      await save(paused('@a', 1), paused('@b', 1, 'Report'), task('@c'), task('@d', { state: running(at(1)) }))
      expect(await list('PAUSED', 9)).toEqual(['@a'])
      expect(await list('WAITING_ON_DEPENDENCIES', 9)).toEqual(['@c'])
      expect(await list('RUNNING', 9)).toEqual(['@d'])
      expect(await list('WAITING_FOR_RUNNER', 9)).toEqual([])
    })

    test('are no longer those whose status has changed', async () => {
      await save(paused('@a', 1), paused('@b', 2))
      await save({ ...paused('@a', 1), state: { kind: 'queued', attempt: attempt(1) } })
      expect([await list('PAUSED', 9), await list('WAITING_FOR_RUNNER', 9)]).toEqual([['@b'], ['@a']])
    })
  })

  describe('the deactivated instances', () => {
    const canceled = (id: string, canceledBy: CancelCause) =>
      task(id, { state: ended(at(1), { status: 'CANCELED', canceledBy }) })
    const list = (limit: number) => place.store.reads.listDeactivatedInstanceIds(PIPELINE, limit)

    test('are those that the deactivation of the pipeline cancelled, up to the limit', async () => {
      await save(canceled('@c', 'deactivation'), canceled('@b', 'user'), task('@d'), canceled('@a', 'deactivation'))
      await place.write((transaction) =>
        transaction.saveInstances([instanceRow(canceled('@e', 'deactivation'), OTHER_PIPELINE)]),
      )
      expect([await list(9), await list(1)]).toEqual([['@a', '@c'], ['@a']])
    })

    test('are no longer those that have gone on', async () => {
      await save(canceled('@a', 'deactivation'))
      await save(task('@a'))
      expect(await list(9)).toEqual([])
    })
  })
}
