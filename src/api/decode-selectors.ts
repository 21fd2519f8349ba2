import type { Selector } from '../engine/engine.ts'
import { InvalidRequestException } from '../wire/errors.ts'
import type * as shapes from '../wire/shapes.ts'

/**
 * Selectors in one query.
 *
 * @source model: Query
 */
const selectorsMax = 10

/**
 * The conditions of QueryObjects. Which fields and values are possible, the engine knows.
 *
 * @throws InvalidRequestException when one is incomplete.
 * @source model: Operator
 */
export function decodeSelectors(selectors: readonly shapes.Selector[]): readonly Selector[] {
  if (selectors.length > selectorsMax) {
    throw new InvalidRequestException(`${selectors.length} selectors are more than the ${selectorsMax} of one query.`)
  }
  return selectors.map(decodeSelector)
}

function decodeSelector({ fieldName, operator }: shapes.Selector, index: number): Selector {
  const reject = (reason: string) => new InvalidRequestException(`Selector ${index + 1} of the query: ${reason}`)
  const { type, values = [] } = operator ?? {}
  if (!fieldName) throw reject('it has no fieldName.')
  if (type === undefined) throw reject('it has no operator.')
  if (values.length === 0) throw reject(`${type} has no value to compare ${fieldName} with.`)

  const valueCount = type === 'BETWEEN' ? 2 : 1
  if (type !== 'EQ' && type !== 'REF_EQ' && values.length !== valueCount) {
    throw reject(`${type} takes ${valueCount}, not ${values.length} values.`)
  }
  return { fieldName, operator: type, values }
}
