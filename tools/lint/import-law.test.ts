import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { importFindings, importLaw } from './import-law.ts'
import { parseFile } from './source-file.ts'

/** What the law says of a file with these imports. */
function breaches(path: string, text: string): readonly string[] {
  const file = parseFile(path, text)
  if (file === undefined) throw new SyntaxError(`This is not TypeScript: ${text}`)
  return importFindings(file).map(({ message }) => message)
}

test.each([
  ['another room', 'src/wire/a.ts', "import { a } from '../engine/a.ts'"],
  ['another room by type only', 'src/wire/a.ts', "import type { A } from '../engine/a.ts'"],
  [
    'another room from a folder of its own',
    'src/core/catalog/activities/a.ts',
    "import { a } from '../../../activities/a.ts'",
  ],
  ['another room in a type', 'src/wire/a.ts', "type A = import('../engine/a.ts').A"],
  ['another room at run time', 'src/wire/a.ts', "const a = await import('../engine/a.ts')"],
  ['another room by a re-export', 'src/wire/a.ts', "export { a } from '../engine/a.ts'"],
  ['a module whose name is computed', 'src/engine/a.ts', 'const a = await import(name)'],
  ['a file that is not part of the product', 'src/api/a.ts', "import { a } from '../../test/builders.ts'"],
  ['a package in core', 'src/core/a.ts', "import { z } from 'zod'"],
  ['Node in core', 'src/core/a.ts', "import { join } from 'node:path'"],
  ['I/O in wire', 'src/wire/a.ts', "import { readFile } from 'node:fs/promises'"],
  ['SQL outside store', 'src/engine/a.ts', "import { DatabaseSync } from 'node:sqlite'"],
  ['processes in the server', 'src/engine/a.ts', "import { spawn } from 'node:child_process'"],
  ['the environment', 'src/runner/a.ts', "import { env } from 'node:process'"],
])('refuses the import of %s', (_case, path, text) => {
  expect(breaches(path, text)).toHaveLength(1)
})

test.each([
  ['its own room', 'src/core/catalog/activities/a.ts', "import { a } from '../../activities/a.ts'"],
  ['a room that the table names', 'src/api/a.ts', "import { a } from '../engine/a.ts'"],
  ['a package', 'src/api/a.ts', "import fastify from 'fastify'"],
  ['a reserved module in its room', 'src/store/a.ts', "import { DatabaseSync } from 'node:sqlite'"],
  ['every room into bin', 'src/bin/a.ts', "import { a } from '../runner/a.ts'"],
  ['anything into a test', 'src/core/a.test.ts', "import { a } from '../../test/builders.ts'"],
])('accepts the import of %s', (_case, path, text) => {
  expect(breaches(path, text)).toEqual([])
})

test('a folder of src that the law does not name is refused', () => {
  expect(breaches('src/attic/a.ts', '')).toEqual([expect.stringContaining('not a room of the import law')])
})

test('the law names no room that imports itself, a room that imports it, or one that does not exist', () => {
  const rooms = Object.keys(importLaw)
  const edges = rooms.flatMap((room) => roomsOf(room).map((target) => [room, target] as const))
  expect(edges.filter(([room, target]) => room === target || roomsOf(target).includes(room))).toEqual([])
  expect(edges.filter(([, target]) => !rooms.includes(target))).toEqual([])
})

test('every folder of src is a room of the law', () => {
  const folders = readdirSync('src', { withFileTypes: true }).filter((entry) => entry.isDirectory())
  expect(Object.keys(importLaw)).toEqual(expect.arrayContaining(folders.map(({ name }) => name)))
})

function roomsOf(room: string): readonly string[] {
  const rooms = importLaw[room]?.rooms ?? []
  return rooms === 'all' ? [] : rooms
}
