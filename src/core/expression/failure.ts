import type { ObjectId } from '../definition/pipeline-object.ts'
import type { TextRange } from '../definition/problem.ts'

/** A field of an object. */
export type FieldPlace = { readonly objectId: ObjectId; readonly key: string }

/**
 * Why an expression has no value: a value itself, because the language never throws.
 *
 * @source ours: the original fails the attempt with a text
 */
export type Failure = {
  readonly kind: 'failure'
  /** What is wrong, in a sentence or two, for the author of the definition. */
  readonly message: string
  /** Where in the text that was evaluated or, if {@link Failure.field} is given, in the text of that field. */
  readonly range?: TextRange | undefined
  /** The field whose text is wrong, if it is another one that the expression reads; the message names it as well. */
  readonly field?: FieldPlace | undefined
}

/** A failure without a place. */
export const failure = (message: string): Failure => ({ kind: 'failure', message })

/** What is given, with a place if it is a failure that has none. */
export const placed = <T extends { readonly kind: string }>(result: T | Failure, range: TextRange): T | Failure =>
  isFailure(result) && result.range === undefined && result.field === undefined ? { ...result, range } : result

/** Whether there is a failure instead of what was asked for. */
export const isFailure = <T extends { readonly kind: string }>(result: T | Failure): result is Failure =>
  result.kind === 'failure'
