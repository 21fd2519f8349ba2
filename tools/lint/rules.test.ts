import { expect, test } from 'vitest'
import { rules } from './rules.ts'
import { formatFinding, parseFile } from './source-file.ts'

/** What the rules say of a file, without its path. */
function findings(path: string, text: string): readonly string[] {
  const file = parseFile(path, text)
  if (file === undefined) throw new SyntaxError(`This is not TypeScript: ${text}`)
  return rules.flatMap((rule) => rule(file).map((finding) => formatFinding(file, finding).slice(path.length + 1)))
}

const doc = '/** A thing. */\n'

test.each(['src/api/utils/a.ts', 'src/api/helpers.ts', 'src/core/catalog/types/a.ts', 'test/shared.test.ts'])(
  'refuses the name %s',
  (path) => {
    expect(findings(path, '')).toEqual([expect.stringContaining('names no thing')])
  },
)

test('accepts a name that only contains a forbidden one', () => {
  expect(findings('src/core/catalog/object-types.ts', '')).toEqual([])
})

test.each([
  ['no comment', 'export const a = 1'],
  ['a line comment', '// A thing.\nexport const a = 1'],
  ['a comment that is not TSDoc', '/* A thing. */ export const a = 1'],
  ['a comment of another symbol', `${doc}const b = 1\nexport const a = b`],
  ['only a tag', '/** @source guide: x */ export const a = 1'],
  ['no whole sentence', '/** thing */ export const a = 1'],
])('asks for TSDoc on an exported symbol with %s', (_case, text) => {
  expect(findings('src/core/a.ts', text)).toEqual([expect.stringContaining('needs TSDoc')])
})

test('lets one comment serve every declaration of a name', () => {
  const overloads = 'export function f(a: string): void\nexport function f(a: number): void\nexport function f() {}\n'
  const schema = 'export const Tag = 1\nexport type Tag = typeof Tag'
  expect(findings('src/wire/a.ts', doc + overloads + doc + schema)).toEqual([])
})

test('does not ask for TSDoc in other rooms and in tests', () => {
  expect(findings('src/engine/a.ts', 'export const a = 1')).toEqual([])
  expect(findings('src/core/a.test.ts', 'export const a = 1')).toEqual([])
})

test('wants a symbol of a documented room exported where it is declared', () => {
  expect(findings('src/core/a.ts', 'const a = 1\nexport { a }')).toEqual(['2:1 Export a symbol where it is declared.'])
})

test.each([
  ['as const', 'const a = [1] as const'],
  ['a branding', 'const brand = (text: string): Brand => text as Brand'],
  ['a decoder', 'function toRow(row: unknown): Row { return (row as Row) }'],
  ['a decoder in a variable', 'const decodeRow = (row: unknown): Row => ({ ...(row as Row) })'],
  ['a decoder in an object', 'const codec = { toRow: (row: unknown) => row as Row }'],
  ['a callback in a decoder', 'function toRows(rows: unknown[]) { return rows.map((row) => row as Row) }'],
  ['a comment above', '// The table ties the two together.\nconst a = b as Row'],
])('accepts an assertion with %s', (_case, text) => {
  expect(findings('src/engine/a.ts', text)).toEqual([])
})

test.each([
  ['in plain code', 'const a = b as Row'],
  ['in angle brackets', 'const a = <Row>b'],
  ['after a decoder', 'function toRow() {}\nconst a = b as Row'],
  ['in a function whose name only begins like a decoder', 'function total() { return b as Row }'],
  ['in a branding of something that is no text', 'const brand = (row: unknown): Row => row as Row'],
  ['in a branding with another type', 'const brand = (text: string): Row => text as Brand'],
])('refuses an assertion %s', (_case, text) => {
  expect(findings('src/engine/a.ts', text)).toEqual([expect.stringContaining('A type assertion belongs')])
})

test.each(['async function f() {}', 'const f = async () => {}', 'const o = { async f() {} }', 'await f'])(
  'refuses %s in core alone',
  (text) => {
    expect(findings('src/core/a.ts', text)).toEqual([expect.stringContaining('core is synchronous')])
    expect(findings('src/engine/a.ts', text)).toEqual([])
  },
)

test('lets wire convert an instant to a Date, but not ask for the present one', () => {
  expect(findings('src/wire/a.ts', 'const a = new Date(0)\nconst b = new Date()')).toEqual([
    expect.stringMatching(/^2:11 wire has no clock/),
  ])
})

test.each([
  'a: boolean',
  'a?: boolean',
  'a: boolean | undefined',
  'a = true',
  'a: boolean = false',
  'b: string, a: boolean',
])('refuses the parameter %s', (parameters) => {
  expect(findings('src/engine/a.ts', `function f(${parameters}) {}`)).toEqual([
    expect.stringContaining('No boolean parameter'),
  ])
})

test('refuses a boolean parameter in the type of a function or method, and accepts a named one', () => {
  expect(findings('src/engine/a.ts', 'type F = (a: boolean) => void\ntype O = { f(a: boolean): void }')).toHaveLength(2)
  expect(findings('src/engine/a.ts', 'function f(options: { isEager: boolean }) {}')).toEqual([])
})

test('wants a switch on kind to end in assertNever, or its default explained', () => {
  const refused = 'switch (a.kind) { case 1: break }\nswitch (kind) { default: break }'
  const accepted = [
    'switch (a.kind) { case 1: break; default: assertNever(a) }',
    'switch (a.kind) { case 1: break; default: /* The others have no name. */ break }',
    'switch (a) { case 1: break }',
  ].join('\n')
  expect(findings('src/engine/a.ts', refused)).toHaveLength(2)
  expect(findings('src/engine/a.ts', accepted)).toEqual([])
})

test.each(['@ts-ignore', '@ts-expect-error', '@ts-nocheck', 'TODO', 'FIXME'])('refuses %s in a comment', (word) => {
  expect(findings('test/a.test.ts', `const a = '${word}'\n// ${word}: later`)).toEqual([`2:1 No ${word} in comments.`])
})
