import type { Transaction } from '../store.ts'
import type { Connection, Run } from './connection.ts'
import { createReads } from './reads.ts'
import { createWrites } from './writes.ts'

/**
 * Runs `work` in a transaction and commits what it wrote when it resolves; undoes it when it rejects. The caller sees to it that no
 * other transaction runs on the connection.
 */
export async function runTransaction<T>(
  connection: Connection,
  work: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  const { db, sql } = connection
  let isOver = false
  const run: Run = async (statement) => {
    // SQLite itself gives up a transaction when the disk is full; a statement after that would commit on its own.
    if (isOver || !db.isTransaction) throw new Error('The transaction is over: nothing can be read or written in it.')
    return statement(sql)
  }
  db.exec('begin immediate')
  try {
    const result = await work({
      ...createReads(run),
      ...createWrites(run),
      savepoint: createSavepoint(connection, run),
    })
    db.exec('commit')
    return result
  } catch (error) {
    if (db.isTransaction) db.exec('rollback')
    throw error
  } finally {
    isOver = true
  }
}

/** Savepoints may share a name: SQLite takes the innermost. */
const createSavepoint =
  ({ db }: Connection, run: Run): Transaction['savepoint'] =>
  async (work) => {
    await run(() => db.exec('savepoint work'))
    try {
      const result = await work()
      await run(() => db.exec('release work'))
      return result
    } catch (error) {
      await run(() => db.exec('rollback to work; release work'))
      throw error
    }
  }
