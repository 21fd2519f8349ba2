import type { Instant } from '../instant.ts'
import { checkBackfill } from './checks/backfill.ts'
import { checkCycles } from './checks/cycles.ts'
import { checkDataUse } from './checks/data-use.ts'
import { checkDependencySchedules } from './checks/dependency-schedules.ts'
import { checkExpressions } from './checks/expressions.ts'
import { checkFieldRules } from './checks/field-rules.ts'
import { checkFields } from './checks/fields.ts'
import { checkHiveTables } from './checks/hive-tables.ts'
import { checkIds } from './checks/ids.ts'
import { checkObjectTypes } from './checks/object-types.ts'
import { checkOnDemand } from './checks/on-demand.ts'
import { checkParameterDeclarations } from './checks/parameter-declarations.ts'
import { checkRecommendations } from './checks/recommendations.ts'
import { checkReferences } from './checks/references.ts'
import { checkSchedules } from './checks/schedules.ts'
import { checkSizes } from './checks/sizes.ts'
import { checkStorable } from './checks/storable.ts'
import { type Check, subjectOf } from './checks/subject.ts'
import { checkValues } from './checks/values.ts'
import { resolveObjects } from './effective-object.ts'
import type { Limits } from './limits.ts'
import { parameterEntries } from './parameters.ts'
import type { Definition, ParameterValue } from './pipeline-object.ts'
import type { Problem } from './problem.ts'

/** Under which circumstances a definition is judged. */
export type Circumstances = {
  readonly limits: Limits
  readonly now: Instant
  /**
   * Absent while the definition is only stored: values of parameters may come later, and nothing is caught up yet. Without
   * `parameterValues`, they are still to come although the rest is judged as at activation.
   */
  readonly activation?:
    | { readonly parameterValues: readonly ParameterValue[] | undefined; readonly turn: 'first' | 'later' }
    | undefined
}

/** What is asked, in the order in which a reader would put things right. */
const checks: readonly Check[] = [
  checkIds,
  checkObjectTypes,
  checkFields,
  checkValues,
  checkReferences,
  checkExpressions,
  checkFieldRules,
  checkHiveTables,
  checkCycles,
  checkOnDemand,
  checkSchedules,
  checkDependencySchedules,
  checkDataUse,
  checkParameterDeclarations,
  checkSizes,
  checkBackfill,
  checkRecommendations,
]

/**
 * Finds everything that is wrong with a definition at once, in time linear in its size. A definition with a fatal problem is not
 * stored, one with an error is not activated; warnings hinder nothing. Of a definition with too many objects nothing else is asked.
 *
 * @source model: ValidatePipelineDefinition; observed: 6
 */
export function validateDefinition(definition: Definition, circumstances: Circumstances): readonly Problem[] {
  const { limits, now, activation } = circumstances
  const { objects, problems } = resolveObjects(definition)
  const parameters = parameterEntries(definition, activation?.parameterValues)
  const stage =
    activation === undefined ? 'stored' : activation.turn === 'first' ? 'firstActivation' : 'laterActivation'
  const values = activation?.parameterValues === undefined ? 'toCome' : 'given'
  const subject = subjectOf({ definition, objects, parameters, limits, now, stage, values })
  const fatal = checkStorable(subject)
  if (definition.objects.length > limits.objectsMax) return fatal
  return [...fatal, ...problems, ...parameters.problems, ...checks.flatMap((check) => check(subject))]
}
