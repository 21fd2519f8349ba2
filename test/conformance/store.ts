import { afterEach, beforeEach, describe } from 'vitest'
import type { Store } from '../../src/store/store.ts'
import { describeAttempts } from './store-attempts.ts'
import { describeDependencies } from './store-dependencies.ts'
import { describeInstances } from './store-instances.ts'
import { describePipelines } from './store-pipelines.ts'
import { describeQueries } from './store-queries.ts'
import { describeQueues } from './store-queues.ts'
import { describeRetention } from './store-retention.ts'
import { describeTransactions } from './store-transactions.ts'
import type { StoreUnderTest } from './store-under-test.ts'

/**
 * Everything that a store promises while it is open. `open` gives an empty database to each test, `drop` removes it after the store
 * has been closed.
 */
export function describeStore(name: string, open: () => Promise<{ store: Store; drop: () => Promise<void> }>): void {
  describe(name, () => {
    let opened: Awaited<ReturnType<typeof open>>

    beforeEach(async () => {
      opened = await open()
    })

    afterEach(async () => {
      await opened.store.close()
      await opened.drop()
    })

    const place: StoreUnderTest = {
      get store() {
        return opened.store
      },
      async write(work) {
        await opened.store.transaction(work)
      },
    }
    describeTransactions(place)
    describePipelines(place)
    describeInstances(place)
    describeQueries(place)
    describeDependencies(place)
    describeAttempts(place)
    describeQueues(place)
    describeRetention(place)
  })
}
