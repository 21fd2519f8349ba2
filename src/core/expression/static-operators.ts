import { assertNever } from '../assert-never.ts'
import { type Failure, failure } from './failure.ts'
import { applyOperator, negate } from './operators.ts'
import { readNumber } from './parameter-type.ts'
import { kindNameOf, type StaticType, unknownType } from './static-type.ts'
import type { Operator } from './syntax.ts'
import type { Value } from './value.ts'

/** One side of an operator, as far as it is known. */
export type StaticOperand = { readonly type: StaticType; readonly isFieldText: boolean }

/**
 * What an operator makes of two sides: the result itself where both are known, a failure where it is certain to fail.
 *
 * @source guide: dp-pipeline-reference-functions-math
 */
export function operationType(operator: Operator, left: StaticOperand, right: StaticOperand): StaticType | Failure {
  const leftValue = onlyValue(left.type)
  const rightValue = onlyValue(right.type)
  if (leftValue !== undefined && rightValue !== undefined) {
    const value = applyOperator(operator, { ...left, value: leftValue }, { ...right, value: rightValue })
    return value.kind === 'failure' ? value : { kind: 'known', values: [value] }
  }
  const sides = [left.type, right.type]
  if (operator === '+') return additionType(sides)
  const wrong = sides.find((side) => !canBeNumber(side))
  return wrong === undefined ? numberType(operator, sides) : needsNumber(operator, wrong)
}

/**
 * What a sign makes of a value, as far as it is known.
 *
 * @source guide: dp-pipeline-reference-functions-math
 */
export function negationType(operand: StaticType): StaticType | Failure {
  const value = onlyValue(operand)
  if (value === undefined) {
    if (!canBeNumber(operand)) return needsNumber('-', operand)
    return isNumber(operand) ? operand : unknownType
  }
  const result = negate(value)
  return result.kind === 'failure' ? result : { kind: 'known', values: [result] }
}

/** `+` joins text if either side is text, and otherwise adds numbers. */
function additionType(sides: readonly StaticType[]): StaticType | Failure {
  const wrong = sides.find((side) => !canBeNumber(side))
  if (wrong === undefined) return numberType('+', sides)
  return sides.some(canBeText)
    ? unknownType
    : failure(`+ adds numbers or joins text, but this is ${kindNameOf(wrong)}. Write numbers or text on both sides.`)
}

function numberType(operator: Operator, sides: readonly StaticType[]): StaticType {
  if (operator === '^') return { kind: 'some', valueKind: 'double' }
  if (!sides.every(isNumber)) return unknownType
  if (sides.every((side) => kindsOf(side)?.every((kind) => kind === 'integer'))) {
    return { kind: 'some', valueKind: 'integer' }
  }
  const isDouble = sides.some((side) => kindsOf(side)?.every((kind) => kind === 'double'))
  return isDouble ? { kind: 'some', valueKind: 'double' } : unknownType
}

const needsNumber = (operator: Operator, wrong: StaticType): Failure =>
  failure(`${operator} needs a number, but this is ${kindNameOf(wrong)}. Write a number there.`)

function onlyValue(type: StaticType): Value | undefined {
  return type.kind === 'known' && type.values.length === 1 ? type.values[0] : undefined
}

/** The kinds that the values may have; `undefined` if they may have any. */
function kindsOf(type: StaticType): readonly Value['kind'][] | undefined {
  switch (type.kind) {
    case 'unknown':
      return undefined
    case 'known':
      return type.values.map((value) => value.kind)
    case 'some':
      return [type.valueKind]
    case 'reference':
      return ['object']
    default:
      return assertNever(type)
  }
}

const isNumber = (type: StaticType): boolean =>
  kindsOf(type)?.every((kind) => kind === 'integer' || kind === 'double') ?? false

/** Text whose content is not known may look like a number. */
function canBeNumber(type: StaticType): boolean {
  if (type.kind === 'known') return type.values.every((value) => readNumber(value) !== undefined)
  return kindsOf(type)?.every((kind) => kind === 'integer' || kind === 'double' || kind === 'string') ?? true
}

const canBeText = (type: StaticType): boolean => kindsOf(type)?.includes('string') ?? true
