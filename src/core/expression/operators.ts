import { assertNever } from '../assert-never.ts'
import { type Failure, failure } from './failure.ts'
import { type NumberValue, readNumber } from './parameter-type.ts'
import type { Operator } from './syntax.ts'
import { valueText } from './text.ts'
import { kindNames, type Value } from './value.ts'

/** One side of an operator. */
export type Operand = {
  readonly value: Value
  /** Whether a field or parameter holds the value; text that is written in the expression itself is always text. */
  readonly isFieldText: boolean
}

/**
 * Applies an operator to two values, neither of them a list.
 *
 * `+` adds numbers and otherwise joins text, converting the other side. Text of a field counts as a number beside a number if it
 * looks like one: `1 + myCount` is 3 where `myCount` holds `2`, but `1 + '2'` is `12`. Integers stay integers, and their
 * division truncates; a power is always a double.
 *
 * @source guide: dp-pipeline-reference-functions-math, dp-pipeline-reference-functions-string; field text is ours: differences#text-as-values
 */
export function applyOperator(operator: Operator, left: Operand, right: Operand): Value | Failure {
  if (operator !== '+') return arithmetic(operator, left.value, right.value)
  const leftNumber = addend(left, right)
  const rightNumber = addend(right, left)
  if (leftNumber !== undefined && rightNumber !== undefined) return calculate('+', leftNumber, rightNumber)
  if (left.value.kind !== 'string' && right.value.kind !== 'string') {
    return failure(
      `+ adds numbers or joins text, but this is ${kindNames[left.value.kind]} and ${kindNames[right.value.kind]}. Write numbers or text on both sides.`,
    )
  }
  return { kind: 'string', text: valueText(left.value) + valueText(right.value) }
}

/**
 * The value with its sign turned, where it is a number.
 *
 * @source guide: dp-pipeline-reference-functions-math
 */
export function negate(value: Value): Value | Failure {
  const number = readNumber(value)
  if (number === undefined)
    return failure(`- needs a number, but this is ${kindNames[value.kind]}. Write a number there.`)
  return { ...number, number: withoutNegativeZero(-number.number) }
}

/** A side of `+` as a number, if it counts as one beside the other. */
function addend(operand: Operand, other: Operand): NumberValue | undefined {
  const { value } = operand
  if (value.kind === 'integer' || value.kind === 'double') return value
  const isBesideNumber = other.value.kind === 'integer' || other.value.kind === 'double'
  return operand.isFieldText && isBesideNumber ? readNumber(value) : undefined
}

function arithmetic(operator: Operator, left: Value, right: Value): NumberValue | Failure {
  const leftNumber = readNumber(left)
  const rightNumber = readNumber(right)
  if (leftNumber !== undefined && rightNumber !== undefined) return calculate(operator, leftNumber, rightNumber)
  return failure(
    `${operator} needs a number, but this is ${kindNames[(leftNumber === undefined ? left : right).kind]}. Write a number there.`,
  )
}

function calculate(operator: Operator, left: NumberValue, right: NumberValue): NumberValue | Failure {
  if (operator === '/' && right.number === 0) return failure('Division by zero. Write another divisor.')
  if (operator === '^' || left.kind === 'double' || right.kind === 'double') {
    const number = calculateDouble(operator, left.number, right.number)
    return Number.isFinite(number)
      ? { kind: 'double', number }
      : failure('The result is not a finite number. Calculate with smaller ones.')
  }
  const number =
    operator === '/'
      ? truncatedQuotient(left.number, right.number)
      : calculateDouble(operator, left.number, right.number)
  if (!Number.isSafeInteger(number))
    return failure('The result is too large for an Integer. Calculate with smaller numbers, or with Doubles.')
  return { kind: 'integer', number: withoutNegativeZero(number) }
}

function calculateDouble(operator: Operator, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right
    case '-':
      return left - right
    case '*':
      return left * right
    case '/':
      return left / right
    case '^':
      return left ** right
    default:
      return assertNever(operator)
  }
}

/** Exact, where rounding `left / right` could reach the next integer. */
const truncatedQuotient = (left: number, right: number): number => (left - (left % right)) / right

const withoutNegativeZero = (number: number): number => number + 0
