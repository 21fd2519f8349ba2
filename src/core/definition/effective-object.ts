import { objectType } from '../catalog/catalog.ts'
import type { ObjectType } from '../catalog/object-type.ts'
import { quote, shortList } from '../quote.ts'
import { ancestorsMax } from './limits.ts'
import { type Definition, type FieldValue, type ObjectId, objectId, type PipelineObject } from './pipeline-object.ts'
import type { Problem } from './problem.ts'

/**
 * An object with everything that it inherits: what the rest of the service works with.
 *
 * @source guide: dp-writing-pipeline-definition
 */
export type EffectiveObject = {
  readonly id: ObjectId
  readonly name: string
  /** Its own type or that of an ancestor; absent on Default, on pure parents, and where the type is unknown. */
  readonly type: ObjectType | undefined
  /** Its own fields and the inherited ones, by key; a list has several values. Runtime fields are never among them. */
  readonly fields: ReadonlyMap<string, readonly FieldValue[]>
}

/** The id of the object from which every object inherits that names no other parent. */
export const defaultObjectId: ObjectId = objectId('Default')

/**
 * Resolves `parent` and `Default` once.
 *
 * An object's own fields replace inherited ones of the same key, all values at once. An explicit parent replaces Default, unless the
 * chain of parents ends there: the last of the chain inherits from Default like every other object. Fields of Default that the type of
 * an object does not have are ignored there; user fields (`my…`) are not. A cycle is a problem, and its members inherit nothing.
 *
 * Of several objects with one id, the first counts; a parent that does not exist counts as absent. Both are errors elsewhere.
 *
 * @source guide: dp-writing-pipeline-definition, dp-object-schedule; ours: differences#inheritance
 */
export function resolveObjects(definition: Definition): {
  readonly objects: ReadonlyMap<ObjectId, EffectiveObject>
  readonly problems: readonly Problem[]
} {
  const originals = firstById(definition.objects)
  const parents = parentsOf(originals)
  const heritages = new Map<ObjectId, Heritage>()
  const problems = [...originals.values()].flatMap((object) => inherit(object, parents, heritages))
  const objects = new Map<ObjectId, EffectiveObject>()
  for (const [id, heritage] of heritages) objects.set(id, effectiveObject(heritage))
  return { objects, problems }
}

/** The texts of a field, in order; references are left out. Empty where the object has no such field. */
export function textsOf(object: EffectiveObject, key: string): readonly string[] {
  const texts: string[] = []
  for (const value of object.fields.get(key) ?? []) if (value.kind === 'string') texts.push(value.text)
  return texts
}

/** The first text of a field, expressions unevaluated. */
export const textOf = (object: EffectiveObject, key: string): string | undefined => textsOf(object, key)[0]

/** The objects that a field refers to, in order; text is left out. Empty where the object has no such field. */
export function targetsOf(object: EffectiveObject, key: string): readonly ObjectId[] {
  const targets: ObjectId[] = []
  for (const value of object.fields.get(key) ?? []) if (value.kind === 'reference') targets.push(value.target)
  return targets
}

/** Whether the pipeline runs once for each activation. */
export function runsOnDemand(objects: ReadonlyMap<ObjectId, EffectiveObject>): boolean {
  const defaults = objects.get(defaultObjectId)
  return defaults !== undefined && textOf(defaults, 'scheduleType')?.toLowerCase() === 'ondemand'
}

/** The values of one field, and whether they come from Default. */
type HeritageField = { readonly values: readonly FieldValue[]; readonly origin: 'default' | 'other' }

/** Everything that reaches an object before its type decides what fits. */
type Heritage = {
  readonly object: PipelineObject
  readonly ancestors: number
  readonly fields: ReadonlyMap<string, HeritageField>
}

function firstById(objects: readonly PipelineObject[]): ReadonlyMap<ObjectId, PipelineObject> {
  const byId = new Map<ObjectId, PipelineObject>()
  for (const object of objects) if (!byId.has(object.id)) byId.set(object.id, object)
  return byId
}

/** The parent of every object that has one. Default, and whatever Default names as its own ancestors, have none implicitly. */
function parentsOf(originals: ReadonlyMap<ObjectId, PipelineObject>): ReadonlyMap<ObjectId, PipelineObject> {
  const parents = new Map<ObjectId, PipelineObject>()
  for (const object of originals.values()) {
    const named = explicitParent(object)
    const parent = named === undefined ? undefined : originals.get(named)
    if (parent !== undefined) parents.set(object.id, parent)
  }
  const defaults = originals.get(defaultObjectId)
  if (defaults === undefined) return parents
  const aboveDefault = new Set<ObjectId>()
  for (
    let id: ObjectId | undefined = defaultObjectId;
    id !== undefined && !aboveDefault.has(id);
    id = parents.get(id)?.id
  ) {
    aboveDefault.add(id)
  }
  for (const id of originals.keys()) if (!parents.has(id) && !aboveDefault.has(id)) parents.set(id, defaults)
  return parents
}

