import type { Store, Transaction } from '../store/store.ts'
import type { Clock } from './clock.ts'

/** The most units of work in one transaction: a bound on how long the first caller waits for the last one's work. */
const batchMax = 256

/** A piece of work that becomes durable as a whole, or not at all. */
export type Unit<T> = (transaction: Transaction) => Promise<T>

type Outcome = { readonly kind: 'done' } | { readonly kind: 'refused'; readonly error: unknown }

type Entry = {
  readonly run: (transaction: Transaction) => Promise<void>
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/**
 * The one door to the store's transactions. Everything that has arrived is done in one transaction, each unit in a savepoint of its
 * own: one commit serves many callers, and a unit that fails takes no other one with it. Callers are answered when it is durable.
 */
export class Intake {
  readonly #store: Store
  readonly #clock: Clock
  readonly #waiting: Entry[] = []
  #running: Promise<void> | undefined
  #isClosed = false

  constructor(store: Store, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  /** Resolves with the unit's result when it is durable; rejects with what the unit, or the commit, failed with. */
  async submit<T>(unit: Unit<T>): Promise<T> {
    if (this.#isClosed) throw new Error('The engine has been stopped.')
    const results: T[] = []
    await new Promise<void>((resolve, reject) => {
      const run = async (transaction: Transaction) => {
        results.push(await unit(transaction))
      }
      this.#waiting.push({ run, resolve, reject })
      this.#running ??= this.#drain()
    })
    const [result] = results
    // The unit has run by now, and its result, undefined included, is the only one.
    return result as T
  }

  /** Finishes what has arrived and takes nothing more. May be called twice. */
  async close(): Promise<void> {
    this.#isClosed = true
    await this.#running
  }

  async #drain(): Promise<void> {
    // One turn of the event loop lets everything that has arrived by now into the same transaction.
    await this.#turn()
    while (this.#waiting.length > 0) {
      await this.#commit(this.#waiting.splice(0, batchMax))
      await this.#turn()
    }
    this.#running = undefined
  }

  async #turn(): Promise<void> {
    await new Promise<void>((resolve) => this.#clock.after(0, resolve))
  }

  async #commit(batch: readonly Entry[]): Promise<void> {
    const outcomes: Outcome[] = []
    try {
      await this.#store.transaction(async (transaction) => {
        for (const entry of batch) outcomes.push(await attempt(entry, transaction))
      })
    } catch (error) {
      for (const entry of batch) entry.reject(error)
      return
    }
    for (const [index, entry] of batch.entries()) {
      const outcome = outcomes[index]
      if (outcome?.kind === 'refused') entry.reject(outcome.error)
      else entry.resolve()
    }
  }
}

async function attempt(entry: Entry, transaction: Transaction): Promise<Outcome> {
  try {
    await transaction.savepoint(() => entry.run(transaction))
    return { kind: 'done' }
  } catch (error) {
    return { kind: 'refused', error }
  }
}
