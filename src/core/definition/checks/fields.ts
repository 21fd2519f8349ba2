import { isKnownField } from '../../catalog/catalog.ts'
import { isWritable } from '../../catalog/field-type.ts'
import type { ObjectType } from '../../catalog/object-type.ts'
import { nearestWord } from '../../nearest-word.ts'
import { quote } from '../../quote.ts'
import type { Problem } from '../problem.ts'
import { type Check, isUserField } from './subject.ts'

/**
 * Every field is one that the type has, and has as many values as it may. The original printed fields that its guide does not know,
 * so it stored them: an unknown field is a warning.
 *
 * @source guide: dp-pipeline-objects; observed: 1.8 (installHive, password in definitions that the service printed)
 */
export const checkFields: Check = ({ written }) => {
  const problems: Problem[] = []
  for (const { id, effective, fields } of written) {
    for (const [key, values] of fields) {
      if (key === '' || key === 'type' || isUserField(key)) continue
      const complaint = judgeField(effective.type, key, values.length)
      if (complaint !== undefined) problems.push({ ...complaint, objectId: id, field: key })
    }
  }
  return problems
}

type Complaint = Pick<Problem, 'severity' | 'message'>

function judgeField(type: ObjectType | undefined, key: string, count: number): Complaint | undefined {
  const field = type?.fields.get(key)
  if (field === undefined) {
    const isMeantForOthers = type === undefined && isKnownField(key)
    return isMeantForOthers ? undefined : { severity: 'warning', message: unknownField(key, type) }
  }
  if (field.isForbidden)
    return { severity: 'error', message: `'${key}' must not be given. Remove it. ${field.summary}` }
  if (!isWritable(field)) {
    const message = `'${key}' is set by the service. The value given here is ignored. Remove it.`
    return { severity: 'warning', message }
  }
  if (!field.isList && count > 1) {
    return { severity: 'error', message: `'${key}' takes one value, but has ${count}. Keep one of them.` }
  }
  if (field.countMax !== undefined && count > field.countMax) {
    const message = `'${key}' has ${count} values, but may have ${field.countMax} at most. Divide them between several objects.`
    return { severity: 'error', message }
  }
  if (field.deprecated === undefined) return undefined
  return { severity: 'warning', message: `'${key}' is no longer used. Use instead: ${field.deprecated}.` }
}

function unknownField(key: string, type: ObjectType | undefined): string {
  const fate = 'It has no effect. Remove it, or rename it if it is your own: such fields start with my.'
  if (type === undefined) return `No type has a field ${quote(key)}. ${fate}`
  const nearest = nearestWord(key, writableKeys(type))
  const hint = nearest === undefined ? '' : ` Did you mean '${nearest}'?`
  return `${type.name} has no field ${quote(key)}.${hint} ${fate}`
}

const writableKeys = (type: ObjectType): string[] =>
  [...type.fields].flatMap(([key, field]) => (isWritable(field) ? [key] : []))