function explicitParent(object: PipelineObject): ObjectId | undefined {
  for (const { key, value } of object.fields) if (key === 'parent' && value.kind === 'reference') return value.target
  return undefined
}

/** Adds the heritage of the object, and of every ancestor that has none yet; walks instead of recursing, since chains may be long. */
function inherit(
  object: PipelineObject,
  parents: ReadonlyMap<ObjectId, PipelineObject>,
  heritages: Map<ObjectId, Heritage>,
): readonly Problem[] {
  const problems: Problem[] = []
  const chain = new Map<ObjectId, PipelineObject>()
  let next: PipelineObject | undefined = object
  while (next !== undefined && !heritages.has(next.id) && !chain.has(next.id)) {
    chain.set(next.id, next)
    next = parents.get(next.id)
  }
  const descending = [...chain.values()].reverse()
  if (next !== undefined && chain.has(next.id)) {
    const cycle = descending.slice(0, descending.findIndex(({ id }) => id === next?.id) + 1).reverse()
    for (const member of cycle) heritages.set(member.id, withoutParent(member))
    problems.push(cycleProblem(cycle))
  }
  for (const member of descending) {
    if (heritages.has(member.id)) continue
    const parent = heritages.get(parents.get(member.id)?.id ?? member.id)
    if (parent !== undefined && parent.ancestors >= ancestorsMax) problems.push(depthProblem(member))
    heritages.set(
      member.id,
      parent === undefined || parent.ancestors >= ancestorsMax ? withoutParent(member) : child(member, parent),
    )
  }
  return problems
}

const withoutParent = (object: PipelineObject): Heritage => ({ object, ancestors: 0, fields: ownFields(object) })

function child(object: PipelineObject, parent: Heritage): Heritage {
  const fields = new Map<string, HeritageField>()
  for (const [key, field] of parent.fields) {
    const staysBehind = key === 'parent' || (key === 'type' && field.origin === 'default')
    if (!staysBehind) fields.set(key, field)
  }
  for (const [key, field] of ownFields(object)) fields.set(key, field)
  return { object, ancestors: parent.ancestors + 1, fields }
}

function ownFields(object: PipelineObject): ReadonlyMap<string, HeritageField> {
  const origin = object.id === defaultObjectId ? 'default' : 'other'
  const fields = new Map<string, { values: FieldValue[]; origin: HeritageField['origin'] }>()
  for (const { key, value } of object.fields) {
    const known = fields.get(key)
    if (known === undefined) fields.set(key, { values: [value], origin })
    else known.values.push(value)
  }
  return fields
}

function effectiveObject({ object, fields }: Heritage): EffectiveObject {
  const named = fields.get('type')?.values[0]
  const type = named?.kind === 'string' ? objectType(named.text) : undefined
  const fitting = new Map<string, readonly FieldValue[]>()
  for (const [key, { values, origin }] of fields) {
    if (fits(key, type, object.id === defaultObjectId ? 'other' : origin)) fitting.set(key, values)
  }
  return { id: object.id, name: object.name, type, fields: fitting }
}

/** Whether a field counts on an object of this type: never where the service sets it, and from Default only where the type has it. */
function fits(key: string, type: ObjectType | undefined, origin: HeritageField['origin']): boolean {
  const field = type?.fields.get(key)
  if (field !== undefined)
    return field.kind !== 'runtime' && field.kind !== 'system' && !(origin === 'default' && field.isForbidden)
  return type === undefined || origin !== 'default' || key === 'type' || /^\*?my/.test(key)
}

function cycleProblem(cycle: readonly PipelineObject[]): Problem {
  const [first] = cycle
  const path = `${shortList(
    cycle.map(({ id }) => quote(id)),
    ' → ',
  )} → ${quote(first?.id ?? '')}`
  return {
    severity: 'error',
    objectId: first?.id,
    field: 'parent',
    message: `'parent' leads back to the object itself: ${path}. Remove one of these parents.`,
  }
}

const depthProblem = (object: PipelineObject): Problem => ({
  severity: 'error',
  objectId: object.id,
  field: 'parent',
  message: `'parent' makes a chain of more than ${ancestorsMax} objects. Let the object inherit from one that is nearer to Default.`,
})
