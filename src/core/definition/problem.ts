import type { ObjectId } from './pipeline-object.ts'

/** A range of characters inside a field's text: zero-based start, exclusive end. */
export type TextRange = { readonly start: number; readonly end: number }

/**
 * What is wrong with a definition, as a value: validation collects all of them and throws none.
 *
 * - `fatal`: the definition cannot be stored (an empty string, too many objects); the API answers InvalidRequestException.
 * - `error`: it is stored but cannot be activated.
 * - `warning`: it can be activated.
 */
export type Problem = {
  readonly severity: 'fatal' | 'error' | 'warning'
  /** The object that is wrong; absent where the definition as a whole is. */
  readonly objectId?: ObjectId | undefined
  /** The key of the field that is wrong, or of the attribute of the parameter. */
  readonly field?: string | undefined
  /** Which of the field's values, counted from 0, where it holds several; without a field, which of those given for the parameter. */
  readonly valueIndex?: number | undefined
  /** Where inside the field's text, if the problem is inside an expression. */
  readonly range?: TextRange | undefined
  /** The parameter that is wrong, where it is one. */
  readonly parameterId?: string | undefined
  /** What is wrong and what to do about it, in one or two sentences. */
  readonly message: string
}
