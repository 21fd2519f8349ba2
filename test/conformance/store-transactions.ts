import { describe, expect, test } from 'vitest'
import type { Transaction } from '../../src/store/store.ts'
import { componentRow, PIPELINE } from './store-rows.ts'
import type { StoreUnderTest } from './store-under-test.ts'

/** The ids of the components that are there: each test of this file writes some, and says which are left. */
const componentIds = async ({ listComponents }: Pick<Transaction, 'listComponents'>): Promise<readonly string[]> =>
  (await listComponents(PIPELINE)).map(({ id }) => id)

const save = (transaction: Transaction, ...ids: readonly string[]): Promise<void> =>
  transaction.saveComponents(ids.map((id) => componentRow(id)))

export function describeTransactions(place: StoreUnderTest): void {
  describe('a transaction', () => {
    test('resolves to what its work resolves to, and what it wrote is there', async () => {
      const result = await place.store.transaction(async (transaction) => {
        await save(transaction, 'A', 'B')
        return 'done'
      })
      expect([result, await componentIds(place.store.reads)]).toEqual(['done', ['A', 'B']])
    })

    test('reads what it has written', async () => {
      const seen = await place.store.transaction(async (transaction) => {
        await save(transaction, 'A')
        return await componentIds(transaction)
      })
      expect(seen).toEqual(['A'])
    })

    test('that rejects leaves nothing behind, and its rejection is passed on', async () => {
      await place.write((transaction) => save(transaction, 'A'))
      const failure = new Error('on purpose')
      const rejected = place.store.transaction(async (transaction) => {
        await save(transaction, 'B', 'C')
        throw failure
      })
      await expect(rejected).rejects.toBe(failure)
      expect(await componentIds(place.store.reads)).toEqual(['A'])
    })

    test('is not seen by reads outside before it is committed', async () => {
      let whileOpen: Promise<readonly string[]> | undefined
      const rejected = place.store.transaction(async (transaction) => {
        await save(transaction, 'A')
        whileOpen = componentIds(place.store.reads)
        throw new Error('on purpose')
      })
      await expect(rejected).rejects.toThrow('on purpose')
      expect(await whileOpen).toEqual([])
    })

    test('is seen by reads outside as soon as it has resolved', async () => {
      const seen: (readonly string[])[] = []
      for (const id of ['A', 'B', 'C']) {
        await place.write((transaction) => save(transaction, id))
        seen.push(await componentIds(place.store.reads))
      }
      expect(seen).toEqual([['A'], ['A', 'B'], ['A', 'B', 'C']])
    })

    test('that is asked for while another one runs begins after its end', async () => {
      const events: string[] = []
      const turn = (name: string, end: () => void) =>
        place.store
          .transaction(async (transaction) => {
            events.push(`${name} begins`)
            await save(transaction, name)
            events.push(`${name} saw ${await componentIds(transaction)}`)
            end()
          })
          .catch(() => undefined)
      await Promise.all([
        turn('A', () => undefined),
        turn('B', () => {
          throw new Error('on purpose')
        }),
        turn('C', () => undefined),
      ])
      expect(events).toEqual(['A begins', 'A saw A', 'B begins', 'B saw A,B', 'C begins', 'C saw A,C'])
    })

    test('that is over neither reads nor writes', async () => {
      const over = await place.store.transaction(async (transaction) => transaction)
      await place.write(async () => {
        await expect(over.listComponents(PIPELINE)).rejects.toThrow('The transaction is over')
        await expect(save(over, 'A')).rejects.toThrow('The transaction is over')
      })
      expect(await componentIds(place.store.reads)).toEqual([])
    })
  })

  describe('a savepoint', () => {
    test('resolves to what its work resolves to, and what it wrote is kept', async () => {
      const result = await place.store.transaction((transaction) =>
        transaction.savepoint(async () => {
          await save(transaction, 'A')
          return 'done'
        }),
      )
      expect([result, await componentIds(place.store.reads)]).toEqual(['done', ['A']])
    })

    test('whose work rejects is undone; the rejection is passed on, and the transaction goes on', async () => {
      const failure = new Error('on purpose')
      await place.write(async (transaction) => {
        await save(transaction, 'A')
        const rejected = transaction.savepoint(async () => {
          await save(transaction, 'B')
          throw failure
        })
        await expect(rejected).rejects.toBe(failure)
        expect(await componentIds(transaction)).toEqual(['A'])
        await save(transaction, 'C')
      })
      expect(await componentIds(place.store.reads)).toEqual(['A', 'C'])
    })

    test('undoes a statement that failed in the middle', async () => {
      await place.write(async (transaction) => {
        await save(transaction, 'A')
        const rejected = transaction.savepoint(() => save(transaction, 'B', null as unknown as string))
        await expect(rejected).rejects.toThrow()
      })
      expect(await componentIds(place.store.reads)).toEqual(['A'])
    })

    test('inside another one is undone alone', async () => {
      await place.write((transaction) =>
        transaction.savepoint(async () => {
          await save(transaction, 'A')
          const inner = transaction.savepoint(async () => {
            await save(transaction, 'B')
            throw new Error('on purpose')
          })
          await expect(inner).rejects.toThrow('on purpose')
          await save(transaction, 'C')
        }),
      )
      expect(await componentIds(place.store.reads)).toEqual(['A', 'C'])
    })

    test('is undone with the one around it', async () => {
      await place.write(async (transaction) => {
        await save(transaction, 'A')
        const outer = transaction.savepoint(async () => {
          await transaction.savepoint(() => save(transaction, 'B'))
          throw new Error('on purpose')
        })
        await expect(outer).rejects.toThrow('on purpose')
      })
      expect(await componentIds(place.store.reads)).toEqual(['A'])
    })

    test('is undone with its transaction', async () => {
      const rejected = place.write(async (transaction) => {
        await transaction.savepoint(() => save(transaction, 'A'))
        throw new Error('on purpose')
      })
      await expect(rejected).rejects.toThrow('on purpose')
      expect(await componentIds(place.store.reads)).toEqual([])
    })
  })

  describe('closing', () => {
    test('may be asked for twice, and waits for the transaction that runs', async () => {
      const saved = place.write((transaction) => save(transaction, 'A'))
      await Promise.all([place.store.close(), place.store.close()])
      await expect(saved).resolves.toBeUndefined()
    })

    test('ends reads and transactions', async () => {
      await place.store.close()
      await expect(componentIds(place.store.reads)).rejects.toThrow()
      await expect(place.write((transaction) => save(transaction, 'A'))).rejects.toThrow()
    })
  })
}
