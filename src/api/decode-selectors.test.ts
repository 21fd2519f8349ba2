import { expect, it } from 'vitest'
import type { Selector } from '../wire/shapes.ts'
import { decodeSelectors } from './decode-selectors.ts'

const time = '2026-01-31T00:00:00'

it('keeps field, operator and values', () => {
  const equals: Selector = { fieldName: '@status', operator: { type: 'EQ', values: ['FAILED', 'FINISHED'] } }
  const between: Selector = { fieldName: '@actualStartTime', operator: { type: 'BETWEEN', values: [time, time] } }
  expect(decodeSelectors([equals, between])).toEqual([
    { fieldName: '@status', operator: 'EQ', values: ['FAILED', 'FINISHED'] },
    { fieldName: '@actualStartTime', operator: 'BETWEEN', values: [time, time] },
  ])
})

it.each<[string, Selector]>([
  ['it has no fieldName', { operator: { type: 'EQ', values: ['x'] } }],
  ['it has no operator', { fieldName: 'name' }],
  ['it has no operator', { fieldName: 'name', operator: { values: ['x'] } }],
  ['EQ has no value to compare name with', { fieldName: 'name', operator: { type: 'EQ' } }],
  ['BETWEEN takes 2, not 1 values', { fieldName: '@actualEndTime', operator: { type: 'BETWEEN', values: [time] } }],
  ['GE takes 1, not 2 values', { fieldName: '@actualEndTime', operator: { type: 'GE', values: [time, time] } }],
])('refuses a selector of which %s', (complaint, selector) => {
  const valid: Selector = { fieldName: 'name', operator: { type: 'EQ', values: ['x'] } }
  expect(() => decodeSelectors([valid, selector])).toThrow(`Selector 2 of the query: ${complaint}`)
})

it('refuses an eleventh selector', () => {
  const selector: Selector = { fieldName: 'name', operator: { type: 'EQ', values: ['x'] } }
  expect(decodeSelectors(Array(10).fill(selector))).toHaveLength(10)
  expect(() => decodeSelectors(Array(11).fill(selector))).toThrow('11 selectors are more than the 10 of one query')
})
