import { DatabaseSync } from 'node:sqlite'

/** A file that this process alone holds. */
export type ExclusiveFile = { release(): void }

/** SQLite's code for a database that another connection has locked. */
const SQLITE_BUSY = 5

/**
 * Holds a file until it is released or this process ends, however it ends; `undefined` when another process holds it. The file is an
 * empty database, since SQLite's locks are the system's own, which Node offers in no other way.
 */
export function holdFile(file: string): ExclusiveFile | undefined {
  const db = new DatabaseSync(file, { timeout: 0 })
  try {
    db.exec('pragma journal_mode = memory; begin exclusive')
  } catch (error) {
    db.close()
    if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY) return undefined
    throw error
  }
  return { release: () => db.close() }
}
