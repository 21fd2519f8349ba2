import { isKnownField } from '../../catalog/catalog.ts'
import type { ObjectType } from '../../catalog/object-type.ts'
import { nearestWord } from '../../nearest-word.ts'
import type { FieldValue, PipelineObject } from '../pipeline-object.ts'
import type { Problem } from '../problem.ts'
import { type Check, isUserField, ownFields } from './subject.ts'

/**
 * Every field is one that the type has, and has as many values as it may. The original printed fields that its guide does not know,
 * so it stored them: an unknown field is a warning.
 *
 * @source guide: dp-pipeline-objects; observed: 1.8 (installHive, password in definitions that the service printed)
 */
export const checkFields: Check = ({ definition, objects }) =>
  definition.objects.flatMap((object) => {
    const type = objects.get(object.id)?.type
    return [...ownFields(object)].flatMap(([key, values]) =>
      key === '' || key === 'type' || isUserField(key) ? [] : checkField({ object, type, key, values }),
    )
  })

type OwnField = {
  readonly object: PipelineObject
  readonly type: ObjectType | undefined
  readonly key: string
  readonly values: readonly FieldValue[]
}

function checkField({ object, type, key, values }: OwnField): readonly Problem[] {
  const complain = (severity: Problem['severity'], message: string): Problem[] => [
    { severity, objectId: object.id, field: key, message },
  ]
  const field = type?.fields.get(key)
  if (field === undefined) {
    if (type === undefined && isKnownField(key)) return []
    return complain('warning', unknownField(key, type))
  }
  if (field.isForbidden) return complain('error', `'${key}' must not be given. ${field.summary}`)
  if (field.kind === 'runtime' || field.kind === 'system') {
    return complain('warning', `'${key}' is set by the service. The value given here is ignored; remove it.`)
  }
  if (field.deprecated !== undefined) {
    return complain('warning', `'${key}' is no longer used. Use instead: ${field.deprecated}.`)
  }
  if (!field.isList && values.length > 1) {
    return complain('error', `'${key}' takes one value, but has ${values.length}. Keep one of them.`)
  }
  if (field.countMax !== undefined && values.length > field.countMax) {
    return complain(
      'error',
      `'${key}' has ${values.length} values, but may have ${field.countMax} at most. Split the object.`,
    )
  }
  return []
}

function unknownField(key: string, type: ObjectType | undefined): string {
  const fate = 'It has no effect; fields of your own start with my.'
  if (type === undefined) return `No type has a field '${key}'. ${fate}`
  const nearest = nearestWord(key, writableKeys(type))
  const hint = nearest === undefined ? '' : ` Did you mean '${nearest}'?`
  return `${type.name} has no field '${key}'.${hint} ${fate}`
}

const writableKeys = (type: ObjectType): string[] =>
  [...type.fields].flatMap(([key, { kind, isForbidden }]) =>
    kind === 'runtime' || kind === 'system' || isForbidden ? [] : [key],
  )
