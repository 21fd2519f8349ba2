import type { Logger } from 'pino'
import { isLegal } from '../core/lifecycle/advance.ts'
import type { Event } from '../core/lifecycle/event.ts'
import type { OutboxRow } from '../store/rows.ts'
import { type NotificationText, Undelivered } from './actions/act.ts'
import type { Workshop } from './workshop.ts'

/** What performing a command comes to: events for its instance, and the notification that was delivered. */
export type Performed = { readonly events: readonly Event[]; readonly notification?: NotificationText | undefined }

/** Performs a command. Rejects where that fails unexpectedly, and where another try may help. */
export type Performer = (row: OutboxRow) => Promise<Performed>

/**
 * The most commands that are performed at once. Making a machine does not count: it is little else than waiting for the provider, and
 * may take so long that everything else would wait with it.
 */
const performingMax = 64

/** Commands that are read at once. */
const pageMax = 256

/** The pauses before a command is performed again that failed unexpectedly, in milliseconds; the last one repeats. */
const retryDelaysMs = [1000, 5000, 30_000] as const

/**
 * The pauses before a notification is sent again, in milliseconds: about 45 minutes in all. What is refused for so long, because the topic
 * does not exist for instance, is given up and shown with its instance.
 */
const notificationDelaysMs = [1000, 5000, 30_000, 120_000, 600_000, 1_800_000] as const

/** The pause before the outbox is read again that could not be read, or written, in milliseconds. */
const readAgainAfterMs = 5000

/**
 * The most commands that wait in memory for their next try: a topic may be gone while a backfill fails. Further ones wait in the store
 * until there is room.
 */
const heldMax = 1000

/** The pause before it is looked again whether there is room for what waits in the store, in milliseconds. */
const lookAgainAfterMs = 30_000

/**
 * Performs the commands that units of work have left, at least once each, in no particular order. A command is forgotten in the
 * same transaction that takes its result, so what was cut short is performed again after a restart.
 */
export class Outbox {
  readonly #workshop: Workshop
  readonly #perform: Performer
  readonly #log: Logger
  /** Ends the pauses of what is performed again later. */
  readonly #pauses = new Set<() => void>()
  /** The commands that are being performed, or wait for it in memory. */
  readonly #held = new Set<number>()
  #performing = 0
  #afterSequence = 0
  /** What has been read up to here, and is read again, has failed before. */
  #latestSequence = 0
  /** The first of the commands that have failed and wait in the store. */
  #firstLeft: number | undefined
  #isTimeToGoBack = false
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

