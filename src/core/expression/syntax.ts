import type { TextRange } from '../definition/problem.ts'
import type { Value } from './value.ts'

/**
 * An operator of the language.
 *
 * @source guide: dp-pipeline-reference-functions-math
 */
export type Operator = '+' | '-' | '*' | '/' | '^'

/**
 * A value that is written out in an expression.
 *
 * @source guide: dp-expressions-functions
 */
export type Literal = Extract<Value, { kind: 'string' | 'integer' | 'double' }>

/**
 * A name: a field, runtime field (`@…`), encrypted field or parameter (`*…`) of an object.
 *
 * @source guide: dp-pipeline-characters
 */
export type FieldName = { readonly kind: 'field'; readonly key: string; readonly range: TextRange }

/**
 * A call of a function; after a dot, what stands before the dot is the first argument.
 *
 * @source guide: dp-pipeline-reference-functions-datetime, dp-object-sqldatanode
 */
export type Call = {
  readonly kind: 'call'
  readonly functionName: string
  readonly arguments: readonly Expression[]
  readonly range: TextRange
}

/** One `+ operand` of an {@link Expression} of kind `operation`. */
export type OperationTerm = { readonly operator: Operator; readonly operand: Expression }

/**
 * An expression as written; ranges count characters of the whole text that it stands in.
 *
 * What repeats without nesting (`a + b + c`, `a.b.c`) is a list and not a tree, so that long expressions are not deep ones.
 *
 * @source guide: dp-pipeline-expressions
 */
export type Expression =
  | { readonly kind: 'literal'; readonly value: Literal; readonly range: TextRange }
  | FieldName
  | Call
  /** `first.link.link`: a path through references, or a call in the form of a method. */
  | {
      readonly kind: 'chain'
      readonly first: Expression
      readonly links: readonly (FieldName | Call)[]
      readonly range: TextRange
    }
  /** Operators of equal precedence, from left to right: either `+` and `-`, or `*` and `/`. */
  | {
      readonly kind: 'operation'
      readonly first: Expression
      readonly rest: readonly OperationTerm[]
      readonly range: TextRange
    }
  | { readonly kind: 'power'; readonly base: Expression; readonly exponent: Expression; readonly range: TextRange }
  | { readonly kind: 'negation'; readonly operand: Expression; readonly range: TextRange }
  | { readonly kind: 'list'; readonly items: readonly Expression[]; readonly range: TextRange }

/**
 * A stretch of a template: text that stays as it is, or `#{…}`.
 *
 * @source guide: dp-pipeline-expressions
 */
export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string; readonly range: TextRange }
  | { readonly kind: 'expression'; readonly expression: Expression; readonly range: TextRange }

/**
 * Text with any number of expressions in it.
 *
 * @source guide: dp-pipeline-expressions
 */
export type Template = { readonly kind: 'template'; readonly parts: readonly TemplatePart[] }

/** What is wrong with a text that cannot be read, and where. */
export type SyntaxProblem = { readonly message: string; readonly range: TextRange }
