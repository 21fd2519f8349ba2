import { expect, test } from 'vitest'
import { type Figure, latencyFigures, missesBudget, percentile, ratio } from './report.ts'

const figure: Figure = { name: 'hop', value: 5, unit: 'ms', better: 'lower' }

test('a percentile is a sample, whatever the order of the samples', () => {
  const samples = Array.from({ length: 200 }, (_, index) => 200 - index)
  expect([0.005, 0.5, 0.99, 1].map((share) => percentile(samples, share))).toEqual([1, 100, 198, 200])
})

test('there is no percentile of nothing', () => {
  expect(() => percentile([], 0.5)).toThrow(RangeError)
})

test('the ratio grows as the figure gets better, whichever way it counts', () => {
  expect(ratio(figure, 10)).toBe(2)
  expect(ratio({ ...figure, better: 'higher' }, 10)).toBe(0.5)
})

test('a budget is missed by a worse figure only', () => {
  expect(missesBudget({ ...figure, must: 5 })).toBe(false)
  expect(missesBudget({ ...figure, must: 4.9 })).toBe(true)
  expect(missesBudget({ ...figure, better: 'higher', must: 5.1 })).toBe(true)
  expect(missesBudget({ ...figure, aim: 1 })).toBe(false)
})

test('latencies carry their budgets', () => {
  const [p50, p99] = latencyFigures('hop', [3, 1, 2], { p99: { must: 25 } })
  expect(p50).toEqual({ ...figure, name: 'hop, p50 of 3', value: 2 })
  expect(p99).toEqual({ ...figure, name: 'hop, p99 of 3', value: 3, must: 25 })
})
