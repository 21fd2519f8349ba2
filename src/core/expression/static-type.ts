import { assertNever } from '../assert-never.ts'
import type { ObjectId } from '../definition/pipeline-object.ts'
import type { StaticField } from './static-scope.ts'
import { hasExpression } from './template.ts'
import { kindNames, type Value } from './value.ts'

/**
 * What is known of the value of an expression before anything runs. Lists do not appear: what holds for a list holds for each
 * of its items.
 */
export type StaticType =
  | { readonly kind: 'unknown' }
  /** It is each of these values, of which there is at least one. */
  | { readonly kind: 'known'; readonly values: readonly Value[] }
  /** It is some value of this kind. */
  | { readonly kind: 'some'; readonly valueKind: Exclude<Value['kind'], 'list' | 'object'> }
  /** It is one of these objects; any object if there is none. */
  | { readonly kind: 'reference'; readonly targets: readonly ObjectId[] }

/** Nothing is known. */
export const unknownType: StaticType = { kind: 'unknown' }

/** The type of what is one of several things. */
export function typeOfAny(types: readonly StaticType[]): StaticType {
  const [first, ...others] = types
  if (first === undefined) return unknownType
  if (others.length === 0) return first
  const values = types.flatMap((type) => (type.kind === 'known' ? [type.values] : []))
  if (values.length === types.length) return { kind: 'known', values: values.flat() }
  const targets = types.flatMap((type) => (type.kind === 'reference' ? [type.targets] : []))
  if (targets.length === types.length && targets.every((some) => some.length > 0)) {
    return { kind: 'reference', targets: [...new Set(targets.flat())] }
  }
  const isSame = types.every(
    (type) => type.kind === 'some' && first.kind === 'some' && type.valueKind === first.valueKind,
  )
  return isSame ? first : unknownType
}

/** The type of what a field holds; `undefined` if there is no such field. */
export function typeOfField(field: StaticField): StaticType | undefined {
  switch (field.kind) {
    case 'absent':
      return undefined
    case 'unknown':
      return unknownType
    case 'text':
      return field.texts.length === 0 || field.texts.some(hasExpression)
        ? unknownType
        : { kind: 'known', values: field.texts.map((text) => ({ kind: 'string', text })) }
    case 'reference':
      return field
    case 'string':
    case 'integer':
    case 'double':
    case 'boolean':
    case 'dateTime':
    case 'period':
      return { kind: 'some', valueKind: field.kind }
    default:
      return assertNever(field)
  }
}

/** The type as messages name it. */
export function kindNameOf(type: StaticType): string {
  switch (type.kind) {
    case 'unknown':
      return 'not known'
    case 'known':
      return kindNames[type.values[0]?.kind ?? 'list']
    case 'some':
      return kindNames[type.valueKind]
    case 'reference':
      return kindNames.object
    default:
      return assertNever(type)
  }
}
