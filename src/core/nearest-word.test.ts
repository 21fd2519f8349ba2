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
