import fc from 'fast-check'
import { expect, test } from 'vitest'
import { instant } from '../instant.ts'
import { Timeline } from './timeline.ts'

const never = instant(Number.POSITIVE_INFINITY)

function drain<T>(timeline: Timeline<T>): readonly T[] {
  const items: T[] = []
  for (let next = timeline.takeBefore(never); next !== undefined; next = timeline.takeBefore(never)) {
    items.push(next.item)
  }
  return items
}

test('what is planned happens in the order of its times, and at one time in the order in which it was planned', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 20 })), (times) => {
      const timeline = new Timeline<{ at: number; index: number }>()
      for (const [index, at] of times.entries()) timeline.add(instant(at), { at, index })
      const sorted = times.map((at, index) => ({ at, index })).toSorted((left, right) => left.at - right.at)
      expect(drain(timeline)).toEqual(sorted)
    }),
  )
})

test('what is planned while others are taken comes in its place', () => {
  const timeline = new Timeline<string>()
  timeline.add(instant(5), 'later')
  timeline.add(instant(1), 'first')
  expect(timeline.takeBefore(never)?.item).toBe('first')
  timeline.add(instant(3), 'between')
  expect(drain(timeline)).toEqual(['between', 'later'])
})

test('nothing is taken at the end or after it', () => {
  const timeline = new Timeline<string>()
  timeline.add(instant(2), 'at the end')
  expect(timeline.takeBefore(instant(2))).toBeUndefined()
  expect(timeline.takeBefore(instant(3))).toEqual(expect.objectContaining({ item: 'at the end' }))
})
