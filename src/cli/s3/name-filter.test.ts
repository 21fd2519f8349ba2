import { expect, test } from 'vitest'
import { isIncluded } from './name-filter.ts'

const exclude = (pattern: string) => ({ kind: 'exclude', pattern }) as const
const include = (pattern: string) => ({ kind: 'include', pattern }) as const

test('everything is included until a rule says otherwise, and the last rule that matches counts', () => {
  expect(isIncluded('a.txt', [])).toBe(true)
  expect(isIncluded('a.txt', [exclude('*'), include('*.txt')])).toBe(true)
  expect(isIncluded('a.txt', [include('*.txt'), exclude('*')])).toBe(false)
  expect(isIncluded('a.log', [exclude('*'), include('*.txt')])).toBe(false)
})

test('an asterisk reaches over slashes, and other characters stand for themselves', () => {
  expect(isIncluded('a/b/c.txt', [exclude('a/*')])).toBe(false)
  expect(isIncluded('axb', [exclude('a.b')])).toBe(true)
  expect(isIncluded('a1', [exclude('a[0-9]')])).toBe(false)
  expect(isIncluded('ab', [exclude('a[!0-9]')])).toBe(false)
})
