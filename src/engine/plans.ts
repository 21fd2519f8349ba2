import { resolveObjects } from '../core/definition/effective-object.ts'
import { parameterEntries } from '../core/definition/parameters.ts'
import type { Problem } from '../core/definition/problem.ts'
import type { Instant } from '../core/instant.ts'
import { makePlan, type Plan } from '../core/lifecycle/plan.ts'
import type { RunDefaults } from '../core/lifecycle/run-policy.ts'
import type { DefinitionRow, PipelineId, PipelineRow } from '../store/rows.ts'
import type { Reads } from '../store/store.ts'

/** Plans kept in memory: enough for the pipelines that are at work at one time; others are made again when they are needed. */
const plansMax = 256

/** The plans of active definitions, made when they are first needed. */
export class Plans {
  readonly #defaults: RunDefaults
  readonly #plans = new Map<string, Plan>()
  /** How often plans have been forgotten: what was read before that is not kept any more. */
  #forgotten = 0

  constructor(defaults: RunDefaults) {
    this.#defaults = defaults
  }

  /** The plan of one version of a pipeline that has been activated. */
  async planOf(pipeline: PipelineRow, version: number, reads: Reads): Promise<Plan> {
    const key = planKey(pipeline.id, version)
    const known = this.#plans.get(key)
    if (known !== undefined) return known
    const forgotten = this.#forgotten
    const row = await reads.findDefinition(pipeline.id, version)
    if (row === undefined) throw new Error(`Definition ${version} of ${pipeline.id} is not in the store.`)
    const { plan } = this.make(row, pipeline.firstActivatedAt ?? pipeline.createdAt)
    if (forgotten === this.#forgotten) this.#keep(key, plan)
    return plan
  }

  /** A plan that is made to see whether it can be, or to take effect. */
  make(row: DefinitionRow, firstActivatedAt: Instant): { readonly plan: Plan; readonly problems: readonly Problem[] } {
    const { objects } = resolveObjects(row.definition)
    const { entries: parameters } = parameterEntries(row.definition)
    return makePlan({ pipelineId: row.pipelineId, objects, parameters, firstActivatedAt, defaults: this.#defaults })
  }

  /** Forgets a plan whose parameters have changed. */
  forget(pipelineId: PipelineId, version: number): void {
    this.#forgotten += 1
    this.#plans.delete(planKey(pipelineId, version))
  }

  #keep(key: string, plan: Plan): void {
    const [oldest] = this.#plans.keys()
    if (this.#plans.size >= plansMax && oldest !== undefined) this.#plans.delete(oldest)
    this.#plans.set(key, plan)
  }
}

const planKey = (pipelineId: PipelineId, version: number): string => `${pipelineId} ${version}`
