import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { assertNever } from '../core/assert-never.ts'
import { type JsonTree, lineStartsOf, offsetInString, positionAt, readJsonTree } from './json-tree.ts'

function treeOf(text: string): JsonTree {
  const read = readJsonTree(text)
  if (read.kind === 'fault') throw new Error(read.message)
  return read.tree
}

/** What is wrong, as `line:column message`; `undefined` if nothing is. */
function faultOf(text: string): string | undefined {
  const read = readJsonTree(text)
  if (read.kind === 'tree') return undefined
  const { line, column } = positionAt(lineStartsOf(text), read.offset)
  return `${line}:${column} ${read.message}`
}

/** The value as `JSON.parse` would give it. */
function plain(tree: JsonTree): unknown {
  switch (tree.kind) {
    case 'string':
      return tree.text
    case 'number':
      return Number(tree.text)
    case 'boolean':
      return tree.isTrue
    case 'null':
      return null
    case 'array':
      return tree.items.map(plain)
    case 'object':
      return Object.fromEntries(tree.members.map(({ key, value }) => [key, plain(value)]))
    default:
      return assertNever(tree)
  }
}

describe('reading', () => {
  test('gives what JSON.parse gives, for any JSON in any layout', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(0, 2, '\t', '\r\n'), (json, indent) => {
        const text = JSON.stringify(JSON.parse(json), null, indent)
        expect(plain(treeOf(text))).toEqual(JSON.parse(text))
      }),
    )
  })

  test('keeps repeated keys in order', () => {
    expect(treeOf('{"a":1,"b":2,"a":3}')).toMatchObject({ members: [{ key: 'a' }, { key: 'b' }, { key: 'a' }] })
  })

  test('keeps numbers as they are written', () => {
    expect(treeOf('1.50')).toMatchObject({ kind: 'number', text: '1.50' })
    expect(treeOf('12345678901234567890')).toMatchObject({ text: '12345678901234567890' })
  })

  test('skips a byte order mark, which has no column', () => {
    expect(treeOf('\uFEFF{}')).toMatchObject({ kind: 'object' })
    expect(faultOf('\uFEFF}')).toMatch(/^1:1 /)
  })

  test('refuses exactly what JSON.parse refuses, of texts made of pieces of JSON', () => {
    const pieces = fc.array(
      fc.constantFrom('{', '}', '[', ']', ',', ':', '"a"', '"', '1', '-', 'true', 'null', ' ', '\\', '\n'),
      {
        maxLength: 8,
      },
    )
    fc.assert(
      fc.property(pieces, (parts) => {
        const text = parts.join('')
        expect(readJsonTree(text).kind === 'tree', text).toBe(isJson(text))
      }),
      { numRuns: 2_000 },
    )
  })
})

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch (error) {
    if (error instanceof SyntaxError) return false
    throw error
  }
}

describe('faults', () => {
  test.each([
    ['', '1:1 The file is empty.'],
    ['{"a":1,}', '1:7 Nothing follows this comma. Remove it, since } comes next.'],
    ['[1,\n 2,\n]', '2:3 Nothing follows this comma. Remove it, since ] comes next.'],
    ['{"a" 1}', '1:6 A colon is expected after the key "a", but there is 1.'],
    ['{a: 1}', '1:2 A key in double quotes is expected here, but there is a.'],
    ['{"a": 1 "b": 2}', '1:9 A comma or } is expected here, but there is ".'],
    ['["a', '1:4 The text ends inside a string. A double quote is missing.'],
    ['["a\nb"]', '1:4 A string goes on over the end of the line. Write \\n for a line break.'],
    ['["\\x"]', '1:4 \\x is no escape. Write \\\\ for a backslash.'],
    ['[01]', '1:2 A value is expected here, such as "text", but there is 0.'],
    ['[1] 2', '1:5 There is more text after the end of the JSON value.'],
    ['{\n  // note\n}', '2:3 JSON has no comments. Write a field such as "myComment" instead.'],
    ['{"a": 😀}', '1:7 A value is expected here, such as "text", but there is 😀.'],
  ])('%j', (text, fault) => {
    expect(faultOf(text)).toBe(fault)
  })

  test('nesting beyond the limit is one, not an end of the stack', () => {
    expect(faultOf('['.repeat(100_000))).toContain('Values nest more than 100 deep here.')
  })
})

describe('places', () => {
  test('are counted over LF and CRLF alike', () => {
    const text = '{\r\n  "a": "x",\n  "b": "y"\r\n}'
    const lines = lineStartsOf(text)
    expect(positionAt(lines, text.indexOf('"a"'))).toEqual({ line: 2, column: 3 })
    expect(positionAt(lines, text.indexOf('"y"'))).toEqual({ line: 3, column: 8 })
    expect(positionAt(lines, text.length)).toEqual({ line: 4, column: 2 })
  })

  test('inside a string count its escapes', () => {
    const text = '["a\\n\\u0041#{x}"]'
    expect(offsetInString(text, 1, 3)).toBe(text.indexOf('#'))
  })
})
