import type { ObjectId } from '../definition/pipeline-object.ts'

/**
 * What is known of a field before anything runs.
 *
 * - `absent`: the object cannot have such a field, now or when it runs.
 * - `unknown`: it has or may have the field, and nothing is known of its value.
 * - `text`: it holds these texts, as written; several where the field is a list. Those that contain expressions count as unknown.
 * - `reference`: it refers to these objects, or to one of them; none where any object may be meant.
 * - otherwise: it will hold a value of this kind.
 */
export type StaticField =
  | { readonly kind: 'absent' | 'unknown' | 'dateTime' | 'integer' | 'double' | 'boolean' | 'period' | 'string' }
  | { readonly kind: 'text'; readonly texts: readonly string[] }
  | { readonly kind: 'reference'; readonly targets: readonly ObjectId[] }

/** The objects of a definition as the checker of expressions sees them; whoever validates says what a name may mean. */
export type StaticScope = {
  /** What is known of one field of one object, inherited and runtime fields and parameters included. */
  field(object: ObjectId, key: string): StaticField
  /** The names that expressions of the object can use, from which a message suggests the nearest. */
  names(object: ObjectId): Iterable<string>
}
