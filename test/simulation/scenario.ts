import type { Definition } from '../../src/core/definition/pipeline-object.ts'
import type { StatusRequest } from '../../src/engine/engine.ts'
import { randomDefinition } from './random-definition.ts'
import { SeededChance } from './seeded-chance.ts'

const minuteMs = 60_000

/** The time in which things happen and faults are made, before all is left alone, in milliseconds. */
const hecticMs = 4 * 60 * minuteMs

/** How often what may go wrong outside goes wrong: shares of all cases. */
export type Rates = {
  /** A task ends with FAILED, with FALSE, or never. */
  readonly taskFails: number
  readonly taskFalse: number
  readonly runnerSilent: number
  /** A runner goes on with a task that it was told to stop. */
  readonly runnerStubborn: number
  readonly machineFails: number
  readonly machineNever: number
  readonly machineLate: number
  readonly terminationFails: number
  readonly checkNotYet: number
  readonly checkFails: number
  readonly publishFails: number
}

/** Where a process ends: before what it was about to do has any effect, or when nobody has heard of it yet. */
type CrashPlace = 'before' | 'after'

/** What becomes of a call on its way. */
export type NetworkFault = 'requestLost' | 'answerLost' | 'doubled' | 'requestDelayed' | 'answerDelayed' | 'abandoned'

/** Something that a user does, or a fault; `pick` chooses among what there is at that time. */
export type Deed =
  | { readonly kind: 'create'; readonly pipeline: number }
  | { readonly kind: 'setStatus'; readonly status: StatusRequest; readonly pick: number; readonly count: number }
  | { readonly kind: 'deactivate'; readonly pipeline: number; readonly cancelActive: boolean }
  | { readonly kind: 'activate'; readonly pipeline: number; readonly startAfterMs: number | undefined }
  | { readonly kind: 'edit'; readonly pipeline: number; readonly pick: number }
  | { readonly kind: 'delete'; readonly pipeline: number }
  | { readonly kind: 'look'; readonly pick: number }
  | { readonly kind: 'crash' | 'restart'; readonly downMs: number }
  | {
      readonly kind: 'crashAtCommit' | 'crashAtCall'
      readonly skip: number
      readonly place: CrashPlace
      readonly downMs: number
    }
  | { readonly kind: 'loseMachine'; readonly pick: number }
  | { readonly kind: 'fillDisk'; readonly forMs: number }
  | { readonly kind: 'setClock'; readonly byMs: number }
  | { readonly kind: 'network'; readonly skip: number; readonly fault: NetworkFault; readonly delayMs: number }

/** A deed and when it is done, in milliseconds from the start of the run. */
export type Happening = { readonly afterMs: number } & Deed

/** Everything that one run of the simulation is made of. The rest follows from the seed. */
export type Scenario = {
  readonly seed: number
  readonly store: 'memory' | 'disk'
  readonly definitions: readonly Definition[]
  /** Task runners for each worker group. */
  readonly runners: number
  readonly rates: Rates
  readonly happenings: readonly Happening[]
  readonly hecticMs: number
}

/** Nothing goes wrong. */
export const calm: Rates = {
  taskFails: 0,
  taskFalse: 0,
  runnerSilent: 0,
  runnerStubborn: 0,
  machineFails: 0,
  machineNever: 0,
  machineLate: 0,
  terminationFails: 0,
  checkNotYet: 0,
  checkFails: 0,
  publishFails: 0,
}

/** One run in so many keeps its database in a file: that takes longer, and little of it differs. */
const diskEvery = 50

/** The scenario of a seed. */
export function randomScenario(seed: number): Scenario {
  const chance = new SeededChance(seed, 'scenario')
  const definitions = Array.from({ length: chance.pick([1, 1, 1, 2]) }, () => randomDefinition(chance))
  const births = definitions.map(
    (_, pipeline): Happening => ({
      afterMs: pipeline === 0 ? 0 : chance.below(hecticMs / 4),
      kind: 'create',
      pipeline,
    }),
  )
  const count = chance.between(5, 25)
  const others = Array.from({ length: count }, (): Happening => {
    const afterMs = chance.below(hecticMs)
    return { afterMs, ...randomDeed(chance, definitions.length) }
  })
  return {
    seed,
    store: seed % diskEvery === 0 ? 'disk' : 'memory',
    definitions,
    runners: chance.between(1, 2),
    rates: chance.happens(0.15) ? calm : randomRates(chance),
    happenings: [...births, ...others].sort((left, right) => left.afterMs - right.afterMs),
    hecticMs,
  }
}

function randomRates(chance: SeededChance): Rates {
  const share = (most: number): number => (chance.happens(0.3) ? 0 : (most * chance.below(100)) / 100)
  return {
    taskFails: share(0.5),
    taskFalse: share(0.3),
    runnerSilent: share(0.3),
    runnerStubborn: share(0.5),
    machineFails: share(0.4),
    machineNever: share(0.2),
    machineLate: share(0.3),
    terminationFails: share(0.4),
    checkNotYet: share(0.7),
    checkFails: share(0.3),
    publishFails: share(0.5),
  }
}

function randomDeed(chance: SeededChance, pipelines: number): Deed {
  const pipeline = chance.below(pipelines)
  const pick = chance.below(1000)
  const downMs = chance.pick([1000, 20_000, 5 * minuteMs, 40 * minuteMs])
  const make = chance.pick<() => Deed>([
    ...repeated<() => Deed>(8, () => randomStatus(chance, pick)),
    ...repeated<() => Deed>(2, () => ({ kind: 'deactivate', pipeline, cancelActive: chance.happens(0.5) })),
    ...repeated<() => Deed>(4, () => ({
      kind: 'activate',
      pipeline,
      startAfterMs: chance.happens(0.25) ? chance.below(hecticMs) : undefined,
    })),
    () => ({ kind: 'edit', pipeline, pick }),
    () => ({ kind: 'look', pick }),
    () => (chance.happens(0.3) ? { kind: 'delete', pipeline } : { kind: 'look', pick }),
    () => ({ kind: chance.pick(['crash', 'restart']), downMs }),
    ...repeated<() => Deed>(4, () => ({
      kind: chance.pick(['crashAtCommit', 'crashAtCommit', 'crashAtCall']),
      skip: chance.below(6),
      place: chance.pick(['before', 'after']),
      downMs,
    })),
    ...repeated<() => Deed>(2, () => ({ kind: 'loseMachine', pick })),
    () => ({ kind: 'fillDisk', forMs: chance.pick([30_000, 5 * minuteMs, 30 * minuteMs]) }),
    () => ({ kind: 'setClock', byMs: chance.pick([-60_000, -5000, 5000, 10 * minuteMs, 3 * 60 * minuteMs]) }),
    ...repeated<() => Deed>(5, () => ({
      kind: 'network',
      skip: chance.below(8),
      fault: chance.pick(['requestLost', 'answerLost', 'doubled', 'requestDelayed', 'answerDelayed', 'abandoned']),
      delayMs: chance.pick([100, 5000, 3 * minuteMs, 30 * minuteMs]),
    })),
  ])
  return make()
}

const randomStatus = (chance: SeededChance, pick: number): Deed => ({
  kind: 'setStatus',
  status: chance.pick(['RERUN', 'RERUN', 'RERUN', 'TRY_CANCEL', 'TRY_CANCEL', 'MARK_FINISHED', 'PAUSE', 'RESUME']),
  pick,
  count: chance.pick([1, 1, 1, 2, 4]),
})

const repeated = <Item>(count: number, item: Item): readonly Item[] => Array.from({ length: count }, () => item)
