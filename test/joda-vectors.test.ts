import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { objectId } from '../src/core/definition/pipeline-object.ts'
import { evaluateTemplate } from '../src/core/expression/evaluate.ts'
import type { Scope } from '../src/core/expression/scope.ts'
import { valueText } from '../src/core/expression/text.ts'
import type { Value } from '../src/core/expression/value.ts'
import { instant } from '../src/core/instant.ts'

type Row = readonly (string | number)[]

/** The lines of a file that tools/joda-vectors wrote. */
function readLines(name: string): readonly Row[] {
  const text = readFileSync(new URL(`vectors/joda/${name}.jsonl`, import.meta.url), 'utf8')
  return text
    .trimEnd()
    .split('\n')
    .map((line): Row => JSON.parse(line))
}

/** What an expression gives where `t` is a DateTime and `pattern` is text; a failure gives its message. */
function evaluate(expression: string, names: { readonly t?: Value; readonly pattern?: string }): string | number {
  const scope: Scope = {
    entries(_object, key) {
      if (key === 'pattern' && names.pattern !== undefined) {
        return [{ kind: 'value', value: { kind: 'string', text: names.pattern } }]
      }
      return key === 't' && names.t !== undefined ? [{ kind: 'value', value: names.t }] : undefined
    },
  }
  const result = evaluateTemplate(`#{${expression}}`, objectId('any'), scope)
  if (result.kind === 'failure') return result.message
  const { value } = result
  if (value.kind === 'dateTime') return value.instant
  return value.kind === 'integer' ? value.number : valueText(value)
}

const dateTime = (epochMs: number | string | undefined, zone?: string): Value => ({
  kind: 'dateTime',
  instant: instant(Number(epochMs)),
  zone,
})

type Comparison = { readonly given: unknown; readonly ours: unknown; readonly joda: unknown }

/** Where the results differ; whole columns are compared at once, so that a failing test shows each instant with both results. */
const differences = (rows: readonly Comparison[]): readonly Comparison[] =>
  rows.filter(({ ours, joda }) => ours !== joda)

const [patterns = [], refused = [], ...formatted] = readLines('formatting')

test.each(patterns.map((pattern, index) => ({ pattern, index })))(
  'the pattern $pattern formats every instant as Joda-Time does',
  ({ pattern, index }) => {
    expect(formatted.length).toBeGreaterThan(250)
    expect(
      differences(
        formatted.map((row) => ({
          given: row[0],
          ours: evaluate('format(t, pattern)', { t: dateTime(row[0]), pattern: String(pattern) }),
          joda: row[index + 1],
        })),
      ),
    ).toEqual([])
  },
)

test.each(refused)('the pattern %j, which Joda-Time refuses, is a failure', (pattern) => {
  expect(evaluate('format(t, pattern)', { t: dateTime(0), pattern: String(pattern) })).toMatch(
    /is not a letter of date patterns|must not be empty/,
  )
})

const [calls = [], ...results] = readLines('arithmetic')

test.each(calls.map((call, index) => ({ call, index })))('$call gives what Joda-Time does', ({ call, index }) => {
  expect(results.length).toBeGreaterThan(250)
  expect(
    differences(
      results.map((row) => ({
        given: row[0],
        ours: evaluate(String(call), { t: dateTime(row[0]) }),
        joda: row[index + 1],
      })),
    ),
  ).toEqual([])
})

const [zonePattern = [], zoneCalls = [], ...zoned] = readLines('zones')

test('the name and offset of a zone are those of Joda-Time', () => {
  expect(zoned.length).toBeGreaterThan(600)
  expect(
    differences(
      zoned.map((row) => ({
        given: row,
        ours: evaluate(`format(inTimeZone(t, '${row[0]}'), pattern)`, {
          t: dateTime(row[1]),
          pattern: String(zonePattern[0]),
        }),
        joda: row[2],
      })),
    ),
  ).toEqual([])
})

test.each(zoneCalls.map((call, index) => ({ call, index })))(
  '$call gives in time zones what Joda-Time does',
  ({ call, index }) => {
    expect(
      differences(
        zoned.map((row) => ({
          given: row,
          ours: evaluate(String(call), { t: dateTime(row[1], String(row[0])) }),
          joda: row[index + 3],
        })),
      ),
    ).toEqual([])
  },
)

test.each(readLines('doubles'))('the double %s is printed as %s', (written, printed) => {
  expect(valueText({ kind: 'double', number: Number(written) })).toBe(printed)
})
