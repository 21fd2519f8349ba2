import { parseInstant } from '../core/instant.ts'
import type { Selector } from '../engine/engine.ts'
import { InvalidRequestException } from '../wire/errors.ts'
import type * as shapes from '../wire/shapes.ts'

/**
 * Selectors in one query.
 *
 * @source model: Query
 */
const SELECTORS_MAX = 10

/**
 * The conditions of QueryObjects.
 *
 * @throws InvalidRequestException when one is incomplete, or compares what has no order.
 * @source model: Operator
 */
export function decodeSelectors(selectors: readonly shapes.Selector[]): readonly Selector[] {
  if (selectors.length > SELECTORS_MAX) {
    throw new InvalidRequestException(`${selectors.length} selectors are more than the ${SELECTORS_MAX} of one query.`)
  }
  return selectors.map(decodeSelector)
}

function decodeSelector({ fieldName, operator }: shapes.Selector, index: number): Selector {
  const reject = (reason: string) => new InvalidRequestException(`Selector ${index + 1} of the query: ${reason}`)
  const { type, values = [] } = operator ?? {}
  if (!fieldName) throw reject('it has no fieldName.')
  if (type === undefined) throw reject('it has no operator.')
  if (values.length === 0) throw reject(`${type} has no value to compare ${fieldName} with.`)

  if (type === 'EQ' || type === 'REF_EQ') return { fieldName, operator: type, values }

  const valueCount = type === 'BETWEEN' ? 2 : 1
  if (values.length !== valueCount)
    throw reject(`${type} takes ${valueCount === 1 ? '1 value' : '2 values'}, not ${values.length}.`)
  if (!TIME_FIELDS.has(fieldName)) throw reject(`${type} compares times only, in ${[...TIME_FIELDS].join(', ')}.`)
  const malformed = values.find((value) => parseInstant(value) === undefined)
  if (malformed !== undefined) throw reject(`'${malformed}' is no time such as 2012-09-25T17:00:00.`)
  return { fieldName, operator: type, values }
}

/** The fields that have an order. */
const TIME_FIELDS: ReadonlySet<string> = new Set([
  '@scheduledStartTime',
  '@scheduledEndTime',
  '@actualStartTime',
  '@actualEndTime',
])
