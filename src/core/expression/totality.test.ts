import fc from 'fast-check'
import { expect, test } from 'vitest'
import { objectId } from '../definition/pipeline-object.ts'
import { instant } from '../instant.ts'
import { checkTemplate } from './check.ts'
import { evaluateTemplate } from './evaluate.ts'
import { charactersMax } from './limits.ts'
import type { Scope, ScopeEntry } from './scope.ts'
import type { StaticScope } from './static-scope.ts'
import { parseTemplate } from './template.ts'
import { valueText } from './text.ts'
import type { Value } from './value.ts'

/** Fragments that make expressions likely, and likely to be wrong in interesting ways. */
const fragment = fc.oneof(
  fc.constantFrom(
    ...['#{', '}', '(', ')', '[', ']', ',', '.', '+', '-', '*', '/', '^', "'", '"', '\\', ' ', '${', '@', '#'],
    ...['a', 'b', 'c', 'ref', 't', '@status', '*secret', 'node', '__proto__', 'constructor', '😀', '\u0000', '\ud800'],
    ...['format', 'plusDays', 'makeDate', 'plusYears', 'plusPeriod', 'inTimeZone', 'sunday', 'midnight', 'day'],
    ...["'YYYY-MM-dd'", "'zzzz'", "'Europe/Paris'", "'1 day'", '0', '1', '99999999999', '1.5', '1e308', '.5'],
  ),
  fc.string({ maxLength: 5, unit: 'binary' }),
)

const wrapped = fc.array(fragment, { maxLength: 12 }).map((fragments) => `#{${fragments.join('')}}`)
const call = fc
  .tuple(
    fc.constantFrom('format', 'plusDays', 'minusMonths', 'plusPeriod', 'inTimeZone', 'makeDate', 'sunday', 'year'),
    fc.array(
      fc.constantFrom('t', 'a', 'b', 'c', 'ref', 'ref.a', "'x'", "'zzzz Y x'", '1', '1e15', '9007199254740991', '-1'),
      {
        maxLength: 5,
      },
    ),
  )
  .map(([name, given]) => `#{${name}(${given.join(', ')})}`)
const template = fc.oneof(
  fc.array(fragment, { maxLength: 30 }).map((fragments) => fragments.join('')),
  fc.array(fc.oneof(wrapped, call, fc.string({ maxLength: 3 })), { maxLength: 4 }).map((parts) => parts.join('')),
)

const calendarMs = 8.64e15
const scalar: fc.Arbitrary<Value> = fc.oneof(
  fc.record({ kind: fc.constant('string' as const), text: fc.string() }),
  fc.record({ kind: fc.constant('integer' as const), number: fc.maxSafeInteger() }),
  fc.record({ kind: fc.constant('double' as const), number: fc.double({ noNaN: true, noDefaultInfinity: true }) }),
  fc.record({ kind: fc.constant('boolean' as const), isTrue: fc.boolean() }),
  fc.record({
    kind: fc.constant('dateTime' as const),
    instant: fc.integer({ min: -calendarMs, max: calendarMs }).map(instant),
    zone: fc.constantFrom(undefined, 'Europe/Paris', 'America/Los_Angeles', '+14:00', '-12:00'),
  }),
)
const entryOf = (texts: fc.Arbitrary<string>, itemsMin: number): fc.Arbitrary<ScopeEntry> =>
  fc.oneof(
    texts.map((text) => ({ kind: 'string', text }) as const),
    fc.constantFrom('one', 'two', 'nobody').map((id) => ({ kind: 'reference', target: objectId(id) }) as const),
    scalar.map((value) => ({ kind: 'value', value }) as const),
    fc
      .array(scalar, { minLength: itemsMin, maxLength: 3 })
      .map((items) => ({ kind: 'value', value: { kind: 'list', items } }) as const),
  )

/** Two objects, whose fields hold such texts; a field and a list hold at least `itemsMin` values. */
function scopesOf(texts: fc.Arbitrary<string>, itemsMin: number): fc.Arbitrary<Scope> {
  const values = fc.array(entryOf(texts, itemsMin), { minLength: itemsMin, maxLength: 3 })
  const fields = fc
    .array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'ref', 't', 'node', '*secret'), values))
    .map((pairs) => new Map<string, readonly ScopeEntry[]>(pairs))
  return fc.record({ one: fields, two: fields }).map((objects) => {
    const byId = new Map<string, (typeof objects)['one']>(Object.entries(objects))
    return { entries: (object, key) => byId.get(object)?.get(key) }
  })
}

const scopes = scopesOf(template, 0)

/** What a checker can know of a scope; it takes the fields for what they are now. */
const staticScopeOf = (scope: Scope): StaticScope => ({
  field(object, key) {
    const entries = scope.entries(object, key)
    if (entries === undefined) return { kind: 'absent' }
    const texts = entries.flatMap((each) => (each.kind === 'string' ? [each.text] : []))
    if (texts.length === entries.length) return { kind: 'text', texts }
    const targets = entries.flatMap((each) => (each.kind === 'reference' ? [each.target] : []))
    return targets.length === entries.length ? { kind: 'reference', targets } : { kind: 'unknown' }
  },
  names: () => ['a', 'b', 'c'],
})

test('evaluation never throws, and what it gives is within its limits', () => {
  fc.assert(
    fc.property(template, scopes, (text, scope) => {
      const result = evaluateTemplate(text, objectId('one'), scope)
      const written = result.kind === 'value' ? valueText(result.value) : result.message
      expect(written.length).toBeLessThanOrEqual(charactersMax)
      const range = result.kind === 'failure' && result.field === undefined ? result.range : { start: 0, end: 0 }
      expect(range?.end).toBeLessThanOrEqual(text.length)
    }),
    { numRuns: 10_000 },
  )
})

test('checking never throws, and each problem lies inside the text', () => {
  fc.assert(
    fc.property(template, scopes, (text, scope) => {
      const { problems } = checkTemplate(text, objectId('one'), staticScopeOf(scope))
      for (const { range } of problems) {
        expect(range.start).toBeLessThanOrEqual(range.end)
        expect(range.end).toBeLessThanOrEqual(text.length)
      }
    }),
    { numRuns: 10_000 },
  )
})

test('a text that evaluates has nothing wrong with it before either, unless it is about empty lists', () => {
  const withoutLists = template.filter((text) => !text.includes('['))
  fc.assert(
    fc.property(withoutLists, scopesOf(withoutLists, 1), (text, scope) => {
      const result = evaluateTemplate(text, objectId('one'), scope)
      const { problems } = checkTemplate(text, objectId('one'), staticScopeOf(scope))
      fc.pre(result.kind === 'value')
      expect(problems).toEqual([])
    }),
    { numRuns: 3_000 },
  )
})

test('the parts of a template are the text, without gaps or overlaps', () => {
  fc.assert(
    fc.property(template, (text) => {
      const parsed = parseTemplate(text)
      fc.pre(parsed.kind === 'template')
      expect(parsed.parts.map(({ range }) => text.slice(range.start, range.end)).join('')).toBe(text)
    }),
  )
})

test.each(['#{', '#{"', "#{'\\'", '#{(', '#{a}', '#{}', "#{'", '#{"\'}', '}'])(
  'a long text of %j is read in linear time',
  (unit) => {
    const text = unit.repeat(2_000_000 / unit.length)
    const startMs = performance.now()
    parseTemplate(text)
    evaluateTemplate(text, objectId('one'), { entries: () => [{ kind: 'string', text: 'x' }] })
    // Quadratic time would take minutes.
    expect(performance.now() - startMs).toBeLessThan(10_000)
  },
)
