import fc from 'fast-check'
import { expect, test } from 'vitest'
import { printTemplate } from './print.ts'
import type { Expression, Template } from './syntax.ts'
import { parseTemplate } from './template.ts'

const range = { start: 0, end: 0 }
const key = fc.stringMatching(/^[@*]?[a-zA-Z_$ä][a-zA-Z0-9_$ä]{0,6}$/)
const field = key.map((name) => ({ kind: 'field', key: name, range }) as const)
const functionName = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,6}$/)
const literal = fc.oneof(
  fc.string({ unit: 'binary' }).map((text) => ({ kind: 'string', text }) as const),
  fc.nat().map((number) => ({ kind: 'integer', number }) as const),
  fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }).map((number) => ({ kind: 'double', number }) as const),
)

const { expression } = fc.letrec<{ expression: Expression; call: Extract<Expression, { kind: 'call' }> }>((tie) => {
  const items = fc.array(tie('expression'), { maxLength: 3 })
  const operation = (operators: readonly ('+' | '-' | '*' | '/')[]) =>
    fc.record({
      kind: fc.constant('operation' as const),
      first: tie('expression'),
      rest: fc.array(fc.record({ operator: fc.constantFrom(...operators), operand: tie('expression') }), {
        minLength: 1,
        maxLength: 3,
      }),
      range: fc.constant(range),
    })
  return {
    call: fc.record({ kind: fc.constant('call' as const), functionName, arguments: items, range: fc.constant(range) }),
    expression: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      literal.map((value) => ({ kind: 'literal', value, range }) as const),
      field,
      tie('call'),
      fc.record({
        kind: fc.constant('chain' as const),
        first: tie('expression'),
        links: fc.array(fc.oneof(field, tie('call')), { minLength: 1, maxLength: 3 }),
        range: fc.constant(range),
      }),
      operation(['+', '-']),
      operation(['*', '/']),
      fc.record({
        kind: fc.constant('power' as const),
        base: tie('expression'),
        exponent: tie('expression'),
        range: fc.constant(range),
      }),
      fc.record({ kind: fc.constant('negation' as const), operand: tie('expression'), range: fc.constant(range) }),
      fc.record({ kind: fc.constant('list' as const), items, range: fc.constant(range) }),
    ),
  }
})

const text = fc
  .string({ minLength: 1 })
  .filter((written) => !written.includes('#{') && !written.endsWith('#'))
  .map((written) => ({ kind: 'text', text: written, range }) as const)

/** Texts and expressions in turn: two texts side by side would be one. */
const template: fc.Arbitrary<Template> = fc
  .array(fc.tuple(fc.option(text), expression), { maxLength: 3 })
  .map((pairs) => ({
    kind: 'template',
    parts: pairs.flatMap(([before, part]) => [
      ...(before === null ? [] : [before]),
      { kind: 'expression', expression: part, range } as const,
    ]),
  }))

/** The same without the places in the text. */
const withoutRanges = (parsed: unknown): unknown =>
  JSON.parse(JSON.stringify(parsed, (name, value) => (name === 'range' ? undefined : value)))

test('what is printed reads back as what it was', () => {
  fc.assert(
    fc.property(template, (written) => {
      expect(withoutRanges(parseTemplate(printTemplate(written)))).toEqual(withoutRanges(written))
    }),
    { numRuns: 2000 },
  )
})

test.each([
  "#{format(minusDays(@scheduledStartTime, 3), 'yyyy-MM-dd')}",
  "s3://#{myBucket}/#{@scheduledStartTime.format('YYYY')}/",
  '#{1 + 2 * 3 ^ 2 - -4}',
  '#{(1 + 2) * (3 - 4)}',
  '#{1 - (2 - 3)}',
  '#{(2 ^ 3) ^ 2}',
  '#{-(1 + 2)}',
  '#{(-2) ^ 2}',
  '#{2 ^ -2}',
  '#{[*myPassword, node.output.directoryPath]}',
  "#{'it\\'s \\'so\\'\\n'}",
])('%s is printed as it is written', (written) => {
  const parsed = parseTemplate(written)
  expect(parsed.kind === 'template' ? printTemplate(parsed) : parsed).toBe(written)
})
