import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { migrate, NewerDatabaseError } from './migrate.ts'
import { openSqliteStore } from './open-sqlite-store.ts'

let db: DatabaseSync
let folder: string

beforeEach(() => {
  db = new DatabaseSync(':memory:')
  folder = mkdtempSync(join(tmpdir(), 'millrace-migrations-'))
})

afterEach(() => {
  if (db.isOpen) db.close()
  rmSync(folder, { recursive: true })
})

const numbers = () =>
  db
    .prepare('select number from migrations order by number')
    .all()
    .map((row) => row.number)

const tables = () =>
  db
    .prepare("select name from sqlite_schema where type = 'table' and name <> 'migrations' order by name")
    .all()
    .map((row) => row.name)

/** Everything that the database is made of, as SQL; `vitest -u` writes it to schema.sql. */
const dump = () =>
  db
    .prepare("select sql from sqlite_schema where sql is not null and name not like 'sqlite_%' order by rowid")
    .all()
    .map((row) => `${String(row.sql).replace(/^[A-Z ]+/, (words) => words.toLowerCase())};\n`)
    .join('\n')

const applyFiles = (files: Readonly<Record<string, string>>) => {
  for (const [name, sql] of Object.entries(files)) writeFileSync(join(folder, name), sql)
  migrate(db, pathToFileURL(`${folder}/`))
}

test('schema.sql is what the migrations make', async () => {
  migrate(db)
  await expect(dump()).toMatchFileSnapshot('./schema.sql')
})

test('migrations are applied in the order of their numbers, and recorded', () => {
  applyFiles({ '0002_b.sql': 'create table b (x); drop table a', '0001_a.sql': 'create table a (x)' })
  expect([numbers(), tables()]).toEqual([[1, 2], ['b']])
})

test('a migration is applied once, and a later one after it', () => {
  applyFiles({ '0001_a.sql': 'create table a (x)' })
  applyFiles({ '0002_b.sql': 'create table b (x)' })
  expect([numbers(), tables()]).toEqual([
    [1, 2],
    ['a', 'b'],
  ])
})

test('a migration that fails leaves nothing behind; the one before it stays', () => {
  const files = {
    '0001_a.sql': 'create table a (x)',
    '0002_b.sql': 'create table b (x); insert into nowhere values (1)',
  }
  expect(() => applyFiles(files)).toThrow('nowhere')
  expect([numbers(), tables()]).toEqual([[1], ['a']])
})

test('a database that a later release has written is refused, and left as it is', async () => {
  const file = join(folder, 'millrace.db')
  await (await openSqliteStore({ file })).close()
  db = new DatabaseSync(file)
  const known = Number(numbers().at(-1))
  db.exec(`insert into migrations (number, name) values (${known + 7}, 'later'); drop table outbox`)
  const before = dump()
  const refusal = new NewerDatabaseError(known + 7, known)
  await expect(openSqliteStore({ file })).rejects.toEqual(refusal)
  expect(refusal.message).toContain(`migration ${known + 7}`)
  expect(dump()).toBe(before)
})
