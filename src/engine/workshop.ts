import type { Limits } from '../core/definition/limits.ts'
import type { RunDefaults } from '../core/lifecycle/run-policy.ts'
import type { PipelineId, PipelineRow } from '../store/rows.ts'
import type { Store, Transaction } from '../store/store.ts'
import { PipelineDeletedException, PipelineNotFoundException } from '../wire/errors.ts'
import type { Chance } from './chance.ts'
import type { Effects } from './changes.ts'
import type { Clock } from './clock.ts'
import { Intake } from './intake.ts'
import { settlePipeline } from './pipeline-life.ts'
import { Plans } from './plans.ts'
import { UnitOfWork } from './unit-of-work.ts'

/** Where work on pipelines is done: opens units of work, makes them durable, and passes on what is to be done afterwards. */
export class Workshop {
  readonly store: Store
  readonly clock: Clock
  readonly chance: Chance
  readonly plans: Plans
  readonly intake: Intake
  readonly limits: Limits
  readonly #onEffects: (effects: Effects) => void

  constructor(place: {
    store: Store
    clock: Clock
    chance: Chance
    defaults: RunDefaults
    limits: Limits
    onEffects: (effects: Effects) => void
  }) {
    this.store = place.store
    this.clock = place.clock
    this.chance = place.chance
    this.limits = place.limits
    this.plans = new Plans(place.defaults)
    this.intake = new Intake(place.store, place.clock)
    this.#onEffects = place.onEffects
  }

  /**
   * Does a piece of work on one pipeline. Resolves when it is durable.
   *
   * @throws PipelineNotFoundException and PipelineDeletedException for a pipeline that is not there.
   */
  async onPipeline<T>(pipelineId: PipelineId, work: (unit: UnitOfWork) => Promise<T>): Promise<T> {
    return await this.#durably(async (transaction) => {
      const pipeline = existing(await transaction.findPipeline(pipelineId), pipelineId)
      return await this.perform(pipeline, transaction, work)
    })
  }

  /** Does a piece of work that finds out for itself which pipelines it concerns. Resolves when it is durable. */
  async inTransaction<T>(
    work: (transaction: Transaction) => Promise<{ readonly result: T; readonly effects: readonly Effects[] }>,
  ): Promise<T> {
    return await this.#durably(work)
  }

  /** One unit of work inside a transaction. */
  async perform<T>(
    pipeline: PipelineRow,
    transaction: Transaction,
    work: (unit: UnitOfWork) => Promise<T>,
  ): Promise<{ readonly result: T; readonly effects: readonly Effects[] }> {
    const unit = new UnitOfWork({ transaction, plans: this.plans, now: this.clock.now(), pipeline })
    const result = await work(unit)
    settlePipeline(unit)
    return { result, effects: [await unit.flush()] }
  }

  async #durably<T>(
    work: (transaction: Transaction) => Promise<{ readonly result: T; readonly effects: readonly Effects[] }>,
  ): Promise<T> {
    const { result, effects } = await this.intake.submit(work)
    for (const effect of effects) this.#onEffects(effect)
    return result
  }
}

/**
 * The pipeline, if it is there for callers.
 *
 * @throws PipelineNotFoundException and PipelineDeletedException
 */
export function existing(pipeline: PipelineRow | undefined, pipelineId: PipelineId): PipelineRow {
  if (pipeline === undefined) throw new PipelineNotFoundException(`Pipeline with id: ${pipelineId} does not exist`)
  if (pipeline.state === 'DELETED')
    throw new PipelineDeletedException(`Pipeline with id: ${pipelineId} has been deleted`)
  return pipeline
}
