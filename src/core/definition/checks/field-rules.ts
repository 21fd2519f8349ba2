import { assertNever } from '../../assert-never.ts'
import type { FieldRule, ObjectType } from '../../catalog/object-type.ts'
import type { EffectiveObject } from '../effective-object.ts'
import type { Problem } from '../problem.ts'
import type { Check } from './subject.ts'

/**
 * Every object has the fields that its type requires, own or inherited, and none that exclude one another.
 *
 * @source guide: dp-pipeline-objects
 */
export const checkFieldRules: Check = ({ objects }) =>
  [...objects.values()].flatMap((object) =>
    object.type === undefined ? [] : [...missingFields(object, object.type), ...brokenRules(object, object.type)],
  )

function missingFields(object: EffectiveObject, type: ObjectType): Problem[] {
  const problems: Problem[] = []
  for (const [field, { summary }] of type.requiredFields) {
    if (object.fields.has(field)) continue
    const message = `'${field}' is missing: ${type.name} requires it. ${placeForRemedy} ${summary}`
    problems.push({ severity: 'error', objectId: object.id, field, message })
  }
  return problems
}

/** Where a field may stand so that an object has it. */
const placeForRemedy = 'Give it here, on a parent or on Default.'

function brokenRules(object: EffectiveObject, type: ObjectType): Problem[] {
  return type.rules.flatMap((rule) => {
    const breach = breachOf(rule, object)
    return breach === undefined ? [] : [{ objectId: object.id, ...breach }]
  })
}

function breachOf(rule: FieldRule, { fields }: EffectiveObject): Omit<Problem, 'objectId'> | undefined {
  switch (rule.kind) {
    case 'exactlyOneOf':
    case 'atLeastOneOf':
    case 'atMostOneOf': {
      const given = rule.fields.filter((field) => fields.has(field))
      if (given.length === 0 && rule.kind !== 'atMostOneOf') {
        const choices = rule.fields.map((field) => `'${field}'`).join(', ')
        const message = `One of ${choices} must be given, and none is. ${placeForRemedy}`
        return { severity: 'error', field: rule.fields[0], message }
      }
      if (given.length < 2 || rule.kind === 'atLeastOneOf') return undefined
      const both = given.map((field) => `'${field}'`).join(' and ')
      return { severity: 'error', field: given[1], message: `${both} exclude each other. Keep one of them.` }
    }
    case 'needs':
      if (!fields.has(rule.field) || fields.has(rule.other)) return undefined
      return {
        severity: rule.severity,
        field: rule.field,
        message: `'${rule.field}' needs '${rule.other}': ${rule.reason}. ${rule.remedy}`,
      }
    case 'conflicts':
      if (!fields.has(rule.field) || !fields.has(rule.other)) return undefined
      return {
        severity: rule.severity,
        field: rule.field,
        message: `'${rule.field}' does not go with '${rule.other}': ${rule.reason}. ${rule.remedy}`,
      }
    default:
      return assertNever(rule)
  }
}
