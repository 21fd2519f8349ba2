import { type ObjectId, objectId } from '../core/definition/pipeline-object.ts'
import { type Instant, instant, plusMs } from '../core/instant.ts'
import type { Instance } from '../core/lifecycle/instance.ts'
import { frontierOf, removableOf } from '../core/lifecycle/retention.ts'
import { noPipeline, type PipelineRow, pipelineId, type TimerRow } from '../store/rows.ts'
import type { Transaction } from '../store/store.ts'
import type { Workshop } from './workshop.ts'

/** The most instances that one transaction looks at and removes: others must not wait long for it. */
const sliceMax = 500

/** The most pipelines of which one transaction finds that nothing of them is old. */
const pipelinesMax = 50

/** The pause between two slices, in milliseconds: live work comes first. */
const pauseMs = 50

/** How often it is looked for runs that have become old, in milliseconds. */
const lookAgainAfterMs = 3_600_000

/** How far a sweep has come: in this pipeline, everything that ended later has been looked at, and in all before it everything. */
type Cursor = { readonly afterPipelineId: string } | { readonly pipelineId: string; readonly before: Position }

type Position = { readonly endedAt: Instant; readonly id: string }

/** Removes runs that ended longer ago than they are to be kept, pipeline by pipeline, slice by slice. */
export class Retention {
  readonly #workshop: Workshop
  readonly #keepRunsMs: number | undefined

  /** `keepRunsMs`: milliseconds, > 0; all runs are kept if it is absent. */
  constructor(workshop: Workshop, keepRunsMs: number | undefined) {
    this.#workshop = workshop
    this.#keepRunsMs = keepRunsMs
  }

  /** Sets the timer, if runs are to be removed at all. */
  async start(): Promise<void> {
    if (this.#keepRunsMs === undefined) return
    const dueAt = this.#workshop.clock.now()
    await this.#workshop.inTransaction(async (transaction) => {
      await transaction.saveTimers([timerFor({ afterPipelineId: '' }, dueAt)])
      return { result: undefined, effects: [{ queuedGroups: [], timerAt: dueAt, hasCommands: false }] }
    })
  }

  /** Does one slice; the timer brings the next one. */
  async sweep(transaction: Transaction, subjectId: ObjectId): Promise<void> {
    if (this.#keepRunsMs === undefined) return
    const now = this.#workshop.clock.now()
    const next = await this.#sweepFrom(transaction, readCursor(subjectId), plusMs(now, -this.#keepRunsMs))
    const timer =
      next === undefined
        ? timerFor({ afterPipelineId: '' }, plusMs(now, lookAgainAfterMs))
        : timerFor(next, plusMs(now, pauseMs))
    await transaction.saveTimers([timer])
  }

  async #sweepFrom(transaction: Transaction, cursor: Cursor, keptFrom: Instant): Promise<Cursor | undefined> {
    if ('pipelineId' in cursor) {
      const pipeline = await transaction.findPipeline(pipelineId(cursor.pipelineId))
      return pipeline === undefined
        ? { afterPipelineId: cursor.pipelineId }
        : await this.#sweepPipeline(transaction, pipeline, cursor.before)
    }
    const pipelines = await transaction.listPipelines(cursor.afterPipelineId, pipelinesMax)
    for (const pipeline of pipelines) {
      const before = { endedAt: keptFrom, id: '' }
      const [oldest] = await transaction.listEndedInstances(pipeline.id, { before, limit: 1 })
      if (oldest !== undefined) return await this.#sweepPipeline(transaction, pipeline, before)
    }
    const last = pipelines.at(-1)
    return last === undefined ? undefined : { afterPipelineId: last.id }
  }

  /** A pipeline that is being deleted is removed as a whole. */
  async #sweepPipeline(transaction: Transaction, pipeline: PipelineRow, before: Position): Promise<Cursor> {
    const rows = await transaction.listEndedInstances(pipeline.id, { before, limit: sliceMax })
    const ended = rows.map(({ instance }) => instance)
    if (pipeline.state !== 'DELETING') await this.#remove(transaction, pipeline, ended)
    const last = ended.at(-1)
    return last?.state.kind === 'ended' && ended.length === sliceMax
      ? { pipelineId: pipeline.id, before: { endedAt: last.state.endedAt, id: last.id } }
      : { afterPipelineId: pipeline.id }
  }

  async #remove(transaction: Transaction, pipeline: PipelineRow, ended: readonly Instance[]): Promise<void> {
    const { id, activeVersion, latestVersion } = pipeline
    if (activeVersion === undefined || ended.length === 0) return
    const plan = await this.#workshop.plans.planOf(pipeline, activeVersion, transaction)
    const components = new Map((await transaction.listComponents(id)).map((component) => [component.id, component]))
    const hit = ended.filter(({ state }) => state.kind === 'ended' && state.status === 'CASCADE_FAILED')
    const removable = removableOf({
      ended,
      dependents: await transaction.listDependentsOfAll(id, ended.map(idOf)),
      failures: await transaction.listFailuresOfAll(id, hit.map(idOf)),
      shown: new Set([...components.values()].flatMap(({ healthInstanceId }) => healthInstanceId ?? [])),
      frontier: frontierOf(plan, (componentId) => components.get(componentId)?.nextIndex ?? 0),
    })
    if (removable.length === 0) return
    await transaction.removeInstances(id, removable.map(idOf))
    await transaction.removeUnusedDefinitions(id, { below: latestVersion, except: activeVersion })
  }
}

const idOf = ({ id }: Instance): ObjectId => id

const timerFor = (cursor: Cursor, dueAt: Instant): TimerRow => ({
  pipelineId: noPipeline,
  subjectId: objectId(JSON.stringify(cursor)),
  kind: 'expire',
  dueAt,
})

/** Reads what {@link timerFor} has written. */
function readCursor(subjectId: ObjectId): Cursor {
  const cursor = JSON.parse(subjectId)
  return 'pipelineId' in cursor
    ? { pipelineId: cursor.pipelineId, before: { endedAt: instant(cursor.before.endedAt), id: cursor.before.id } }
    : { afterPipelineId: cursor.afterPipelineId }
}
