import type { Logger } from 'pino'
import { assertNever } from '../core/assert-never.ts'
import type { Instant } from '../core/instant.ts'
import { plusMs } from '../core/instant.ts'
import { isLegal } from '../core/lifecycle/advance.ts'
import type { TimerKind } from '../core/lifecycle/event.ts'
import { noPipeline, type PipelineId, type TimerRow } from '../store/rows.ts'
import type { Transaction } from '../store/store.ts'
import type { Effects } from './changes.ts'
import { makeDueInstances } from './due-instances.ts'
import { eraseSlice } from './erasure.ts'
import type { Retention } from './retention.ts'
import { cancelOpen, drainOpen, reactivateCanceled, resumeSlice } from './sweeps.ts'
import type { UnitOfWork } from './unit-of-work.ts'
import type { Workshop } from './workshop.ts'

/** The most timers that fire in one transaction. */
const timersMax = 200

/**
 * The longest sleep before the clock is looked at again, in milliseconds: while the engine sleeps the clock may be set, and it goes on
 * in a machine that is suspended, where the platform's timers stand still.
 */
const sleepMaxMs = 60_000

/** When timers are tried again whose work has failed, in milliseconds: an error must not become a loop. */
const retryAfterErrorMs = 60_000

/** Sleeps until the next durable timer is due, and lets it fire. While nothing is due, it does nothing. */
export class Timers {
  readonly #workshop: Workshop
  readonly #retention: Retention
  readonly #log: Logger
  #wakeAt: Instant | undefined
  #cancelSleep: () => void = () => undefined
  #firing: Promise<void> | undefined
  #isWanted = false
  #isStopped = true

  constructor(workshop: Workshop, retention: Retention, log: Logger) {
    this.#workshop = workshop
    this.#retention = retention
    this.#log = log
  }

  /** Looks once for what is due; from then on each commit says when the next timer is. */
  async start(): Promise<void> {
    this.#isStopped = false
    const next = await this.#workshop.store.reads.nextTimerAt()
    if (next !== undefined) this.wakeBy(next)
  }

  /** Resolves when no timer fires any more. */
  async stop(): Promise<void> {
    this.#isStopped = true
    this.#cancelSleep()
    await this.#firing
  }

  /** Makes sure to be awake at `moment`. */
  wakeBy(moment: Instant): void {
    if (this.#isStopped || (this.#wakeAt !== undefined && this.#wakeAt <= moment)) return
    this.#cancelSleep()
    this.#wakeAt = moment
    const delayMs = Math.min(Math.max(0, moment - this.#workshop.clock.now()), sleepMaxMs)
    this.#cancelSleep = this.#workshop.clock.after(delayMs, () => {
      this.#wakeAt = undefined
      if (this.#isStopped) return
      if (this.#workshop.clock.now() < moment) {
        this.wakeBy(moment)
        return
      }
      this.#isWanted = true
      this.#firing ??= this.#fireWhileWanted()
    })
  }

  async #fireWhileWanted(): Promise<void> {
    while (this.#isWanted && !this.#isStopped) {
      this.#isWanted = false
      await this.#fire()
    }
    this.#firing = undefined
  }

  async #fire(): Promise<void> {
    try {
      await this.#workshop.inTransaction(async (transaction) => await this.#fireDue(transaction))
      const next = await this.#workshop.store.reads.nextTimerAt()
      if (next !== undefined) this.wakeBy(next)
    } catch (error) {
      this.#log.error({ err: error }, 'timers could not fire')
      this.wakeBy(plusMs(this.#workshop.clock.now(), retryAfterErrorMs))
    }
  }

  async #fireDue(transaction: Transaction): Promise<{ result: undefined; effects: readonly Effects[] }> {
    const now = this.#workshop.clock.now()
    const byPipeline = Map.groupBy(await transaction.listDueTimers(now, timersMax), ({ pipelineId }) => pipelineId)
    const effects: Effects[] = []
    for (const [pipelineId, timers] of byPipeline) {
      const done = await this.#fireOf(pipelineId, timers, transaction)
      effects.push(...done)
      // A pipeline that wants to go on at once has done a whole slice. Whoever waits for the database comes before another one does.
      if (done.some(({ timerAt }) => timerAt !== undefined && timerAt <= now)) break
    }
    return { result: undefined, effects }
  }

  /** The timers of one pipeline. If their work fails, that is undone and put off, and the other pipelines go on. */
  async #fireOf(
    pipelineId: PipelineId,
    timers: readonly TimerRow[],
    transaction: Transaction,
  ): Promise<readonly Effects[]> {
    try {
      return await transaction.savepoint(async () => {
        await transaction.deleteTimers(timers)
        const pipeline = await transaction.findPipeline(pipelineId)
        if (pipelineId === noPipeline) return await this.#fireOfService(timers, transaction)
        if (pipeline === undefined) return []
        if (pipeline.state === 'DELETED') {
          if (timers.some(({ kind }) => kind === 'forget')) await transaction.deletePipeline(pipelineId)
          return []
        }
        const { effects } = await this.#workshop.perform(pipeline, transaction, async (unit) => {
          for (const timer of timers) await fire(timer, unit)
        })
        return effects
      })
    } catch (error) {
      this.#log.error({ err: error, pipelineId }, 'the timers of a pipeline failed and are put off')
      const dueAt = plusMs(this.#workshop.clock.now(), retryAfterErrorMs)
      await transaction.saveTimers(timers.map((timer) => ({ ...timer, dueAt })))
      return []
    }
  }

  async #fireOfService(timers: readonly TimerRow[], transaction: Transaction): Promise<readonly Effects[]> {
    for (const { subjectId } of timers) await this.#retention.sweep(transaction, subjectId)
    return []
  }
}

async function fire({ kind, subjectId }: TimerRow, unit: UnitOfWork): Promise<void> {
  switch (kind) {
    case 'schedule':
      return await makeDueInstances(unit)
    case 'cancel':
      return await cancelOpen(unit, subjectId)
    case 'drain':
      return await drainOpen(unit, subjectId)
    case 'reactivate':
      return await reactivateCanceled(unit)
    case 'resume':
      return await resumeSlice(unit, subjectId)
    case 'erase':
      return await eraseSlice(unit)
    case 'forget':
    case 'expire':
      // Only what has been deleted is forgotten, and runs expire outside units of work, which are about what goes on.
      return
    case 'retryDue':
    case 'recheckDue':
    case 'leaseExpired':
    case 'attemptTimedOut':
    case 'late':
    case 'preconditionTimedOut':
    case 'startTimedOut':
    case 'lifetimeOver':
      return await fireOnInstance(kind, subjectId, unit)
    default:
      return assertNever(kind)
  }
}

/** A timer may fire in the transaction in which its instance moves on; then it comes too late and means nothing. */
async function fireOnInstance(kind: TimerKind, id: TimerRow['subjectId'], unit: UnitOfWork): Promise<void> {
  const instance = await unit.instance(id)
  if (instance !== undefined && isLegal(instance, { kind })) await unit.deliver([{ id, event: { kind } }])
}
