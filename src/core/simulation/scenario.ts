import type { ObjectId } from '../definition/pipeline-object.ts'
import type { Instant } from '../instant.ts'

/** Of which instances something is assumed: all those of a component, or the one with this scheduled start. */
export type Target = { readonly component: ObjectId; readonly scheduledStart: Instant | undefined }

/** That something fails. */
export type Failure = {
  readonly kind: 'failure'
  readonly target: Target
  /** How many tries fail; the ones after them succeed. All of them if absent. */
  readonly tries: number | undefined
}

/**
 * How long something takes: the work of a task, the start of a machine. A precondition that the service checks holds so long after it
 * is first asked.
 */
export type Delay = {
  readonly kind: 'delay'
  readonly target: Target
  /** Milliseconds, ≥ 0. */
  readonly durationMs: number
}

/** That data is not there. */
export type MissingData = {
  readonly kind: 'missing'
  /** `s3://bucket/key`; what lies in it as in a folder is missing as well. */
  readonly path: string
  /** When it appears; never if absent. */
  readonly appearsAt: Instant | undefined
}

/** One thing that is assumed beside what holds for all. */
export type Assumption = Failure | Delay | MissingData

/** What is simulated, and what is assumed of the world outside. */
export type Scenario = {
  /** What was due earlier counts as done. */
  readonly from: Instant
  /** Exclusive: the clock stops before it. */
  readonly to: Instant
  /** When the pipeline is first activated. If that is after `from`, what was due in between is made up for. */
  readonly activatedAt: Instant
  /** How long an activity works, in milliseconds. */
  readonly taskMs: number
  /** How long a machine takes to come up, in milliseconds. */
  readonly machineStartMs: number
  readonly assumptions: readonly Assumption[]
}

/** Looks up what is assumed of single instances, and remembers what was ever asked for. */
export class Assumptions {
  readonly missing: readonly MissingData[]
  readonly #all: readonly Assumption[]
  readonly #byComponent: ReadonlyMap<ObjectId, readonly (Failure | Delay)[]>
  readonly #used = new Set<Assumption>()

  constructor(all: readonly Assumption[]) {
    this.#all = all
    this.missing = all.filter((each) => each.kind === 'missing')
    this.#byComponent = Map.groupBy(
      all.filter((each) => each.kind !== 'missing'),
      ({ target }) => target.component,
    )
  }

  /** Whether this try of an instance fails; tries count from 1. */
  fails(instance: Placed, tryNumber: number): boolean {
    const failure = this.#find('failure', instance)
    return failure !== undefined && (failure.tries === undefined || tryNumber <= failure.tries)
  }

  /** How long an instance takes, in milliseconds, where something is said of it. */
  delayMs(instance: Placed): number | undefined {
    return this.#find('delay', instance)?.durationMs
  }

  /** Remembers that something was of consequence. */
  use(assumption: Assumption): void {
    this.#used.add(assumption)
  }

  /** What met nothing. */
  unused(): readonly Assumption[] {
    return this.#all.filter((each) => !this.#used.has(each))
  }

  /** What is said of the one instance counts before what is said of its component; of several words, the last. */
  #find<K extends 'failure' | 'delay'>(kind: K, { componentId, occurrence }: Placed) {
    const known = this.#byComponent.get(componentId)
    if (known === undefined) return undefined
    const isKind = (each: Failure | Delay): each is Extract<Failure | Delay, { kind: K }> => each.kind === kind
    const fitting = known.filter(isKind)
    const found =
      fitting.findLast(({ target }) => target.scheduledStart === occurrence.start) ??
      fitting.findLast(({ target }) => target.scheduledStart === undefined)
    if (found !== undefined) this.#used.add(found)
    return found
  }
}

/** What assumptions are found by. */
type Placed = { readonly componentId: ObjectId; readonly occurrence: { readonly start: Instant } }