  /** Starts nothing more. What is being performed may be cut short: it is performed again after the next start. May be called twice. */
  async stop(): Promise<void> {
    this.#isStopped = true
    for (const endPause of this.#pauses) endPause()
    this.#pauses.clear()
    await this.#reading
  }

  /** There are new commands, or room for more. */
  wake(): void {
    this.#isWanted = true
    if (this.#mayRead()) this.#reading ??= this.#read()
  }

  #mayRead(): boolean {
    return this.#isWanted && !this.#isStopped && this.#performing < performingMax
  }

  async #read(): Promise<void> {
    try {
      while (this.#mayRead()) {
        this.#isWanted = false
        if (this.#isTimeToGoBack) this.#goBack()
        const limit = Math.min(pageMax, performingMax - this.#performing)
        const rows = await this.#workshop.store.reads.listOutbox(this.#afterSequence, limit)
        for (const row of rows) this.#take(row)
        if (rows.length === limit) this.#isWanted = true
      }
    } catch (error) {
      this.#log.error({ err: error }, 'the outbox could not be read')
      this.#pause(readAgainAfterMs, () => this.wake())
    }
    // Nothing may come between the last look at what is wanted and this, or a wake-up would be lost.
    this.#reading = undefined
  }

  #take(row: OutboxRow): void {
    const { sequence, command, failures } = row
    this.#afterSequence = sequence
    if (this.#held.has(sequence)) return
    if (sequence > this.#latestSequence) {
      this.#latestSequence = sequence
      void this.#see(row)
      return
    }
    const delaysMs = command.kind === 'act' ? notificationDelaysMs : retryDelaysMs
    this.#seeLater(row, delaysMs[Math.min(failures, delaysMs.length) - 1] ?? readAgainAfterMs)
  }

  /** Sees one command through; of a notification that has been `delivered` already, only what is left to write. */
  async #see(row: OutboxRow, delivered?: Performed): Promise<void> {
    const weight = row.command.kind === 'createMachine' ? 0 : 1
    this.#held.add(row.sequence)
    this.#performing += weight
    let performed = delivered
    try {
      performed ??= await this.#perform(row)
      if (!this.#isStopped) await this.#settle(row, performed)
      this.#held.delete(row.sequence)
    } catch (error) {
      if (!this.#isStopped && performed?.notification !== undefined) this.#keepDelivered(row, performed, error)
      else if (!this.#isStopped) await this.#fail({ ...row, failures: row.failures + 1 }, error)
    }
    this.#performing -= weight
    if (this.#isWanted) this.wake()
  }

  /** What has been delivered is not sent again because the database cannot be written. */
  #keepDelivered(row: OutboxRow, performed: Performed, error: unknown): void {
    const { pipelineId, instanceId } = row
    this.#log.error({ err: error, pipelineId, instanceId }, 'a notification could not be recorded')
    this.#seeLater(row, readAgainAfterMs, performed)
  }

  async #fail(row: OutboxRow, error: unknown): Promise<void> {
    const { pipelineId, instanceId, command, failures } = row
    const notification = error instanceof Undelivered ? error.notification : undefined
    const delayMs =
      notification === undefined
        ? retryDelaysMs[Math.min(failures, retryDelaysMs.length) - 1]
        : notificationDelaysMs[failures - 1]
    this.#log.error({ err: error, pipelineId, instanceId, command, failures, delayMs }, 'a command failed')
    try {
      if (delayMs === undefined) return await this.#giveUp(row, error)
      await this.#workshop.inTransaction(async (transaction) => {
        await transaction.updateOutboxFailures(row.sequence, failures)
        return { result: undefined, effects: [] }
      })
    } catch (unrecorded) {
      this.#log.error({ err: unrecorded, pipelineId, command }, 'the failure of a command could not be recorded')
    }
    if (!this.#isStopped) this.#seeLater(row, delayMs ?? readAgainAfterMs)
  }

  /** Performs a command again after a pause; where too many wait in memory already, it waits in the store until there is room. */
  #seeLater(row: OutboxRow, delayMs: number, delivered?: Performed): void {
    if (this.#pauses.size < heldMax) {
      this.#held.add(row.sequence)
      this.#pause(delayMs, () => void this.#see(row, delivered))
      return
    }
    this.#held.delete(row.sequence)
    if (this.#firstLeft === undefined) this.#pause(lookAgainAfterMs, () => this.#lookAgain())
    this.#firstLeft = Math.min(this.#firstLeft ?? row.sequence, row.sequence)
  }

  #lookAgain(): void {
    this.#isTimeToGoBack = true
    this.wake()
  }

  /** Goes back to the first command that waits in the store. */
  #goBack(): void {
    this.#afterSequence = Math.min(this.#afterSequence, (this.#firstLeft ?? Number.POSITIVE_INFINITY) - 1)
    this.#firstLeft = undefined
    this.#isTimeToGoBack = false
  }

  /** Forgets a notification that nobody takes, and keeps what it said, and why it was refused, where users see it. */
  async #giveUp(row: OutboxRow, error: unknown): Promise<void> {
    if (!(error instanceof Undelivered)) return
    const { pipelineId, instanceId, failures } = row
    const { topicArn } = error.notification
    this.#log.error({ err: error, pipelineId, instanceId, topicArn, failures }, 'a notification is given up')
    await this.#settle(row, { events: [], notification: error.notification }, error.message)
    this.#held.delete(row.sequence)
  }

  #pause(delayMs: number, goOn: () => void): void {
    const endPause = this.#workshop.clock.after(delayMs, () => {
      this.#pauses.delete(endPause)
      goOn()
    })
    this.#pauses.add(endPause)
  }

  async #settle(row: OutboxRow, { events, notification }: Performed, error?: string): Promise<void> {
    await this.#workshop.inTransaction(async (transaction) => {
      await transaction.deleteOutbox(row.sequence)
      const pipeline = await transaction.findPipeline(row.pipelineId)
      if (notification !== undefined && pipeline !== undefined && pipeline.state !== 'DELETED') {
        await transaction.insertNotification({ ...notification, sentAt: this.#workshop.clock.now(), error })
      }
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
