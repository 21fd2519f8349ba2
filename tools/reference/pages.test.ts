import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { objectTypes } from '../../src/core/catalog/catalog.ts'
import { referencePages } from './pages.ts'

const folder = new URL('../../docs/reference/', import.meta.url)

test('docs/reference is what npm run reference makes of the catalogue', () => {
  const committed = readdirSync(folder).map((name) => [name, readFileSync(new URL(name, folder), 'utf8')] as const)
  expect(new Map(committed.toSorted())).toEqual(new Map([...referencePages()].toSorted()))
})

test('every field of every type is on the page of the type, with what it is for', () => {
  const pages = referencePages()
  for (const type of objectTypes) {
    const page = pages.get(`${type.name}.md`) ?? ''
    for (const [key, { summary }] of type.fields) {
      const row = page.split('\n').find((line) => line.startsWith(`| \`${key}\` |`))
      expect(row, `${type.name}.${key}`).toContain(summary)
    }
  }
})

test('no link leads to a page that does not exist', () => {
  const pages = referencePages()
  for (const [name, text] of pages) {
    const targets = [...text.matchAll(/\]\(([^)#]+)(?:#([^)]+))?\)/g)]
    for (const [, page = '', anchor] of targets) {
      expect(pages.has(page), `${page} in ${name}`).toBe(true)
      expect(anchor === undefined || pages.get(page)?.includes(`id="${anchor}"`), `${anchor} in ${name}`).toBe(true)
    }
  }
})
