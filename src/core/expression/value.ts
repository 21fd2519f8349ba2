import type { ObjectId } from '../definition/pipeline-object.ts'
import type { Instant } from '../instant.ts'
import type { Period } from '../schedule/period.ts'

/**
 * What an expression evaluates to.
 *
 * @source guide: dp-expressions-functions
 */
export type Value =
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'integer'; readonly number: number }
  | { readonly kind: 'double'; readonly number: number }
  | { readonly kind: 'boolean'; readonly isTrue: boolean }
  /** `zone` is the time zone that `inTimeZone` chose, by its IANA name or offset; UTC where absent. */
  | { readonly kind: 'dateTime'; readonly instant: Instant; readonly zone?: string | undefined }
  | { readonly kind: 'period'; readonly period: Period }
  | { readonly kind: 'list'; readonly items: readonly Value[] }
  | { readonly kind: 'object'; readonly id: ObjectId }

/**
 * The kinds of values as messages name them.
 *
 * @source guide: dp-expressions-functions
 */
export const kindNames = {
  string: 'text',
  integer: 'an Integer',
  double: 'a Double',
  boolean: 'a Boolean',
  dateTime: 'a DateTime',
  period: 'a Period',
  list: 'a list',
  object: 'an object',
} as const satisfies Record<Value['kind'], string>
