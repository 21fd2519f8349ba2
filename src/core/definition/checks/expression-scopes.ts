import { isKnownField, objectTypes } from '../../catalog/catalog.ts'
import type { FieldType } from '../../catalog/field-type.ts'
import type { ScopeEntry } from '../../expression/scope.ts'
import type { StaticField, StaticScope } from '../../expression/static-scope.ts'
import { hasExpression } from '../../expression/template.ts'
import { type EffectiveObject, targetsOf } from '../effective-object.ts'
import { isSecret } from '../parameters.ts'
import type { FieldValue, ObjectId } from '../pipeline-object.ts'
import { isUserField, type Subject } from './subject.ts'

/** A scope that also notes the names which only a parameter could supply that is not declared yet. */
export type NotingScope = StaticScope & {
  /** The names noted since the last call. */
  takeUndeclared(): readonly string[]
}

/**
 * What names mean in objects that have a type: their fields, the runtime fields of the type, parameters; and `node`, which is whatever
 * refers to the object.
 *
 * @source guide: dp-pipeline-expressions
 */
export function typedScope(subject: Subject): NotingScope {
  const referrers = findReferrers(subject.objects)
  const declared = new Set(parameterNames(subject))
  return noting(subject, {
    field(id, key) {
      const object = subject.objects.get(id)
      if (object === undefined) return { kind: 'unknown' }
      if (key === 'node') return nodeOf(object, referrers.get(id) ?? [])
      const entries = subject.parameters.entries.get(key)
      const undecided: StaticField = { kind: declared.has(key) ? 'unknown' : 'absent' }
      const meaning = ownMeaning(object, key) ?? (entries === undefined ? undecided : entriesMeaning(entries))
      return isSecret(key) ? withoutText(meaning) : meaning
    },
    *names(id) {
      const { fields, type } = subject.objects.get(id) ?? {}
      if (fields !== undefined) yield* fields.keys()
      if (type !== undefined) yield* type.fields.keys()
      yield* declared
    },
  })
}

/**
 * What names may mean where the object is not known: in Default, in untyped parents and in the values of parameters. A name is
 * unknown there unless nothing in the definition could supply it.
 *
 * @source ours: differences#expressions
 */
export function lenientScope(subject: Subject): NotingScope {
  const names = new Set(['id', 'name', ...parameterNames(subject)])
  for (const { fields } of subject.definition.objects) for (const { key } of fields) names.add(key)
  return noting(subject, {
    field: (_, key) => ({ kind: names.has(key) || isKnownField(key) ? 'unknown' : 'absent' }),
    *names() {
      yield* names
      yield* knownFields
    },
  })
}

/** Every field that some type has. */
const knownFields: ReadonlySet<string> = new Set(objectTypes.flatMap((type) => [...type.fields.keys()]))

/** While values are still to come, one may be given for a parameter that is not declared. */
function noting({ values }: Subject, scope: StaticScope): NotingScope {
  let undeclared = new Set<string>()
  return {
    field(id, key) {
      const field = scope.field(id, key)
      if (field.kind !== 'absent' || values !== 'toCome' || !isUserField(key)) return field
      undeclared.add(key)
      return { kind: 'unknown' }
    },
    names: (id) => scope.names(id),
    takeUndeclared() {
      const taken = [...undeclared]
      undeclared = new Set()
      return taken
    },
  }
}

/** The fields through which an object becomes the `node` of another. */
const referringFields = ['onSuccess', 'onFail', 'onLateAction', 'precondition'] as const

/** How many objects may be meant by `node` before the checker stops asking each: a shared alarm may have thousands. */
const referrersMax = 100

function findReferrers(objects: Subject['objects']): ReadonlyMap<ObjectId, readonly ObjectId[]> {
  const referrers = new Map<ObjectId, ObjectId[]>()
  const add = (target: ObjectId, id: ObjectId): void => {
    const known = referrers.get(target)
    if (known === undefined) referrers.set(target, [id])
    else if (known.length <= referrersMax) known.push(id)
  }
  for (const object of objects.values()) {
    if (object.type === undefined) continue
    for (const field of referringFields) for (const target of targetsOf(object, field)) add(target, object.id)
  }
  return referrers
}

function nodeOf({ type }: EffectiveObject, referrers: readonly ObjectId[]): StaticField {
  if (type !== undefined && !type.fields.has('node')) return { kind: 'absent' }
  return { kind: 'reference', targets: referrers.length > referrersMax ? [] : referrers }
}

function ownMeaning(object: EffectiveObject, key: string): StaticField | undefined {
  const values = object.fields.get(key)
  if (key === 'id' || key === 'name') return { kind: 'string' }
  // On an instance it is the component, and on a component what the definition says.
  if (key === 'parent') return { kind: 'reference', targets: [] }
  if (values !== undefined) return fieldMeaning(values)
  const field = object.type?.fields.get(key)
  if (field === undefined) return object.type === undefined ? { kind: 'unknown' } : undefined
  return field.kind === 'runtime' || field.kind === 'system' ? runtimeMeaning(field) : undefined
}

function fieldMeaning(values: readonly FieldValue[]): StaticField {
  const targets = values.flatMap((value) => (value.kind === 'reference' ? [value.target] : []))
  const texts = values.flatMap((value) => (value.kind === 'string' ? [value.text] : []))
  if (targets.length > 0 && texts.length > 0) return { kind: 'unknown' }
  return targets.length > 0 ? { kind: 'reference', targets } : { kind: 'text', texts }
}

function runtimeMeaning({ slot }: FieldType): StaticField {
  if (slot.kind === 'dateTime') return { kind: 'dateTime' }
  return slot.kind === 'reference' ? { kind: 'reference', targets: [] } : { kind: 'string' }
}

function entriesMeaning(entries: readonly ScopeEntry[]): StaticField {
  const kinds = new Set(entries.map((entry) => (entry.kind === 'value' ? entry.value.kind : entry.kind)))
  const [kind] = kinds
  if (kinds.size !== 1) return { kind: 'unknown' }
  if (kind === 'integer' || kind === 'double') return { kind }
  return { kind: 'text', texts: entries.flatMap((entry) => (entry.kind === 'string' ? [entry.text] : [])) }
}

/** What is known of a secret, without the secret: messages about what is known quote it. */
const withoutText = (field: StaticField): StaticField =>
  field.kind === 'text' && !field.texts.some(hasExpression) ? { kind: 'string' } : field

const parameterNames = ({ definition, parameters }: Subject): string[] => [
  ...definition.parameterObjects.map(({ id }) => id),
  ...parameters.entries.keys(),
]
