import type { Reads, Store } from '../store.ts'
import { type Connection, openReader, openWriter } from './connection.ts'
import { migrate } from './migrate.ts'
import { createReads } from './reads.ts'
import { runTransaction } from './transaction.ts'

/** The name of a database that lives as long as its connection. */
const IN_MEMORY = ':memory:'

/**
 * Opens the database in `file`, which is made if it is not there, and brings it to the schema of this release. `:memory:` is a database
 * that is gone once it is closed.
 *
 * @throws NewerDatabaseError if a later release has written it.
 */
export async function openSqliteStore({ file }: { file: string }): Promise<Store> {
  const writer = openMigrated(file)
  const turns = createTurns()
  const reader = file === IN_MEMORY ? undefined : openReader(file)
  let isOpen = true
  return {
    reads: reader === undefined ? readsBetween(turns, writer) : readsBeside(reader),
    transaction: (work) => turns.take(() => runTransaction(writer, work)),
    close: () =>
      turns.take(async () => {
        if (!isOpen) return
        isOpen = false
        reader?.db.close()
        writer.db.close()
      }),
  }
}

function openMigrated(file: string): Connection {
  const writer = openWriter(file)
  try {
    migrate(writer.db)
    return writer
  } catch (error) {
    writer.db.close()
    throw error
  }
}

/** Reads on a connection of their own: they do not wait for a transaction and do not see what it has not committed. */
const readsBeside = ({ sql }: Connection): Reads => createReads(async (statement) => statement(sql))

/** Reads on the connection that writes: they wait until its transaction is over, for they would see what it has not committed. */
const readsBetween = (turns: Turns, { sql }: Connection): Reads =>
  createReads((statement) => turns.take(async () => statement(sql)))

type Turns = { take<T>(work: () => Promise<T>): Promise<T> }

/** Works take turns, in the order in which they ask. */
function createTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve()
  return {
    take(work) {
      const turn = last.then(work)
      // The next turn waits for the end of this one; its failure is for its own caller.
      last = turn.catch(() => undefined)
      return turn
    },
  }
}
