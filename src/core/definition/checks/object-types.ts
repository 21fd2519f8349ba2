import { objectType, objectTypes } from '../../catalog/catalog.ts'
import { nearestWord } from '../../nearest-word.ts'
import { defaultObjectId } from '../effective-object.ts'
import type { ObjectId } from '../pipeline-object.ts'
import type { Problem } from '../problem.ts'
import { type Check, ownFields } from './subject.ts'

/**
 * Every object has a type that exists. Default, and objects that only others inherit from, need none; `Default` itself is
 * accepted as the type of Default.
 *
 * @source guide: dp-writing-pipeline-definition; observed: 6 (rule 5)
 */
export const checkObjectTypes: Check = ({ definition, objects }) => {
  const parents = new Set<ObjectId>()
  for (const { fields } of definition.objects) {
    for (const { key, value } of fields) if (key === 'parent' && value.kind === 'reference') parents.add(value.target)
  }
  return definition.objects.flatMap((object): Problem[] => {
    const types = ownFields(object).get('type') ?? []
    const problem = (message: string): Problem[] => [{ severity: 'error', objectId: object.id, field: 'type', message }]
    const [first, second] = types
    if (second !== undefined) return problem(`'type' has ${types.length} values. An object has one type.`)
    if (first === undefined) {
      const needsNone =
        object.id === defaultObjectId || parents.has(object.id) || objects.get(object.id)?.fields.has('type')
      return needsNone
        ? []
        : problem(`'type' is missing. Give the object the type of what it is to be, such as ShellCommandActivity.`)
    }
    if (first.kind === 'reference')
      return problem(`'type' must be the name of a type, but is a reference to '${first.target}'.`)
    const isTypeOfDefault = first.text === 'Default' && object.id === defaultObjectId
    if (first.text === '' || isTypeOfDefault || objectType(first.text) !== undefined) return []
    return problem(`There is no type '${first.text}'.${suggestion(first.text)}`)
  })
}

function suggestion(text: string): string {
  const nearest = nearestWord(
    text,
    objectTypes.map(({ name }) => name),
  )
  return nearest === undefined ? ' The reference lists all types.' : ` Did you mean '${nearest}'?`
}
