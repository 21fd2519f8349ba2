import type { Store, Transaction, Writes } from '../../src/store/store.ts'
import type { Ledger } from './ledger.ts'

/** What becomes of a transaction in the end. */
export type Fate = 'commit' | 'crashBefore' | 'crashAfter' | 'full' | 'fullAtWrite'

/** Who watches the transactions of one engine. */
export type Watch = {
  readonly ledger: Ledger
  /** Whether the engine is dead: nothing of it goes through any more. */
  isCutOff(): boolean
  /** Asked once for each transaction, before it begins. */
  fateOfNext(): Fate
  /** The process ends at this very moment. */
  crash(): void
  /** A unit of work is done; what it has written since `mark` can be judged. */
  onUnit(mark: number): void
  onCommit(): void
  /** What the units of work of the running transaction have done is undone. */
  onRollback(): void
}

/** The disk is full: what the operating system says when it cannot take what is written. */
export class DiskFull extends Error {
  override readonly name = 'DiskFull'

  constructor() {
    super('injected: database or disk is full')
  }
}

/** The writes of a transaction that a disk takes before it is full, with the one that it does not take. */
const writesOfFullDisk = 3

type TransactionState = {
  /** How many savepoints are open. */
  depth: number
  writesLeft: number
}

/** The process has ended; nobody is there to see this. */
class CutOff extends Error {}

/** What never comes: the answer to somebody who is dead. */
const never = <T>(): Promise<T> => new Promise<T>(() => undefined)

/** The store as one engine sees it: writes are noted in the ledger, crashes happen, disks are full. */
export function watchStore(store: Store, watch: Watch): Store {
  const { ledger } = watch
  return {
    reads: store.reads,
    close: async () => undefined,
    async transaction(work) {
      if (watch.isCutOff()) return await never()
      const fate = watch.fateOfNext()
      try {
        const result = await store.transaction(async (transaction) => {
          const state = { depth: 0, writesLeft: fate === 'fullAtWrite' ? writesOfFullDisk : Number.POSITIVE_INFINITY }
          const done = await work(watchTransaction(transaction, watch, state))
          if (fate === 'crashBefore') watch.crash()
          if (watch.isCutOff()) throw new CutOff()
          if (fate === 'full' || state.writesLeft <= 0) throw new DiskFull()
          return done
        })
        ledger.commit()
        watch.onCommit()
        if (fate === 'crashAfter') watch.crash()
        if (watch.isCutOff()) return await never()
        return result
      } catch (error) {
        ledger.undoTo(0)
        watch.onRollback()
        if (watch.isCutOff()) return await never()
        throw error
      }
    },
  }
}

function watchTransaction(transaction: Transaction, watch: Watch, state: TransactionState): Transaction {
  const { ledger } = watch
  const noted = <Name extends keyof Writes>(name: Name) =>
    [
      name,
      async (argument: Parameters<Writes[Name]>[0], ...others: readonly unknown[]) => {
        // The compiler does not see that a write takes the arguments of the write of its own name.
        state.writesLeft -= 1
        if (state.writesLeft <= 0) throw new DiskFull()
        const write = transaction[name] as (...given: readonly unknown[]) => Promise<unknown>
        const result = await write(argument, ...others)
        ledger.notes[name]?.(argument)
        return result
      },
    ] as const
  // The notes have no other keys than the writes that they are about.
  const names = Object.keys(ledger.notes) as (keyof Writes)[]
  const writes = Object.fromEntries(names.map((name) => noted(name)))
  return {
    ...transaction,
    ...writes,
    async insertOutbox(rows) {
      await transaction.insertOutbox(rows)
      ledger.noteCommands(await transaction.listOutbox(ledger.lastSequence, rows.length + 1))
    },
    async savepoint(work) {
      const mark = ledger.mark()
      state.depth += 1
      try {
        const result = await transaction.savepoint(work)
        if (state.depth === 1) watch.onUnit(mark)
        return result
      } catch (error) {
        ledger.undoTo(mark)
        throw error
      } finally {
        state.depth -= 1
      }
    },
  }
}
