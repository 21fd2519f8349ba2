import type { Slot } from '../../catalog/field-type.ts'
import { isA, type ObjectType } from '../../catalog/object-type.ts'
import type { TypeName } from '../../catalog/type-name.ts'
import type { Definition, ObjectId } from '../pipeline-object.ts'
import type { Problem } from '../problem.ts'
import { type Check, ownFields } from './subject.ts'
import { typeList } from './values.ts'

/**
 * Every reference leads to an object that exists, and to one of a type that the field takes. Of user fields only the first is asked.
 *
 * @source guide: dp-writing-pipeline-definition; observed: 6
 */
export const checkReferences: Check = (subject) => {
  const similar = similarIds(subject.definition)
  return subject.definition.objects.flatMap((object) => {
    const type = subject.objects.get(object.id)?.type
    return [...ownFields(object)].flatMap(([field, values]) => {
      const slot = field === 'parent' ? undefined : type?.fields.get(field)?.slot
      return values.flatMap((value, valueIndex): Problem[] => {
        if (value.kind === 'string' || value.target === '') return []
        const target = subject.objects.get(value.target)
        const message =
          target === undefined
            ? `'${field}' refers to '${value.target}', but there is no object with this id.${similar(value.target)}`
            : wrongType(field, slot, target.type)
        return message === undefined ? [] : [{ severity: 'error', objectId: object.id, field, valueIndex, message }]
      })
    })
  })
}

/** The original's words. */
function wrongType(field: string, slot: Slot | undefined, found: ObjectType | undefined): string | undefined {
  if (slot?.kind !== 'reference' || slot.targets.length === 0 || found === undefined) return undefined
  if (accepts(slot.targets, found)) return undefined
  return `'${field}' values must be of type ${typeList(slot.targets)}. Found values of type '${found.name}'`
}

const accepts = (targets: readonly TypeName[], type: ObjectType): boolean => targets.some((target) => isA(type, target))

/** Finds what a missing id may have meant: the name of an object instead of its id, or the id in another case. */
function similarIds({ objects }: Definition): (missing: ObjectId) => string {
  const byWord = new Map<string, ObjectId>()
  for (const { id, name } of objects) byWord.set(name.toLowerCase(), id)
  for (const { id } of objects) byWord.set(id.toLowerCase(), id)
  return (missing) => {
    const id = byWord.get(missing.toLowerCase())
    return id === undefined ? ' Define it, or remove the reference.' : ` Did you mean '${id}'?`
  }
}
