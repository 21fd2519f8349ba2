import { objectType, objectTypes } from '../../catalog/catalog.ts'
import { nearestWord } from '../../nearest-word.ts'
import { quote } from '../../quote.ts'
import { defaultObjectId } from '../effective-object.ts'
import type { ObjectId } from '../pipeline-object.ts'
import type { Problem } from '../problem.ts'
import type { Check, WrittenObject } from './subject.ts'

/**
 * Every object has a type that exists. Default, and objects that only others inherit from, need none; `Default` itself is
 * accepted as the type of Default.
 *
 * @source guide: dp-writing-pipeline-definition; observed: 6 (rule 5)
 */
export const checkObjectTypes: Check = ({ written }) => {
  const parents = new Set<ObjectId>()
  for (const { fields } of written) {
    for (const value of fields.get('parent') ?? []) if (value.kind === 'reference') parents.add(value.target)
  }
  return written.flatMap((object): Problem[] => {
    const complaint = complaintAbout(object, parents)
    return complaint === undefined
      ? []
      : [{ severity: 'error', objectId: object.id, field: 'type', message: complaint }]
  })
}

function complaintAbout({ id, effective, fields }: WrittenObject, parents: ReadonlySet<ObjectId>): string | undefined {
  const types = fields.get('type') ?? []
  const [first] = types
  if (types.length > 1) return `'type' has ${types.length} values. Keep one: an object has one type.`
  if (first === undefined) {
    const needsNone = id === defaultObjectId || parents.has(id) || effective.fields.has('type')
    return needsNone
      ? undefined
      : "'type' is missing. Give the object the type of what it is to be, such as ShellCommandActivity."
  }
  if (first.kind === 'reference')
    return `'type' must be the name of a type, but is a reference to ${quote(first.target)}. Write the name itself, such as ShellCommandActivity.`
  const isTypeOfDefault = first.text === 'Default' && id === defaultObjectId
  if (first.text === '' || isTypeOfDefault || objectType(first.text) !== undefined) return undefined
  return `There is no type ${quote(first.text)}.${suggestion(first.text)}`
}

function suggestion(text: string): string {
  const nearest = nearestWord(
    text,
    objectTypes.map(({ name }) => name),
  )
  return nearest === undefined ? ' Use one that the reference lists.' : ` Did you mean '${nearest}'?`
}
