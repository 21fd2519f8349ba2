import { assertNever } from '../core/assert-never.ts'
import {
  type Definition,
  type Field,
  type ObjectId,
  objectId,
  type ParameterObject,
  type ParameterValue,
  type PipelineObject,
  referenceField,
  textField,
} from '../core/definition/pipeline-object.ts'
import type { Fault, JsonMember, JsonTree } from './json-tree.ts'

/** Where each part of a definition stands in its file, as offsets. Of several objects or parameters with one id, the first is kept. */
export type Sources = {
  readonly objects: ReadonlyMap<ObjectId, ElementSource>
  /** The keys of their attributes are in lower case, since they are known in any case. */
  readonly parameters: ReadonlyMap<string, ElementSource>
  /** The values of parameters, each of them. */
  readonly values: ReadonlyMap<string, readonly number[]>
}

/** Where one object and its fields stand, or one parameter and its attributes. */
export type ElementSource = {
  readonly offset: number
  /** The offset of each value of each field, in order. `id` and `name` count as fields. */
  readonly fields: ReadonlyMap<string, readonly number[]>
}

/** Turns the JSON of a definition file into a definition. With faults, the definition lacks what they concern. */
export function readDefinitionTree(tree: JsonTree): {
  readonly definition: Definition
  readonly sources: Sources
  readonly faults: readonly Fault[]
} {
  const reading: Reading = { objects: new Map(), parameters: new Map(), values: new Map(), faults: [] }
  const definition = readRoot(tree, reading)
  return { definition, sources: reading, faults: reading.faults }
}

/** What is collected while the tree is walked. */
type Reading = {
  readonly objects: Map<ObjectId, ElementSource>
  readonly parameters: Map<string, ElementSource>
  readonly values: Map<string, number[]>
  readonly faults: Fault[]
}

/** The words for one kind of element in the two forms. */
type ElementForm = { readonly noun: 'object' | 'parameter'; readonly listKey: 'fields' | 'attributes' }

/** One thing with an id, before it becomes an object or a parameter. */
type Element = {
  readonly id: string
  readonly offset: number
  readonly name: string | undefined
  readonly fields: readonly (Field & { readonly offset: number })[]
  readonly ownOffsets: readonly (readonly [string, number])[]
}

function readRoot(root: JsonTree, reading: Reading): Definition {
  const empty: Definition = { objects: [], parameterObjects: [], parameterValues: [] }
  if (root.kind !== 'object') {
    fault(reading, root, 'A definition file is a JSON object with the key "objects".')
    return empty
  }
  const membersOf = (...keys: string[]): JsonTree[] =>
    root.members.flatMap(({ key, value }) => (keys.includes(key) ? [value] : []))
  const objects = membersOf('objects', 'pipelineObjects')
  if (objects.length === 0) fault(reading, root, 'Missing "objects" key. Add it, with the list of objects.')
  return {
    objects: objects
      .flatMap((list) => readElements(list, { noun: 'object', listKey: 'fields' }, reading))
      .map((element) => toObject(element, reading)),
    parameterObjects: membersOf('parameters', 'parameterObjects')
      .flatMap((list) => readElements(list, { noun: 'parameter', listKey: 'attributes' }, reading))
      .map((element) => toParameter(element, reading)),
    parameterValues: membersOf('values', 'parameterValues').flatMap((values) => readValues(values, reading)),
  }
}

function readElements(list: JsonTree, form: ElementForm, reading: Reading): Element[] {
  if (list.kind !== 'array') {
    fault(reading, list, `A list of ${form.noun}s is expected here, in square brackets.`)
    return []
  }
  return list.items.flatMap((item) => {
    const element = readElement(item, form, reading)
    return element === undefined ? [] : [element]
  })
}

function readElement(tree: JsonTree, form: ElementForm, reading: Reading): Element | undefined {
  if (tree.kind !== 'object') {
    fault(
      reading,
      tree,
      `An ${form.noun === 'object' ? 'object' : 'object with the attributes of a parameter'} is expected here, in braces.`,
    )
    return undefined
  }
  const texts = (key: string): (readonly [string, number])[] =>
    tree.members.flatMap((member) =>
      member.key === key ? [[scalarText(member, reading), member.value.offset] as const] : [],
    )
  const ids = texts('id')
  const names = form.noun === 'object' ? texts('name') : []
  const [id] = ids
  if (id === undefined) {
    const place = form.noun === 'object' ? 'element' : 'parameter'
    fault(reading, tree, `Missing "id" key of ${place}. Give it an id that no other ${form.noun} has.`)
    return undefined
  }
  for (const [key, found] of [
    ['id', ids],
    ['name', names],
  ] as const) {
    if (found.length > 1)
      fault(reading, tree, `The ${form.noun} '${id[0]}' has more than one "${key}". Keep one of them.`)
  }
  const isOther = ({ key }: JsonMember): boolean => key !== 'id' && !(key === 'name' && form.noun === 'object')
  const fields = tree.members.filter(isOther).flatMap((member) => readMember(member, form, reading))
  return {
    id: id[0],
    offset: tree.offset,
    name: names[0]?.[0],
    fields: fields.sort(byKey),
    ownOffsets: [['id', id[1]], ...names.map(([, offset]) => ['name', offset] as const)],
  }
}

/** By key, as the AWS CLI sorts; values of one key stay in order, since sorting is stable. */
const byKey = (left: Field, right: Field): number => (left.key < right.key ? -1 : left.key > right.key ? 1 : 0)

