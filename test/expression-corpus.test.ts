import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { objectId } from '../src/core/definition/pipeline-object.ts'
import { evaluateTemplate } from '../src/core/expression/evaluate.ts'
import { printTemplate } from '../src/core/expression/print.ts'
import type { Scope, ScopeEntry } from '../src/core/expression/scope.ts'
import { parseTemplate } from '../src/core/expression/template.ts'
import { valueText } from '../src/core/expression/text.ts'
import { parseInstant } from '../src/core/instant.ts'

const corpus = new URL('../../shared/corpus/', import.meta.url)
const hasCorpus = existsSync(corpus) || process.env.CI !== undefined

/** Expressions that the original cannot have read either, with the reason. */
const refused = new Map([
  ['#{sqoop command}', 'two words without an operator: a placeholder in a document, to be replaced by its reader'],
])

/** What the expressions that are more than the name of a parameter give at 2018-01-31T23:05:33, worked out by hand. */
const expected = new Map([
  ['#{@scheduledStartTime}', '2018-01-31T23:05:33'],
  ['#{day(@scheduledStartTime)}', '31'],
  ['#{endDateTime}', 'endDateTime of activity'],
  ["#{format(@scheduledStartTime, 'YYYY-MM')}", '2018-01'],
  ["#{format(@scheduledStartTime, 'YYYY-MM-dd-HH-mm-ss')}", '2018-01-31-23-05-33'],
  ["#{format(@scheduledStartTime,'YYYY-MM-dd_hh.mm')}", '2018-01-31_11.05'],
  ["#{format(minusDays(@scheduledStartTime,1),'YYYY-MM-dd')}", '2018-01-30'],
  ['#{format(minusDays(@scheduledStartTime,3),"yyyy-MM-dd")}', '2018-01-28'],
  ['#{host}', 'host of activity'],
  ['#{input.directoryPath}', 'directoryPath of input'],
  ['#{input.myDDBReadThroughput}', 'myDDBReadThroughput of input'],
  ['#{input.readThroughputPercent}', 'readThroughputPercent of input'],
  ['#{input.tableName}', 'tableName of input'],
  ['#{node.@actualEndTime}', '2018-02-01T00:10:00'],
  ['#{node.@actualStartTime}', '2018-01-31T23:05:40'],
  ['#{node.@pipelineId}', '@pipelineId of node'],
  ['#{node.@scheduledStartTime}', '2018-01-31T23:05:33'],
  ['#{node.@sphere}', '@sphere of node'],
  ['#{node.cancellationReason}', 'cancellationReason of node'],
  ['#{node.errorMessage}', 'errorMessage of node'],
  ['#{node.errorStackTrace}', 'errorStackTrace of node'],
  ['#{node.hostname}', 'hostname of node'],
  ['#{node.name}', 'name of node'],
  ['#{node.pipelineLogUri}', 'pipelineLogUri of node'],
  ['#{output.directoryPath}', 'directoryPath of output'],
  ['#{output.tableName}', 'tableName of output'],
  ['#{output.writeThroughputPercent}', 'writeThroughputPercent of output'],
  ['#{s3ScriptLocation}', 's3ScriptLocation of activity'],
  ['#{startDateTime}', 'startDateTime of activity'],
  ['#{table}', 'table of activity'],
  ['#{tableName}', 'tableName of activity'],
  ['#{user}', 'user of activity'],
])

const times = new Map([
  ['@scheduledStartTime', '2018-01-31T23:05:33'],
  ['@actualStartTime', '2018-01-31T23:05:40'],
  ['@actualEndTime', '2018-02-01T00:10:00'],
])

/** Every object has every field; a field holds its own name and its object's, a time, or a reference. */
const scope: Scope = {
  entries(object, key): readonly ScopeEntry[] {
    if (key === 'input' || key === 'output' || key === 'node') return [{ kind: 'reference', target: objectId(key) }]
    const time = parseInstant(times.get(key) ?? '')
    if (time !== undefined) return [{ kind: 'value', value: { kind: 'dateTime', instant: time } }]
    return [{ kind: 'string', text: `${key} of ${object}` }]
  },
}

/** What the text evaluates to, or why not. */
function evaluate(text: string): string {
  const result = evaluateTemplate(text, objectId('activity'), scope)
  return result.kind === 'failure' ? result.message : valueText(result.value)
}

describe.skipIf(!hasCorpus)('expressions of real definitions (skipped where ../shared/corpus is missing)', () => {
  const listed = hasCorpus ? listedExpressions() : []
  const texts = hasCorpus ? textsWithExpressions() : []

  test('each can be read, except those that the original refused as well', () => {
    expect(listed.length).toBeGreaterThan(200)
    const malformed = listed.filter((expression) => parseTemplate(expression).kind === 'malformed')
    expect(malformed).toEqual([...refused.keys()])
  })

  test('each evaluates to what was worked out by hand; a parameter gives its value', () => {
    const wrong = listed
      .filter((expression) => !refused.has(expression))
      .map((expression) => ({ expression, value: evaluate(expression), byHand: valueByHand(expression) }))
      .filter(({ value, byHand }) => value !== byHand)
    expect(wrong).toEqual([])
  })

  test('each text around them evaluates to the text with each expression replaced', () => {
    expect(texts.length).toBeGreaterThan(100)
    const wrong = texts
      .map((text) => ({ text, value: evaluate(text), byHand: replaced(text) }))
      .filter(({ value, byHand }) => value !== byHand)
    expect(wrong).toEqual([])
  })

  test('each text is printed as something that means the same', () => {
    for (const text of texts) {
      const template = parseTemplate(text)
      expect(evaluate(template.kind === 'template' ? printTemplate(template) : text)).toBe(replaced(text))
    }
  })
})

/** What the table says, or what a parameter of that name holds. */
function valueByHand(expression: string): string {
  const parameter = /^#\{(\*?my\w+)\}$/.exec(expression)?.[1]
  return expected.get(expression) ?? (parameter === undefined ? 'not worked out yet' : `${parameter} of activity`)
}

const replaced = (text: string): string => text.replaceAll(/#\{[^}]*\}/g, valueByHand)

/** The expressions in INDEX.json, each once. Those taken from files that are not JSON keep the backslashes of JSON. */
function listedExpressions(): readonly string[] {
  const index: { files: { expressions: string[] }[] } = JSON.parse(readFileSync(new URL('INDEX.json', corpus), 'utf8'))
  const expressions = index.files.flatMap((file) => file.expressions)
  return [...new Set(expressions.map((expression) => expression.replaceAll('\\"', '"')))]
}

/** Every text with an expression in the files of the corpus that are JSON, each once. */
function textsWithExpressions(): readonly string[] {
  const index: { files: { file: string }[] } = JSON.parse(readFileSync(new URL('INDEX.json', corpus), 'utf8'))
  const texts = new Set<string>()
  for (const { file } of index.files) {
    for (const text of jsonTexts(readFileSync(new URL(file, corpus), 'utf8'))) {
      if (text.includes('#{')) texts.add(text)
    }
  }
  return [...texts]
}

function jsonTexts(content: string): readonly string[] {
  const texts: string[] = []
  try {
    JSON.parse(content, (_key, value: unknown) => {
      if (typeof value === 'string') texts.push(value)
      return value
    })
  } catch {
    // Templates in YAML, and definitions that only a lenient reader understands, are read elsewhere; their expressions are in INDEX.json.
  }
  return texts
}
