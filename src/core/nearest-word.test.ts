import { expect, test } from 'vitest'
import { nearestWord } from './nearest-word.ts'

const words = ['directoryPath', 'filePath', 'format', 'day']

test.each([
  ['directroyPath', 'directoryPath'],
  ['DIRECTORYPATH', 'directoryPath'],
  ['fomat', 'format'],
  ['dya', 'day'],
  ['dyz', undefined],
  ['dax', 'day'],
  ['completelyDifferent', undefined],
  ['', undefined],
  ['d'.repeat(65), undefined],
])('who types %s means %s', (typed, meant) => {
  expect(nearestWord(typed, words)).toBe(meant)
})

test('a word beyond the first five hundred is not looked for, and nothing is asked of the words after it', () => {
  let asked = 0
  function* many(): Generator<string> {
    for (; asked < 10_000; asked++) yield asked === 600 ? 'format' : `word${asked}`
  }
  expect(nearestWord('fomat', many())).toBeUndefined()
  expect(asked).toBeLessThanOrEqual(501)
})
