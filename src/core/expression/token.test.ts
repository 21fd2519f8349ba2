import { expect, test } from 'vitest'
import { readToken } from './token.ts'

const literal = (text: string) => {
  const token = readToken(text, 0)
  return token.kind === 'literal' ? token.value : token
}

test.each([
  ["'abc'", 'abc'],
  ['"abc"', 'abc'],
  [`"it's"`, "it's"],
  [String.raw`'it\'s'`, "it's"],
  [String.raw`'a\\b'`, 'a\\b'],
  [String.raw`'a\tb\nc\rd'`, 'a\tb\nc\rd'],
  [String.raw`'\d+\.csv'`, String.raw`\d+\.csv`],
  ["'a}b#{c'", 'a}b#{c'],
  ["''", ''],
])('the string %s holds %j', (written, text) => {
  expect(literal(written)).toEqual({ kind: 'string', text })
})

test.each([
  ['7', { kind: 'integer', number: 7 }],
  ['007', { kind: 'integer', number: 7 }],
  ['9007199254740991', { kind: 'integer', number: Number.MAX_SAFE_INTEGER }],
  ['1.0', { kind: 'double', number: 1 }],
  ['.5', { kind: 'double', number: 0.5 }],
  ['1e3', { kind: 'double', number: 1000 }],
  ['2.5E-3', { kind: 'double', number: 0.0025 }],
])('the number %s is %o', (written, value) => {
  expect(literal(written)).toEqual(value)
})

test.each(['9007199254740992', '1e999'])('the number %s is refused, because it would not stay exact', (written) => {
  expect(readToken(written, 0)).toMatchObject({
    kind: 'invalid',
    message: 'This number is too large. Write a smaller one.',
  })
})

test.each(['name', '@scheduledStartTime', 'my_Field', 'größe', '$x1'])('%s is one name', (written) => {
  expect(readToken(written, 0)).toEqual({ kind: 'name', text: written, start: 0, end: written.length })
})

test('blanks and line breaks before a token do not belong to it', () => {
  expect(readToken(' \n\t name ', 0)).toEqual({ kind: 'name', text: 'name', start: 4, end: 8 })
})

test('the range of a string that is not closed runs from its quote to the end', () => {
  expect(readToken(String.raw`x + 'abc\'`, 4)).toMatchObject({ kind: 'invalid', start: 4, end: 10 })
})
