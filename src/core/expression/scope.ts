import type { FieldValue, ObjectId } from '../definition/pipeline-object.ts'
import type { Value } from './value.ts'

/** What a name in an expression stands for before it is evaluated: a field as written, or a value that the service computed. */
export type ScopeEntry = FieldValue | { readonly kind: 'value'; readonly value: Value }

/**
 * The objects that an expression can see. The evaluator asks; whoever evaluates decides what a name means in its place (a
 * component, an instance, an attempt).
 */
export type Scope = {
  /**
   * The values of one field of one object, inherited and runtime fields and parameters included; several where the field is a
   * list; `undefined` where the object has no such field. Text that itself contains expressions is evaluated by the evaluator.
   */
  entries(object: ObjectId, key: string): readonly ScopeEntry[] | undefined
}

/**
 * Whether fields with this key are taken as they are written, `#{` and all: those of the kinds ID, NAME, TYPE and SPHERE.
 *
 * @source guide: dp-pipeline-expressions
 */
export const isVerbatimKey = (key: string): boolean => verbatimKeys.has(key)

const verbatimKeys = new Set(['id', '@id', 'name', 'type', '@sphere'])
