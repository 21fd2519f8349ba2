import { objectTypes } from '../../catalog/catalog.ts'
import { type FieldType, isWritable } from '../../catalog/field-type.ts'
import { quote } from '../../quote.ts'
import type { EffectiveObject } from '../effective-object.ts'
import { isSecret } from '../parameters.ts'
import type { FieldValue } from '../pipeline-object.ts'
import type { Problem } from '../problem.ts'
import { type Complaint, judgeText } from './judge-text.ts'
import { type Check, isUserField, literalText, type Subject } from './subject.ts'

/**
 * Every own value has the form that its field asks for: text or a reference, a number, a period, one of a few words. Text that is
 * not known before the run is judged then.
 *
 * A value of Default or of another untyped object is wrong only if no type that has the field could use it.
 *
 * @source guide: dp-expressions-functions; observed: 6
 */
export const checkValues: Check = (subject) => {
  const problems: Problem[] = []
  for (const { id, effective, fields } of subject.written) {
    for (const [key, values] of fields) {
      const fieldTypes = key === 'type' || isUserField(key) ? [] : fieldTypesOf(key, effective)
      if (fieldTypes.length === 0) continue
      for (const [valueIndex, value] of values.entries()) {
        const complaint = mildest(fieldTypes.map((type) => judge({ key, value, type, object: effective, subject })))
        if (complaint !== undefined) problems.push({ ...complaint, objectId: id, field: key, valueIndex })
      }
    }
  }
  return problems
}

const fieldTypesByKey: ReadonlyMap<string, readonly FieldType[]> = collectFieldTypes()

/** Every way in which the types of the catalogue use a key. */
function collectFieldTypes(): ReadonlyMap<string, readonly FieldType[]> {
  const byKey = new Map<string, FieldType[]>()
  for (const type of objectTypes) {
    for (const [key, field] of type.fields) byKey.set(key, [...(byKey.get(key) ?? []), field])
  }
  return new Map([...byKey].map(([key, fields]) => [key, [...new Set(fields.filter(isWritable))]]))
}

function fieldTypesOf(key: string, { type }: EffectiveObject): readonly FieldType[] {
  if (type === undefined) return fieldTypesByKey.get(key) ?? []
  const field = type.fields.get(key)
  return field !== undefined && isWritable(field) ? [field] : []
}

function judge(place: {
  key: string
  value: FieldValue
  type: FieldType
  object: EffectiveObject
  subject: Subject
}): Complaint | undefined {
  const { key, value, type, object, subject } = place
  if (type.slot.kind === 'reference') {
    return value.kind === 'reference'
      ? undefined
      : { severity: 'error', message: textForReference(key, type.slot.targets) }
  }
  if (value.kind === 'reference') {
    const target = isSecret(key) ? '' : ` to ${quote(value.target)}`
    const message = `'${key}' must be text, but is a reference${target}. Write the value itself.`
    return { severity: 'error', message }
  }
  if (value.text === '' || type.slot.kind === 'string') return undefined
  const { limits } = subject
  return judgeText({
    key,
    text: value.text,
    literal: literalText(value.text, object, subject),
    slot: type.slot,
    limits,
  })
}

/** The original's words; to it, `parent` refers to a Default. */
const textForReference = (key: string, targets: readonly string[]): string =>
  `'${key}' values must be of type ${typeList(key === 'parent' ? ['Default'] : targets)}. Found values of type 'String'. Write a reference to such an object, {"ref": "its id"}.`

/** `'A'`, `'A' or 'B'`, `'A', 'B' or 'C'`. */
export function typeList(names: readonly string[]): string {
  const quoted = names.map((name) => `'${name}'`)
  const last = quoted.pop() ?? ''
  return quoted.length === 0 ? last : `${quoted.join(', ')} or ${last}`
}

/** What all ways to read a value object to: nothing if one of them takes it, else a warning if that is all one has to say. */
function mildest(complaints: readonly (Complaint | undefined)[]): Complaint | undefined {
  if (complaints.includes(undefined)) return undefined
  return complaints.find((complaint) => complaint?.severity === 'warning') ?? complaints[0]
}
