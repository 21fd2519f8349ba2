import { DatabaseSync, type SQLOutputValue } from 'node:sqlite'

/** A database as SQL text that makes it again, and the file name of the latest migration that it has seen, without `.sql`. */
export function dumpDatabase(file: string): { readonly migration: string; readonly sql: string } {
  const db = new DatabaseSync(file, { readOnly: true })
  try {
    const statements = ['begin;', ...tablesOf(db).flatMap((table) => dumpTable(db, table)), ...indexesOf(db), 'commit;']
    return { migration: latestMigration(db), sql: `${statements.join('\n')}\n` }
  } finally {
    db.close()
  }
}

type Table = { readonly name: string; readonly sql: string }

const tablesOf = (db: DatabaseSync): readonly Table[] =>
  db
    .prepare("select name, sql from sqlite_schema where type = 'table' and name not like 'sqlite_%' order by name")
    .all()
    .map(({ name, sql }) => ({ name: String(name), sql: String(sql) }))

const indexesOf = (db: DatabaseSync): readonly string[] =>
  db
    .prepare('select sql from sqlite_schema where type <> ? and sql is not null order by name')
    .all('table')
    .map(({ sql }) => `${sql};`)

function dumpTable(db: DatabaseSync, { name, sql }: Table): readonly string[] {
  const rows = db.prepare(`select * from ${name}`).all()
  const inserts = rows.map((row) => `insert into ${name} values (${Object.values(row).map(literal).join(', ')});`)
  return [`${sql};`, ...inserts]
}

function literal(value: SQLOutputValue): string {
  if (value === null) return 'null'
  if (value instanceof Uint8Array) return `x'${Buffer.from(value).toString('hex')}'`
  return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value)
}

function latestMigration(db: DatabaseSync): string {
  const name = db.prepare('select name from migrations order by number desc limit 1').get()?.name
  return String(name).replace(/\.sql$/, '')
}
