import { isA } from '../catalog/object-type.ts'
import type { ObjectId } from '../definition/pipeline-object.ts'
import { type Instant, instant, plusMs } from '../instant.ts'
import { evaluateObject } from '../lifecycle/evaluated-objects.ts'
import type { CheckOutcome, Event } from '../lifecycle/event.ts'
import type { Attempt, TaskError } from '../lifecycle/instance.ts'
import type { Plan } from '../lifecycle/plan.ts'
import { runScope } from '../lifecycle/run-scope.ts'
import { taskObjects } from '../lifecycle/task-objects.ts'
import { MissingPaths } from './missing-paths.ts'
import type { Assumptions, MissingData, Scenario } from './scenario.ts'
import type { SimulatedInstance } from './simulated-instance.ts'

type Result = Extract<Event, { kind: 'result' }>

/** What comes of the work of tasks, of checks and of the start of machines: success, unless something else is assumed. */
export class Outcomes {
  readonly #plan: Plan
  readonly #scenario: Scenario
  readonly #assumptions: Assumptions
  readonly #missing: MissingPaths
  /** The components whose fields could be evaluated; those of the others are tried for each instance. */
  readonly #sound = new Set<ObjectId>()

  constructor(plan: Plan, scenario: Scenario, assumptions: Assumptions) {
    this.#plan = plan
    this.#scenario = scenario
    this.#assumptions = assumptions
    this.#missing = new MissingPaths(plan, assumptions)
  }

  /** How long a task works from `now` on, in milliseconds. A check takes no time; neither does the search for an input in vain. */
  workMs(entry: SimulatedInstance, now: Instant): number {
    const delayMs = this.#assumptions.delayMs(entry.instance)
    if (this.#isPrecondition(entry)) return delayMs ?? 0
    return isMissing(this.#missing.missedBy(entry), now) ? 0 : (delayMs ?? this.#scenario.taskMs)
  }

  /** How long a machine takes to come up, in milliseconds. */
  machineStartMs({ instance }: SimulatedInstance): number {
    return this.#assumptions.delayMs(instance) ?? this.#scenario.machineStartMs
  }

  /** What a runner reports when it is done. */
  taskResult(entry: SimulatedInstance, attempt: Attempt, now: Instant): Result {
    if (this.#assumptions.fails(entry.instance, attempt.number)) return failedResult(assumed)
    const missing = this.#missing.missedBy(entry)
    if (missing === undefined || !isMissing(missing, now)) return finishedResult
    return this.#isPrecondition(entry) ? falseResult : failedResult(missingInput(missing))
  }

  /** What the service finds that checks a precondition. */
  checkOutcome(entry: SimulatedInstance, now: Instant): CheckOutcome {
    const flaw = this.#assumptions.fails(entry.instance, entry.instance.attemptCount) ? assumed : this.fieldsFlaw(entry)
    if (flaw !== undefined) return { kind: 'failed', error: flaw }
    return this.#heldFrom(entry, now) > now ? { kind: 'notYet', message: 'It is not there yet.' } : { kind: 'met' }
  }

  /** Why the machine of an attempt does not come up. */
  machineFlaw(entry: SimulatedInstance): TaskError | undefined {
    return this.#assumptions.fails(entry.instance, entry.instance.attemptCount) ? assumed : this.fieldsFlaw(entry)
  }

  /**
   * The first check that may find something, of those that begin at `at` and then again and again: the ones before it are left out,
   * since there may be millions of them. `undefined` if none ever does.
   */
  checkOfUse(entry: SimulatedInstance, at: Instant, now: Instant): Instant | undefined {
    if (!this.#isPrecondition(entry)) return at
    const heldFrom = this.#heldFrom(entry, now)
    if (heldFrom === never) return undefined
    const checkMs = entry.component.kind === 'check' ? 0 : this.workMs(entry, now)
    const cycleMs = Math.max(1, entry.component.policy.recheckDelayMs + checkMs)
    return plusMs(at, Math.max(0, Math.ceil((heldFrom - checkMs - at) / cycleMs)) * cycleMs)
  }

  /** Why an attempt cannot be handed out: an expression that fails. */
  taskFlaw({ instance, component }: SimulatedInstance, attempt: Attempt): TaskError | undefined {
    return this.#flaw(component.id, () => taskObjects(this.#plan, instance, attempt))
  }

  /** Why a check, or the start of a machine, cannot be asked for: an expression that fails. */
  fieldsFlaw({ instance, component }: SimulatedInstance): TaskError | undefined {
    const evaluated = { id: instance.id, name: component.name, keys: [...component.fields.keys()] }
    return this.#flaw(component.id, () => evaluateObject(evaluated, runScope(this.#plan, [instance])))
  }

  /** Expressions fail for all instances of a component or, but for rare cases, for none: one that could be evaluated is enough. */
  #flaw(component: ObjectId, evaluate: () => ReturnType<typeof evaluateObject>): TaskError | undefined {
    if (this.#sound.has(component)) return undefined
    const evaluated = evaluate()
    if (evaluated.kind === 'objects') {
      this.#sound.add(component)
      return undefined
    }
    const { objectId, field, message } = evaluated.problem
    return { id: 'Service_Unevaluated', message: `${objectId}, field ${field}: ${message}`, stackTrace: undefined }
  }

  /** From when on a precondition holds. */
  #heldFrom(entry: SimulatedInstance, now: Instant): Instant {
    const missing = this.#missing.missedBy(entry)
    const delayMs = entry.component.kind === 'check' ? (this.#assumptions.delayMs(entry.instance) ?? 0) : 0
    const delayedUntil = plusMs(entry.begunAt ?? now, delayMs)
    return missing === undefined ? delayedUntil : instant(Math.max(delayedUntil, missing.appearsAt ?? never))
  }

  #isPrecondition({ component }: SimulatedInstance): boolean {
    const type = this.#plan.objects.get(component.id)?.type
    return type !== undefined && isA(type, 'Precondition')
  }
}

/** Later than every time. */
const never = instant(Number.POSITIVE_INFINITY)

const isMissing = (missing: MissingData | undefined, now: Instant): boolean =>
  missing !== undefined && (missing.appearsAt ?? never) > now

const assumed: TaskError = { id: 'Assumed', message: 'It is assumed to fail.', stackTrace: undefined }

const missingInput = ({ path }: MissingData): TaskError => ({
  id: 'MissingInput',
  message: `${path} is missing, and no precondition waits for it.`,
  stackTrace: undefined,
})

const finishedResult: Result = { kind: 'result', status: 'FINISHED', error: undefined }

const falseResult: Result = { kind: 'result', status: 'FALSE', error: undefined }

const failedResult = (error: TaskError): Result => ({ kind: 'result', status: 'FAILED', error })
