import { DatabaseSync, type SQLTagStore } from 'node:sqlite'

/** Runs SQL written as a template: its values are bound, and each text is prepared once for the connection. */
export type Sql = SQLTagStore

/** A row as SQLite gives it. */
export type SqlRow = ReturnType<Sql['all']>[number]

/** Runs one statement where its turn and its transaction allow it. */
export type Run = <Result>(statement: (sql: Sql) => Result) => Promise<Result>

/** How long another process's write is waited for, milliseconds: longer than any transaction of ours takes. */
const BUSY_TIMEOUT_MS = 10_000

/** More texts than there are statements, so that none is prepared twice. */
const STATEMENTS_MAX = 200

/** What a connection keeps of the database in memory, KiB: the inner pages of the indexes of a million instances fit. */
const CACHE_KIB = 32_768

/** What stays of a log file that a large transaction has blown up, bytes. */
const LOG_FILE_KEPT_BYTES = 67_108_864

/** A connection and its statements. */
export type Connection = { readonly db: DatabaseSync; readonly sql: Sql }

/** Opens the connection that writes. A commit on it is on the disk when it returns. */
export function openWriter(file: string): Connection {
  const db = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS })
  db.exec(`
    pragma journal_mode = wal;
    pragma synchronous = full;
    pragma journal_size_limit = ${LOG_FILE_KEPT_BYTES};
    pragma cache_size = -${CACHE_KIB};
  `)
  return { db, sql: db.createTagStore(STATEMENTS_MAX) }
}

/** Opens a connection that sees only what has been committed. */
export function openReader(file: string): Connection {
  const db = new DatabaseSync(file, { readOnly: true, timeout: BUSY_TIMEOUT_MS })
  db.exec(`pragma cache_size = -${CACHE_KIB}`)
  return { db, sql: db.createTagStore(STATEMENTS_MAX) }
}
