import type { Slot } from '../../catalog/field-type.ts'
import { isA, type ObjectType } from '../../catalog/object-type.ts'
import type { TypeName } from '../../catalog/type-name.ts'
import { quote } from '../../quote.ts'
import { isSecret } from '../parameters.ts'
import type { Definition, ObjectId } from '../pipeline-object.ts'
import type { Problem } from '../problem.ts'
import type { Check } from './subject.ts'
import { typeList } from './values.ts'

/**
 * Every reference leads to an object that exists, and to one of a type that the field takes. Of user fields only the first is asked.
 *
 * @source guide: dp-writing-pipeline-definition; observed: 6
 */
export const checkReferences: Check = ({ definition, objects, written }) => {
  const similar = similarIds(definition)
  const problems: Problem[] = []
  for (const { id, effective, fields } of written) {
    for (const [field, values] of fields) {
      const slot = field === 'parent' ? undefined : effective.type?.fields.get(field)?.slot
      for (const [valueIndex, value] of values.entries()) {
        if (value.kind === 'string' || value.target === '') continue
        const target = objects.get(value.target)
        const message =
          target === undefined ? missing(field, value.target, similar) : wrongType(field, slot, target.type)
        if (message !== undefined) problems.push({ severity: 'error', objectId: id, field, valueIndex, message })
      }
    }
  }
  return problems
}

/** A reference in a secret field may be the secret itself, in the wrong form. */
function missing(field: string, target: ObjectId, similar: (missing: ObjectId) => string): string {
  const what = isSecret(field) ? 'an object' : quote(target)
  return `${quote(field)} refers to ${what}, but there is no object with this id.${similar(target)}`
}

/** The original's words. */
function wrongType(field: string, slot: Slot | undefined, found: ObjectType | undefined): string | undefined {
  if (slot?.kind !== 'reference' || slot.targets.length === 0 || found === undefined) return undefined
  if (accepts(slot.targets, found)) return undefined
  return `'${field}' values must be of type ${typeList(slot.targets)}. Found values of type '${found.name}'. Refer to an object of such a type.`
}

const accepts = (targets: readonly TypeName[], type: ObjectType): boolean => targets.some((target) => isA(type, target))

/** Finds what a missing id may have meant: the name of an object instead of its id, or the id in another case. */
function similarIds({ objects }: Definition): (missing: ObjectId) => string {
  let byWord: Map<string, ObjectId> | undefined
  return (missing) => {
    byWord ??= new Map([
      ...objects.map(({ id, name }) => [name.toLowerCase(), id] as const),
      ...objects.map(({ id }) => [id.toLowerCase(), id] as const),
    ])
    const id = byWord.get(missing.toLowerCase())
    return id === undefined ? ' Define it, or remove the reference.' : ` Did you mean ${quote(id)}?`
  }
}
