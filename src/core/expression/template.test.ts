import { expect, test } from 'vitest'
import { holdToForm } from '../../../test/validation.ts'
import { expressionLengthMax, nestingMax, problemsMax } from './limits.ts'
import { hasExpression, parseTemplate } from './template.ts'

/** The texts and expressions of a template as written, or the messages of its problems with their places. */
function outline(text: string): readonly string[] {
  const template = parseTemplate(text)
  if (template.kind === 'malformed') {
    return template.problems.map(({ message, range }) => {
      holdToForm({ message })
      return `${range.start}-${range.end} ${message}`
    })
  }
  return template.parts.map(({ kind, range }) => `${kind} ${text.slice(range.start, range.end)}`)
}

test.each([
  ['', []],
  ['plain ${OUTPUT1_STAGING_DIR} #x {y}', ['text plain ${OUTPUT1_STAGING_DIR} #x {y}']],
  ['#{a}', ['expression #{a}']],
  ['##{a}}', ['text #', 'expression #{a}', 'text }']],
  ['x #{a}#{b} y', ['text x ', 'expression #{a}', 'expression #{b}', 'text  y']],
  ['#{\'}\' + "#{"} z', ['expression #{\'}\' + "#{"}', 'text  z']],
  ['${a} #{ b } ${c}', ['text ${a} ', 'expression #{ b }', 'text  ${c}']],
])('%j has the parts %j', (text, parts) => {
  expect(outline(text)).toEqual(parts)
})

test.each([
  ['x #{', ['4-4 The text ends where a name or a value is expected. Add it, and } after it.']],
  ['x #{a', ['2-5 This expression is not closed. Add } at its end.']],
  ['#{}', ['2-3 The expression ends where a name or a value is expected. Add it before the }.']],
  [
    '#{sqoop command}',
    ['8-15 The name command stands where an operator or } is expected. Add it, or put text in quotes.'],
  ],
  ["#{format(a, 'b}", ["12-15 The string that begins here is not closed. Add ' at its end."]],
  ['#{(1 + 2}', ['8-9 The expression ends where a ) that closes the parenthesis is expected. Add it before the }.']],
  ['#{f(1 2)}', ['6-7 A value stands where a comma or a ) is expected. Add it, or remove the value.']],
  ['#{f(1,)}', ['6-7 ) stands where a name or a value is expected. Add it, or remove the ).']],
  ['#{a.}', ['4-5 The expression ends where a name or a value is expected. Add it before the }.']],
  ['#{1 ? 2}', ['4-5 The character ? means nothing in an expression. Remove it, or put text in quotes.']],
  ['#{f(#{a})}', ['4-5 Expressions do not stand inside one another. Remove this #{ and its }.']],
  [
    '#{* myPassword}',
    ['4-14 The name myPassword stands where a name or a value is expected. Add it, or put text in quotes.'],
  ],
])('%j is refused with its place: %j', (text, problems) => {
  expect(outline(text)).toEqual(problems)
})

test('every malformed expression of a text is named, not only the first', () => {
  expect(outline('#{} and #{a b} and #{c}')).toEqual([
    '2-3 The expression ends where a name or a value is expected. Add it before the }.',
    '12-13 The name b stands where an operator or } is expected. Add it, or put text in quotes.',
  ])
})

test('a text reports no more problems than anyone reads', () => {
  expect(outline('#{}'.repeat(problemsMax + 1))).toHaveLength(problemsMax)
})

test('parentheses may nest to the limit and no deeper', () => {
  const nested = (depth: number) => `#{${'('.repeat(depth)}1${')'.repeat(depth)}}`
  expect(parseTemplate(nested(nestingMax)).kind).toBe('template')
  expect(outline(nested(nestingMax + 1))).toEqual([
    expect.stringContaining(`nests more than ${nestingMax} levels deep`),
  ])
})

test.each(['-', '2 ^ ', 'f(', '['])('%j cannot nest deeper than the limit either', (opening) => {
  expect(outline(`#{${opening.repeat(nestingMax + 1)}1}`)).toEqual([expect.stringContaining('levels deep')])
})

test('an expression may be as long as the limit and no longer', () => {
  const long = (length: number) => `#{${'1+'.repeat((length - 1) / 2)}1}`
  expect(parseTemplate(long(expressionLengthMax - 1)).kind).toBe('template')
  expect(outline(long(expressionLengthMax + 1))).toEqual([expect.stringContaining('is longer than')])
})

test('text without #{ has nothing to evaluate', () => {
  expect(hasExpression('${a} # {b}')).toBe(false)
  expect(hasExpression('a#{b}')).toBe(true)
})
