import type { Failure } from './failure.ts'
import { type Run, spendSteps } from './run.ts'
import type { Value } from './value.ts'

/** The values as one list, with the items of lists in the place of the list. Values never hold lists of lists. */
export const flatten = (values: readonly Value[]): Value => ({ kind: 'list', items: values.flatMap(itemsOf) })

/** The items of a list; of any other value, the value itself. */
export const itemsOf = (value: Value): readonly Value[] => (value.kind === 'list' ? value.items : [value])

/**
 * Applies a function of a single value to a value that may be a list: then to each item, and the results are one flat list.
 *
 * @source guide: dp-pipeline-expressions
 */
export function mapItems(value: Value, run: Run, apply: (item: Value) => Value | Failure): Value | Failure {
  if (value.kind !== 'list') return apply(value)
  const results: Value[] = []
  for (const item of value.items) {
    const result = spendSteps(run, 1) ?? apply(item)
    if (result.kind === 'failure') return result
    results.push(result)
  }
  return flatten(results)
}

/**
 * Applies a function of several single values to values that may be lists: to each combination of items, of which those of the
 * first list vary slowest. The results are one flat list.
 *
 * @source ours: differences#expression-lists
 */
export function mapCombinations(
  values: readonly Value[],
  run: Run,
  apply: (combination: readonly Value[]) => Value | Failure,
): Value | Failure {
  if (values.every((value) => value.kind !== 'list')) return apply(values)
  let combinations: readonly (readonly Value[])[] = [[]]
  for (const value of values) {
    const items = itemsOf(value)
    const tooMany = spendSteps(run, combinations.length * items.length)
    if (tooMany !== undefined) return tooMany
    combinations = combinations.flatMap((combination) => items.map((item) => [...combination, item]))
  }
  const results: Value[] = []
  for (const combination of combinations) {
    const result = apply(combination)
    if (result.kind === 'failure') return result
    results.push(result)
  }
  return flatten(results)
}
