import { describe, expect, test } from 'vitest'
import { ended, instances } from '../../../test/instances.ts'
import { objectId } from '../definition/pipeline-object.ts'
import { instant } from '../instant.ts'
import { type Leaving, removableOf } from './retention.ts'

const hour = (index: number) => instant(Date.UTC(2026, 0, 1, index))

const gone = (id: string, index = 0) =>
  instances.task(ended(), { id: objectId(id), occurrence: { start: hour(index), end: hour(index + 1) } })

const edge = (dependent: string, target: string) => ({ dependentId: objectId(dependent), targetId: objectId(target) })

const removable = (ids: readonly string[], change: Partial<Leaving> = {}) =>
  removableOf({
    ...{ ended: ids.map((id) => gone(id)), dependents: [], failures: [], shown: new Set(), frontier: undefined },
    ...change,
  })
    .map(({ id }) => id)
    .sort()

describe('what ended long ago', () => {
  test('goes where nothing keeps it', () => {
    expect(removable(['a', 'b'])).toEqual(['a', 'b'])
  })

  test('stays as long as what depends on it does, and so does what it depends on', () => {
    const dependents = [edge('open', 'c'), edge('c', 'b'), edge('b', 'a'), edge('e', 'd')]
    expect(removable(['a', 'b', 'c', 'd', 'e'], { dependents })).toEqual(['d', 'e'])
  })

  test('stays as long as the failure with which it has failed does', () => {
    const failures = [edge('hit', 'failed'), edge('hit too', 'hit')]
    expect(removable(['hit', 'hit too', 'other'], { failures })).toEqual(['other'])
    const dependents = failures
    expect(removable(['failed', 'hit', 'hit too'], { failures, dependents })).toEqual(['failed', 'hit', 'hit too'])
  })

  test('stays with a failure that something else keeps', () => {
    const failures = [edge('hit', 'failed')]
    const dependents = [edge('hit', 'failed'), edge('waiting', 'failed')]
    expect(removable(['failed', 'hit'], { failures, dependents })).toEqual([])
  })

  test('stays where it is shown', () => {
    expect(removable(['a', 'b'], { shown: new Set([objectId('a')]) })).toEqual(['b'])
  })

  test('stays where an instance to come may depend on it', () => {
    const ended = [gone('before', 0), gone('at', 1), gone('after', 2)]
    expect(removable([], { ended, frontier: hour(2) })).toEqual(['at', 'before'])
  })
})
