import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { expressionFunctions, findFunction } from './functions.ts'

const factsFile = new URL('../../../../shared/spec/catalog.json', import.meta.url)
const hasFacts = existsSync(factsFile) || process.env.CI !== undefined

describe.skipIf(!hasFacts)('the functions, held against shared/spec/catalog.json (skipped where it is missing)', () => {
  type Fact = { readonly name: string; readonly signature: string }
  const facts: { functions: Fact[]; functionsExternal: Fact[] } = hasFacts
    ? JSON.parse(readFileSync(factsFile, 'utf8'))
    : { functions: [], functionsExternal: [] }
  const documented = [...facts.functions, ...facts.functionsExternal].filter(({ name }) => /^\w+$/.test(name))

  test('there is each function of the facts and no other', () => {
    expect(expressionFunctions.map(({ name }) => name).sort()).toEqual(documented.map(({ name }) => name).sort())
  })

  test('each takes and gives what its signature says', () => {
    const typeNames = { dateTime: 'DateTime', integer: 'int', string: 'String', period: 'String' }
    for (const { name, signature } of documented) {
      const found = findFunction(name)
      const parameters = found?.parameters.map(({ name: parameter, type }) => `${typeNames[type.kind]} ${parameter}`)
      const written = `${typeNames[found?.result ?? 'period']} ${name}(${parameters?.join(',')})`
      expect(written, name).toBe(signature)
    }
  })
})

test('no two functions have the same name', () => {
  expect(new Set(expressionFunctions.map(({ name }) => name)).size).toBe(expressionFunctions.length)
})

test.each(['toString', 'constructor', '__proto__', 'Format', ''])('%j is not a function', (name) => {
  expect(findFunction(name)).toBeUndefined()
})
