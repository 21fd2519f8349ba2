import { expect, test } from 'vitest'
import { instant } from '../instant.ts'
import { Concurrency } from './concurrency.ts'

test('the peak is the most at one time, and when that was first so', () => {
  const tasks = new Concurrency()
  tasks.begin(instant(0))
  tasks.begin(instant(5))
  tasks.end(instant(10), instant(0))
  tasks.end(instant(12), instant(5))
  tasks.begin(instant(20))
  expect(tasks.peak()).toEqual({ count: 2, at: 5 })
  expect(tasks.totalMs).toBe(17)
})

test('what ends in the moment in which another begins does not count beside it, in whatever order they come', () => {
  const tasks = new Concurrency()
  tasks.begin(instant(0))
  tasks.begin(instant(10))
  tasks.end(instant(10), instant(0))
  expect(tasks.peak()).toEqual({ count: 1, at: 0 })
})

test('what takes no time counts for nothing', () => {
  const tasks = new Concurrency()
  tasks.begin(instant(3))
  tasks.end(instant(3), instant(3))
  expect(tasks.peak()).toBeUndefined()
})
