import { describe, expect, test } from 'vitest'
import { objectId } from '../../src/core/definition/pipeline-object.ts'
import type { DependencyRow } from '../../src/store/rows.ts'
import { OTHER_PIPELINE, PIPELINE } from './store-rows.ts'
import type { StoreUnderTest } from './store-under-test.ts'

const dependency = (dependentId: string, targetId: string, change: Partial<DependencyRow> = {}): DependencyRow => ({
  pipelineId: PIPELINE,
  dependentId: objectId(dependentId),
  targetId: objectId(targetId),
  kind: 'input',
  state: 'open',
  ...change,
})

export function describeDependencies(place: StoreUnderTest): void {
  const insert = (...rows: readonly DependencyRow[]) =>
    place.write((transaction) => transaction.insertDependencies(rows))
  const ofDependent = (id: string) => place.store.reads.listDependencies(PIPELINE, objectId(id))
  const ofTarget = (id: string) => place.store.reads.listDependents(PIPELINE, objectId(id))

  describe('a dependency', () => {
    test('is listed with its dependent in the order in which it was inserted', async () => {
      const rows = [dependency('@a', '@z'), dependency('@a', '@x', { kind: 'runsOn' }), dependency('@a', '@y')]
      await insert(...rows, dependency('@b', '@w'))
      await insert(dependency('@a', '@w', { kind: 'precondition', state: 'satisfied' }))
      expect(await ofDependent('@a')).toEqual([
        ...rows,
        dependency('@a', '@w', { kind: 'precondition', state: 'satisfied' }),
      ])
    })

    test('is listed with its target in the order of the dependents, whether the target exists or not', async () => {
      await insert(dependency('@c', '@x'), dependency('@a', '@x'), dependency('@b', '@y'), dependency('@B', '@x'))
      expect((await ofTarget('@x')).map(({ dependentId }) => dependentId)).toEqual(['@B', '@a', '@c'])
    })

    test('may join the same two instances in several ways', async () => {
      const rows = [dependency('@a', '@x'), dependency('@a', '@x', { kind: 'dependsOn' })]
      await insert(...rows)
      expect([await ofDependent('@a'), await ofTarget('@x')]).toEqual([rows, rows])
    })

    test('belongs to its pipeline', async () => {
      await insert(dependency('@a', '@x', { pipelineId: OTHER_PIPELINE }))
      expect([await ofDependent('@a'), await ofTarget('@x')]).toEqual([[], []])
    })
  })

  describe('the unmet dependencies of an instance', () => {
    const unmet = async (limit = 9) => {
      const rows = await place.store.reads.listUnmetDependencies(PIPELINE, { dependentId: objectId('@a'), limit })
      return rows.map(({ targetId, state }) => `${targetId} ${state}`)
    }

    test('are those that are open or have failed, the failed ones first, up to the limit', async () => {
      await insert(
        dependency('@a', '@z'),
        dependency('@a', '@w', { state: 'satisfied' }),
        dependency('@a', '@y', { state: 'failed' }),
        dependency('@a', '@x'),
        dependency('@b', '@v'),
      )
      expect([await unmet(), await unmet(2)]).toEqual([
        ['@y failed', '@z open', '@x open'],
        ['@y failed', '@z open'],
      ])
    })

    test('do not hold its machine, which is nothing to wait for', async () => {
      await insert(dependency('@a', '@x', { kind: 'runsOn' }))
      expect(await unmet()).toEqual([])
    })
  })

  describe('what a dependent knows of a target', () => {
    const known = async (id: string) =>
      (await ofDependent(id)).map(({ targetId, kind, state }) => [targetId, kind, state])

    test('is set in every way in which it depends on it, but that it runs on it', async () => {
      await insert(
        dependency('@a', '@x'),
        dependency('@a', '@x', { kind: 'dependsOn' }),
        dependency('@a', '@x', { kind: 'runsOn' }),
        dependency('@a', '@y'),
        dependency('@b', '@x'),
        dependency('@a', '@x', { pipelineId: OTHER_PIPELINE }),
      )
      const change = { pipelineId: PIPELINE, dependentId: objectId('@a'), targetId: objectId('@x') }
      await place.write((transaction) => transaction.updateDependencies([{ ...change, state: 'failed' }]))
      expect(await known('@a')).toEqual([
        ['@x', 'input', 'failed'],
        ['@x', 'dependsOn', 'failed'],
        ['@x', 'runsOn', 'open'],
        ['@y', 'input', 'open'],
      ])
      expect(await known('@b')).toEqual([['@x', 'input', 'open']])
      expect(await place.store.reads.listDependents(OTHER_PIPELINE, objectId('@x'))).toMatchObject([{ state: 'open' }])
    })

    test('is set for many at once', async () => {
      const rows = Array.from({ length: 1_000 }, (_, index) => dependency(`@${index}`, '@x'))
      await insert(...rows)
      await place.write((transaction) =>
        transaction.updateDependencies(rows.map((row) => ({ ...row, state: 'satisfied' }))),
      )
      const states = (await ofTarget('@x')).map(({ state }) => state)
      expect(states).toEqual(rows.map(() => 'satisfied'))
    })
  })
}
