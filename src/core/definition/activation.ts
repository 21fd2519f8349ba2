import type { Instant } from '../instant.ts'
import type { Limits } from './limits.ts'
import type { Definition, ParameterValue } from './pipeline-object.ts'
import type { Problem } from './problem.ts'
import { validateDefinition } from './validate.ts'

/** How a definition is to be activated. */
export type Activation = {
  readonly limits: Limits
  readonly now: Instant
  /** Of parameters, given with the activation; `undefined` where nobody has said yet which there will be. */
  readonly parameterValues: readonly ParameterValue[] | undefined
  /** Whether the pipeline has never been activated before. */
  readonly turn: 'first' | 'later'
}

/**
 * Everything that is wrong with a definition that is to be activated, with the values that are given for it. With the limits of AWS,
 * that is what AWS would have refused to activate.
 *
 * @source guide: dp-concepts-schedules; model: ActivatePipeline
 */
export const judgeActivation = (
  definition: Definition,
  { limits, now, parameterValues, turn }: Activation,
): readonly Problem[] =>
  validateDefinition(withActivationValues(definition, parameterValues ?? []), {
    limits,
    now,
    activation: { parameterValues, turn },
  })

/** The definition with the values given at activation in the place of those of the same parameters. */
export function withActivationValues(definition: Definition, given: readonly ParameterValue[]): Definition {
  const ids = new Set(given.map(({ id }) => id))
  return {
    ...definition,
    parameterValues: [...definition.parameterValues.filter(({ id }) => !ids.has(id)), ...given],
  }
}
