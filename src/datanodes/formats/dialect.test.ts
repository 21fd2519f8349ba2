import { expect, test } from 'vitest'
import { object } from '../../../test/builders.ts'
import { defaultDialect, isSameDialect, toDialect } from './dialect.ts'

const byte = (character: string) => character.charCodeAt(0)

test('CSV has commas, line feeds and backslashes', () => {
  expect(toDialect(object('Format', { type: 'CSV' }))).toEqual(defaultDialect)
})

test('TSV has tabs, and separators of its own where it names them', () => {
  expect(toDialect(object('Format', { type: 'TSV' })).columnSeparator).toBe(byte('\t'))
  const named = object('Format', { type: 'TSV', columnSeparator: '*', recordSeparator: ';', escapeChar: '^' })
  expect(toDialect(named)).toMatchObject({
    columnSeparator: byte('*'),
    recordSeparator: byte(';'),
    escapeChar: byte('^'),
  })
})

test('separators may be written as escapes', () => {
  const format = object('Format', { type: 'TSV', columnSeparator: '\\t', recordSeparator: '\\n', escapeChar: '\\\\' })
  expect(isSameDialect(toDialect(format), toDialect(object('Format', { type: 'TSV' })))).toBe(true)
})

test('declared columns are counted', () => {
  expect(toDialect(object('Format', { type: 'CSV', column: ['a INT', 'b STRING'] })).columnCount).toBe(2)
})

test.each([
  [
    { type: 'RegEx', inputRegEx: '(.)' },
    'Unsupported',
    "The data format 'Format' is RegEx. Data in S3 is read as CSV or TSV.",
  ],
  [
    { type: 'TSV', columnSeparator: '||' },
    'InvalidField',
    "'columnSeparator' of 'Format' is '||'. It must be a single ASCII character.",
  ],
  [
    { type: 'TSV', columnSeparator: 'ä' },
    'InvalidField',
    "'columnSeparator' of 'Format' is 'ä'. It must be a single ASCII character.",
  ],
  [{ type: 'TSV', escapeChar: '\t' }, 'InvalidField', "'Format' uses one character for two purposes"],
])('refuses %j', (fields, errorId, message) => {
  expect(() => toDialect(object('Format', fields))).toThrow(
    expect.objectContaining({ errorId, message: expect.stringContaining(message) }),
  )
})
