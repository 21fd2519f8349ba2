import { readdirSync, readFileSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'

type Migration = { readonly number: number; readonly name: string; readonly sql: string }

/** The migrations of this release: files `NNNN_what.sql`. */
const MIGRATIONS = new URL('./migrations/', import.meta.url)

/** The database was written by a later release. */
export class NewerDatabaseError extends Error {
  readonly found: number
  readonly known: number

  constructor(found: number, known: number) {
    super(
      `The database has migration ${found}, and this release knows migrations up to ${known}. ` +
        'Start the release that wrote it, or a later one.',
    )
    this.name = 'NewerDatabaseError'
    this.found = found
    this.known = known
  }
}

/**
 * Applies the migrations of `folder` that the database has not seen, in their order, each in a transaction of its own.
 *
 * @throws NewerDatabaseError if the database has seen one that this release does not know; it is left as it is.
 */
export function migrate(db: DatabaseSync, folder: URL = MIGRATIONS): void {
  const migrations = readMigrations(folder)
  db.exec('create table if not exists migrations (number integer primary key, name text not null) strict')
  const known = migrations.at(-1)?.number ?? 0
  const found = latestMigration(db)
  if (found > known) throw new NewerDatabaseError(found, known)
  for (const migration of migrations) apply(db, migration)
}

function readMigrations(folder: URL): readonly Migration[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => ({
      number: Number.parseInt(file, 10),
      name: file,
      sql: readFileSync(new URL(file, folder), 'utf8'),
    }))
}

function latestMigration(db: DatabaseSync): number {
  return Number(db.prepare('select coalesce(max(number), 0) as latest from migrations').get()?.latest)
}

function apply(db: DatabaseSync, { number, name, sql }: Migration): void {
  db.exec('begin immediate')
  try {
    // Asked inside the transaction, because another process may have opened the same file.
    if (number > latestMigration(db)) {
      db.prepare('insert into migrations (number, name) values (?, ?)').run(number, name)
      db.exec(sql)
    }
    db.exec('commit')
  } catch (error) {
    db.exec('rollback')
    throw error
  }
}
