import { expect, test } from 'vitest'
import { quote, quotedItemsMax, quotedLengthMax, shorten, shortList } from './quote.ts'

test('short text is repeated as it is', () => {
  expect(quote('a'.repeat(quotedLengthMax))).toBe(`'${'a'.repeat(quotedLengthMax)}'`)
})

test('long text is cut, and says how long it is', () => {
  expect(shorten('a'.repeat(5_000))).toBe(`${'a'.repeat(quotedLengthMax)}… (5000 characters)`)
})

test('a character is never cut in two', () => {
  expect(shorten(`${'a'.repeat(quotedLengthMax - 1)}😀😀`).isWellFormed()).toBe(true)
})

test('a long list says how many items are left out', () => {
  const ids = Array.from({ length: quotedItemsMax + 2 }, () => 'x')
  expect(shortList(ids)).toMatch(/^x, .*x, \(2 more\)$/)
  expect(shortList(['a', 'b'])).toBe('a, b')
})
