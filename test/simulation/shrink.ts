import { defaultLimits } from '../../src/core/definition/limits.ts'
import type { Definition, ObjectId } from '../../src/core/definition/pipeline-object.ts'
import { validateDefinition } from '../../src/core/definition/validate.ts'
import { instant } from '../../src/core/instant.ts'
import { calm, type Rates, type Scenario } from './scenario.ts'
import { simulate } from './simulation.ts'

/** How long a scenario is made smaller, in milliseconds: one that has no end takes long to run, and others wait. */
const shrinkMaxMs = 20_000

/**
 * The smallest scenario that is found in {@link shrinkMaxMs} to break the same law: happenings, what goes wrong outside and objects are
 * left out, one after another, as long as it still does. `events` are those of the whole run: a smaller one that takes longer is none.
 */
export async function shrink(
  scenario: Scenario,
  { violation, events }: { readonly violation: string; readonly events: number },
): Promise<Scenario> {
  const until = performance.now() + shrinkMaxMs
  let smallest = scenario
  const tryOut = async (candidate: Scenario | undefined): Promise<boolean> => {
    if (candidate === undefined || performance.now() >= until) return false
    const { violations } = await simulate(candidate, { eventsMost: 2 * events })
    const isSame = violations.some((found) => kindOf(found) === kindOf(violation))
    if (isSame) smallest = candidate
    return isSame
  }
  for (let before: Scenario | undefined; before !== smallest && performance.now() < until; ) {
    before = smallest
    await tryOut({ ...smallest, rates: calm })
    for (const size of halvesOf(smallest.happenings.length)) {
      for (let index = smallest.happenings.length - size; index >= 0; index -= size) {
        await tryOut({ ...smallest, happenings: smallest.happenings.toSpliced(index, size) })
      }
    }
    for (const rate of Object.keys(calm)) await tryOut(withoutRate(smallest, rate))
    for (const id of objectIds(smallest)) await tryOut(withoutObject(smallest, id))
    for (const key of fieldsOf(smallest)) await tryOut(withoutField(smallest, key))
  }
  return smallest
}

/** Half of a number, a quarter of it, and so on down to 1: what goes together goes quickly. */
function halvesOf(count: number): readonly number[] {
  const half = Math.floor(count / 2)
  return half < 1 ? [] : [half, ...halvesOf(half)]
}

/** What a violation is about, without the names, numbers and times in it. */
export const kindOf = (violation: string): string =>
  violation
    .slice(0, 300)
    .replaceAll(/@\S+|\d+|df-\w+|\b[A-Z]\w*\d\b/g, '…')
    .slice(0, 60)

function withoutRate(scenario: Scenario, rate: string): Scenario | undefined {
  const rates: Rates = { ...scenario.rates, [rate]: 0 }
  return JSON.stringify(rates) === JSON.stringify(scenario.rates) ? undefined : { ...scenario, rates }
}

const objectIds = ({ definitions }: Scenario): readonly ObjectId[] => [
  ...new Set(definitions.flatMap(({ objects }) => objects.map(({ id }) => id).toReversed())),
]

const fieldsOf = ({ definitions }: Scenario): readonly string[] => [
  ...new Set(definitions.flatMap(({ objects }) => objects.flatMap(({ fields }) => fields.map(({ key }) => key)))),
]

const withoutObject = (scenario: Scenario, gone: ObjectId): Scenario | undefined =>
  changed(scenario, (definition) => ({
    ...definition,
    objects: definition.objects
      .filter(({ id }) => id !== gone)
      .map((object) => ({
        ...object,
        fields: object.fields.filter(({ value }) => value.kind === 'string' || value.target !== gone),
      })),
  }))

const withoutField = (scenario: Scenario, gone: string): Scenario | undefined =>
  changed(scenario, (definition) => ({
    ...definition,
    objects: definition.objects.map((object) => ({
      ...object,
      fields: object.fields.filter(({ key }) => key !== gone),
    })),
  }))

/** The scenario with other definitions, if these are still right. */
function changed(scenario: Scenario, change: (definition: Definition) => Definition): Scenario | undefined {
  const definitions = scenario.definitions.map(change)
  const areRight = definitions.every((definition) =>
    validateDefinition(definition, { limits: defaultLimits, now: instant(Date.UTC(2026, 0, 1)) }).every(
      ({ severity }) => severity === 'warning',
    ),
  )
  const isOther = JSON.stringify(definitions) !== JSON.stringify(scenario.definitions)
  return areRight && isOther ? { ...scenario, definitions } : undefined
}
