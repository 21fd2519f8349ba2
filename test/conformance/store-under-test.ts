import type { Store, Transaction } from '../../src/store/store.ts'

/** The store of the test that runs: empty when the test begins. */
export type StoreUnderTest = {
  readonly store: Store
  /** Writes in a transaction of its own. */
  write(work: (transaction: Transaction) => Promise<unknown>): Promise<void>
}
