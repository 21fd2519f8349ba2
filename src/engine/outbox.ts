import type { Logger } from 'pino'
import { isLegal } from '../core/lifecycle/advance.ts'
import type { Event } from '../core/lifecycle/event.ts'
import type { OutboxRow } from '../store/rows.ts'
import type { Workshop } from './workshop.ts'

/** What performing a command comes to: events for its instance; none where there is nothing to say. */
export type Performer = (row: OutboxRow) => Promise<readonly Event[]>

/** The most commands that are performed at once. */
const performingMax = 64

/** Commands that are read at once. */
const pageMax = 256

/** The pauses before a command is performed again that failed unexpectedly, in milliseconds; the last one repeats. */
const retryDelaysMs = [1000, 5000, 30_000] as const

/**
 * Performs the commands that units of work have left, at least once each, in no particular order. A command is forgotten in the
 * same transaction that takes its result, so what was cut short is performed again after a restart.
 */
export class Outbox {
  readonly #workshop: Workshop
  readonly #perform: Performer
  readonly #log: Logger
  readonly #inHand = new Set<number>()
  #afterSequence = 0
  #reading: Promise<void> | undefined
  #isWanted = false
  #isStopped = true

  constructor(workshop: Workshop, perform: Performer, log: Logger) {
    this.#workshop = workshop
    this.#perform = perform
    this.#log = log
  }

  /** Takes up what was left behind. */
  start(): void {
    this.#isStopped = false
    this.wake()
  }

  /** Starts nothing more. What is being performed may be cut short: it is performed again after the next start. */
  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#reading
  }

  /** There are new commands, or room for more. */
  wake(): void {
    this.#isWanted = true
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined
    })
  }

  async #read(): Promise<void> {
    while (this.#isWanted && !this.#isStopped && this.#inHand.size < performingMax) {
      this.#isWanted = false
      const limit = Math.min(pageMax, performingMax - this.#inHand.size)
      const rows = await this.#workshop.store.reads.listOutbox(this.#afterSequence, limit)
      for (const row of rows) {
        this.#afterSequence = row.sequence
        this.#inHand.add(row.sequence)
        void this.#see(row, 0)
      }
      if (rows.length === limit) this.#isWanted = true
    }
  }

  /** Sees one command through. */
  async #see(row: OutboxRow, failures: number): Promise<void> {
    try {
      const events = await this.#perform(row)
      if (this.#isStopped) return
      await this.#settle(row, events)
      this.#inHand.delete(row.sequence)
      this.wake()
    } catch (error) {
      if (this.#isStopped) return
      const delayMs = retryDelaysMs[Math.min(failures, retryDelaysMs.length - 1)] ?? 0
      this.#log.error({ err: error, pipelineId: row.pipelineId, command: row.command, delayMs }, 'a command failed')
      this.#workshop.clock.after(delayMs, () => void this.#see(row, failures + 1))
    }
  }

  async #settle(row: OutboxRow, events: readonly Event[]): Promise<void> {
    await this.#workshop.inTransaction(async (transaction) => {
      await transaction.deleteOutbox(row.sequence)
      const pipeline = await transaction.findPipeline(row.pipelineId)
      if (pipeline === undefined || pipeline.state === 'DELETED' || events.length === 0) {
        return { result: undefined, effects: [] }
      }
      return await this.#workshop.perform(pipeline, transaction, async (unit) => {
        for (const event of events) {
          const instance = await unit.instance(row.instanceId)
          if (instance !== undefined && isLegal(instance, event)) await unit.deliver([{ id: row.instanceId, event }])
        }
        return undefined
      })
    })
  }
}