/** The values of one member: one, a list, or the whole field list of the API form. */
function readMember({ key, value }: JsonMember, form: ElementForm, reading: Reading): Element['fields'] {
  if (key === form.listKey && value.kind === 'array' && value.items.every(({ kind }) => kind === 'object')) {
    return value.items.flatMap((item) => readApiField(item, reading))
  }
  const values = value.kind === 'array' ? value.items : [value]
  return values.flatMap((item) => readValue(key, item, reading))
}

function readValue(key: string, value: JsonTree, reading: Reading): Element['fields'] {
  const { offset } = value
  switch (value.kind) {
    case 'string':
    case 'number':
      return [{ ...textField(key, value.text), offset }]
    case 'boolean':
      return [{ ...textField(key, String(value.isTrue)), offset }]
    case 'null':
      fault(reading, value, `"${key}" is null. Give it a value, or remove it.`)
      return []
    case 'array':
      fault(reading, value, `"${key}" holds a list inside a list. Put all values into one list.`)
      return []
    case 'object': {
      const [target, ...others] = value.members
      if (target?.key === 'ref' && others.length === 0 && target.value.kind === 'string') {
        return [{ ...referenceField(key, objectId(target.value.text)), offset }]
      }
      fault(
        reading,
        value,
        `"${key}" holds an object that is no reference. A reference is { "ref": "id" } and nothing else.`,
      )
      return []
    }
    default:
      return assertNever(value)
  }
}

/** One field or attribute in the form of the API: a key, and a string value or a reference. */
function readApiField(item: JsonTree, reading: Reading): Element['fields'] {
  const members = item.kind === 'object' ? item.members : []
  const textOf = (name: string): string | undefined => {
    const member = members.find(({ key }) => key === name)
    return member === undefined ? undefined : scalarText(member, reading)
  }
  const key = textOf('key')
  const target = textOf('refValue')
  const text = textOf('stringValue')
  const offset = members.find(({ key: name }) => name === 'stringValue')?.value.offset ?? item.offset
  if (key !== undefined && target !== undefined)
    return [{ ...referenceField(key, objectId(target)), offset: item.offset }]
  if (key !== undefined && text !== undefined) return [{ ...textField(key, text), offset }]
  fault(reading, item, 'A field needs "key", and "stringValue" or "refValue".')
  return []
}

function scalarText({ key, value }: JsonMember, reading: Reading): string {
  if (value.kind === 'string' || value.kind === 'number') return value.text
  if (value.kind === 'boolean') return String(value.isTrue)
  fault(reading, value, `"${key}" must be a text. Write it in double quotes.`)
  return ''
}

function toObject({ id: text, offset, name, fields, ownOffsets }: Element, reading: Reading): PipelineObject {
  const offsets = new Map<string, number[]>(ownOffsets.map(([key, own]) => [key, [own]]))
  for (const field of fields) addOffset(offsets, field.key, field.offset)
  const id = objectId(text)
  // The first counts, so that is where its problems are.
  if (!reading.objects.has(id)) reading.objects.set(id, { offset, fields: offsets })
  return { id, name: name ?? text, fields: fields.map(({ key, value }) => ({ key, value })) }
}

function addOffset(offsets: Map<string, number[]>, key: string, offset: number): void {
  const known = offsets.get(key)
  if (known === undefined) offsets.set(key, [offset])
  else known.push(offset)
}

function toParameter({ id, offset, fields }: Element, reading: Reading): ParameterObject {
  const offsets = new Map<string, number[]>()
  for (const field of fields) addOffset(offsets, field.key.toLowerCase(), field.offset)
  if (!reading.parameters.has(id)) reading.parameters.set(id, { offset, fields: offsets })
  return {
    id,
    attributes: fields.flatMap(({ key, value, offset: place }) => {
      if (value.kind === 'string') return [{ key, text: value.text }]
      reading.faults.push({
        offset: place,
        message: `"${key}" of the parameter '${id}' must be a text, not a reference. Write the text itself.`,
      })
      return []
    }),
  }
}

/** Values by id, each one or a list; or the list of the API form. */
function readValues(tree: JsonTree, reading: Reading): ParameterValue[] {
  if (tree.kind === 'array') {
    return readApiValues(tree.items, reading)
  }
  if (tree.kind !== 'object') {
    fault(reading, tree, 'The values of parameters are an object: { "myParameter": "value" }.')
    return []
  }
  return tree.members.flatMap(({ key: id, keyOffset, value }) => {
    const items = value.kind === 'array' ? value.items : [value]
    return items.map((item) => {
      addOffset(reading.values, id, item.offset)
      return { id, text: scalarText({ key: id, keyOffset, value: item }, reading) }
    })
  })
}

function readApiValues(items: readonly JsonTree[], reading: Reading): ParameterValue[] {
  return items.flatMap((item) => {
    const members = item.kind === 'object' ? item.members : []
    const id = members.find(({ key }) => key === 'id')
    const value = members.find(({ key }) => key === 'stringValue')
    if (id === undefined || value === undefined) {
      fault(reading, item, 'A value of a parameter needs "id" and "stringValue".')
      return []
    }
    const parameterId = scalarText(id, reading)
    addOffset(reading.values, parameterId, value.value.offset)
    return [{ id: parameterId, text: scalarText(value, reading) }]
  })
}

const fault = (reading: Reading, { offset }: JsonTree, message: string): number =>
  reading.faults.push({ offset, message })
