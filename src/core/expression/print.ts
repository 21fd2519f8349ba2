import { assertNever } from '../assert-never.ts'
import type { Call, Expression, FieldName, Literal, OperationTerm, Template } from './syntax.ts'
import { valueText } from './text.ts'

/**
 * A template as text that reads back as the same template, spaced as the guide does it. Strings take single quotes, and
 * parentheses stand only where the meaning needs them.
 *
 * @source guide: dp-pipeline-expressions
 */
export const printTemplate = ({ parts }: Template): string =>
  parts.map((part) => (part.kind === 'text' ? part.text : `#{${printExpression(part.expression)}}`)).join('')

/**
 * An expression as text, without `#{` and `}`.
 *
 * @source guide: dp-pipeline-expressions
 */
export function printExpression(expression: Expression): string {
  switch (expression.kind) {
    case 'literal':
      return printLiteral(expression.value)
    case 'field':
    case 'call':
      return printLink(expression)
    case 'chain':
      return [operand(expression.first, 'operand'), ...expression.links.map(printLink)].join('.')
    case 'operation':
      return printOperation(expression.first, expression.rest)
    case 'power':
      return `${operand(expression.base, 'chain')} ^ ${operand(expression.exponent, 'negation')}`
    case 'negation':
      return `-${operand(expression.operand, 'negation')}`
    case 'list':
      return `[${expression.items.map(printExpression).join(', ')}]`
    default:
      return assertNever(expression)
  }
}

const printLink = (link: FieldName | Call): string =>
  link.kind === 'field' ? link.key : `${link.functionName}(${link.arguments.map(printExpression).join(', ')})`

function printOperation(first: Expression, rest: readonly OperationTerm[]): string {
  const isProduct = rest.some(({ operator }) => operator === '*' || operator === '/')
  const least = isProduct ? 'negation' : 'product'
  const terms = rest.map(({ operator, operand: term }) => ` ${operator} ${operand(term, least)}`)
  return operand(first, least) + terms.join('')
}

/** How tightly an expression holds together, loosest first. */
const tightness = ['sum', 'product', 'negation', 'power', 'chain', 'operand'] as const

type Tightness = (typeof tightness)[number]

/** The expression as part of another that needs it to be at least that tight, in parentheses if it is looser. */
function operand(expression: Expression, least: Tightness): string {
  const printed = printExpression(expression)
  return tightness.indexOf(tightnessOf(expression)) < tightness.indexOf(least) ? `(${printed})` : printed
}

function tightnessOf(expression: Expression): Tightness {
  if (expression.kind !== 'operation') {
    const isTightest = expression.kind === 'literal' || expression.kind === 'field' || expression.kind === 'call'
    return isTightest || expression.kind === 'list' ? 'operand' : expression.kind
  }
  const isProduct = expression.rest.some(({ operator }) => operator === '*' || operator === '/')
  return isProduct ? 'product' : 'sum'
}

function printLiteral(literal: Literal): string {
  if (literal.kind !== 'string') return valueText(literal)
  const escaped = literal.text.replaceAll(/[\\'\n\r\t]/g, (character) => escapes.get(character) ?? character)
  return `'${escaped}'`
}

const escapes: ReadonlyMap<string, string> = new Map([
  ['\\', '\\\\'],
  ["'", "\\'"],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
])
