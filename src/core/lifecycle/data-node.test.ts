import { describe, expect, test } from 'vitest'
import { ended, events, instances, line, step } from '../../../test/instances.ts'
import { type Row, testTable } from '../../../test/transition-table.ts'

const { dataNode } = instances

const states = {
  waiting: dataNode({ kind: 'waiting' }, { openDependencies: 1 }),
  held: dataNode({ kind: 'held' }),
  ended: dataNode(ended()),
}

const rows: readonly Row[] = [
  ['waiting', 'created', 'same |  |'],
  ['waiting', 'skip', 'SKIPPED | clearAllTimers | dependents satisfied'],
  ['waiting', 'dependency', 'same |  |'],
  ['waiting', 'cancel', 'CANCELED by user | clearAllTimers | dependents failed, preconditions cancel cascade'],
  ['waiting', 'markFinished', 'FINISHED | clearAllTimers | dependents satisfied, preconditions cancel cascade'],
  ['waiting', 'reactivate', 'same |  |'],
  ['waiting', 'late', 'same |  |'],
  ['held', 'dependency', 'same |  |'],
  ['held', 'cancel', 'CANCELED by user | clearAllTimers | dependents failed'],
  ['held', 'markFinished', 'FINISHED | clearAllTimers | dependents satisfied'],
  ['held', 'resume', 'FINISHED | clearAllTimers | dependents satisfied'],
  ['held', 'reactivate', 'same |  |'],
  ['held', 'late', 'same |  |'],
  ['ended', 'skip', 'same |  |'],
  ['ended', 'dependency', 'same |  |'],
  ['ended', 'cancel', 'same |  |'],
  ['ended', 'rerun', 'FINISHED | clearAllTimers | preconditions rerun cascade, dependents open, dependents satisfied'],
  ['ended', 'markFinished', 'FINISHED |  | dependents satisfied'],
  ['ended', 'reactivate', 'same |  |'],
]

describe('the table of data nodes', () => testTable(states, rows))

describe('a data node', () => {
  const unbound = dataNode({ kind: 'waiting' })

  test('is there as soon as it is created, where nothing comes before it', () => {
    expect(line(unbound, step(unbound, events.created))).toBe('FINISHED | clearAllTimers | dependents satisfied')
  })

  test('is there with the last thing that it waits for, and not before', () => {
    const satisfied = { ...events.dependency, to: 'satisfied' } as const
    const waitsForTwo = dataNode({ kind: 'waiting' }, { openDependencies: 2 })
    const { next } = step(waitsForTwo, satisfied)
    expect(next.state.kind).toBe('waiting')
    expect(line(next, step(next, satisfied))).toBe('FINISHED | clearAllTimers | dependents satisfied')
  })

  test('is held while its component is paused', () => {
    expect(line(unbound, step(unbound, events.created, { isPaused: true }))).toBe('held |  |')
  })

  test('that is resumed goes on waiting if something is open again', () => {
    const held = dataNode({ kind: 'held' }, { openDependencies: 1 })
    expect(line(held, step(held, events.resume))).toBe('waiting |  |')
  })
})
