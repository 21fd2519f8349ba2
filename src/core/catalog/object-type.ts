import type { FieldTable, FieldType } from './field-type.ts'
import type { AbstractTypeName, ConcreteTypeName, TypeName } from './type-name.ts'

/** What kind of thing an object type is; decides whether it runs and how. */
export type Category =
  | 'activity'
  | 'dataNode'
  | 'resource'
  | 'precondition'
  | 'action'
  | 'schedule'
  | 'database'
  | 'dataFormat'
  | 'utility'

/**
 * What must hold between the fields of one object. A field counts as given when it is inherited, too.
 *
 * `exactlyOneOf`, `atLeastOneOf`, `atMostOneOf` are errors. `needs` and `conflicts` concern a pair and say themselves how bad a
 * breach is and why.
 *
 * @source guide: dp-pipeline-objects
 */
export type FieldRule =
  | { readonly kind: 'exactlyOneOf' | 'atLeastOneOf' | 'atMostOneOf'; readonly fields: readonly string[] }
  | {
      readonly kind: 'needs' | 'conflicts'
      readonly field: string
      readonly other: string
      readonly severity: 'error' | 'warning'
      /** What happens otherwise. */
      readonly reason: string
      /** What to do about a breach: a sentence. */
      readonly remedy: string
    }

/** A type of object: what it is for, and every field that it can have. */
export type ObjectType = {
  readonly name: ConcreteTypeName
  readonly category: Category
  /** The abstract types it derives from, the nearest first. */
  readonly parents: readonly AbstractTypeName[]
  /** What an object of this type does, in a sentence or two: shown in forms and on reference pages. */
  readonly summary: string
  readonly fields: ReadonlyMap<string, FieldType>
  /** Those of the fields that every object of the type must have, its own or inherited. */
  readonly requiredFields: ReadonlyMap<string, FieldType>
  readonly rules: readonly FieldRule[]
  /** What to use instead. */
  readonly deprecated?: string | undefined
}

/** What the file of a type says of it. */
type TypeTable = Omit<ObjectType, 'fields' | 'requiredFields' | 'rules'> & {
  readonly fields: FieldTable
  readonly rules?: readonly FieldRule[]
}

/** Makes a type from the tables of its file. */
export function defineType(table: TypeTable): ObjectType {
  const fields = Object.entries(table.fields)
  const requiredFields = fields.filter(([, { kind }]) => kind === 'required')
  return { ...table, fields: new Map(fields), requiredFields: new Map(requiredFields), rules: table.rules ?? [] }
}

/** Whether the type is `name` or derives from it. */
export const isA = (type: ObjectType, name: TypeName): boolean =>
  type.name === name || type.parents.some((parent) => parent === name)

/** Whether objects of the type have instances: activities, data nodes, machines and preconditions do. */
export const isRunnable = (type: ObjectType): boolean => isA(type, 'RunnableObject')
