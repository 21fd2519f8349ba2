import { assertNever } from '../assert-never.ts'
import type { ObjectId } from '../definition/pipeline-object.ts'
import { shorten } from '../quote.ts'
import { type Failure, type FieldPlace, failure, placed } from './failure.ts'
import { cycleMessage } from './field-cycles.ts'
import { findFunction, unknownFunction, wrongArity } from './functions.ts'
import { joinPieces, type Piece } from './interpolate.ts'
import { depthMax } from './limits.ts'
import { flatten, mapCombinations, mapItems } from './lists.ts'
import { applyOperator, negate, type Operand } from './operators.ts'
import { type Run, spendCharacters, spendSteps, startRun } from './run.ts'
import { isVerbatimKey, type Scope, type ScopeEntry } from './scope.ts'
import type { Call, Expression, OperationTerm, Operator } from './syntax.ts'
import { hasExpression, readPart } from './template.ts'
import type { Value } from './value.ts'

/**
 * What a text evaluates to.
 *
 * @source guide: dp-pipeline-expressions
 */
export type Evaluation = { readonly kind: 'value'; readonly value: Value } | Failure

/**
 * Evaluates every `#{…}` in a text that belongs to the object `self`. A text that is one expression and nothing else keeps the
 * type of its value; any other is text, or a list of texts where an expression is a list.
 *
 * Never throws and always ends, within the limits of `limits.ts`; what cannot be evaluated is a {@link Failure}.
 *
 * @source guide: dp-pipeline-expressions
 */
export function evaluateTemplate(text: string, self: ObjectId, scope: Scope): Evaluation {
  const value = templateValue(text, { self, run: startRun(scope), depth: 0 })
  return value.kind === 'failure' ? value : { kind: 'value', value }
}

/** Where something is evaluated: for which object, and how deep. */
type Place = { readonly self: ObjectId; readonly run: Run; readonly depth: number }

/** Reads and evaluates part by part, so that the limit on steps also bounds what is held of a long text. */
function templateValue(text: string, place: Place): Value | Failure {
  if (!hasExpression(text)) return { kind: 'string', text }
  const pieces: Piece[] = []
  for (let position = 0; position < text.length; ) {
    const part = readPart(text, position)
    if (part.kind === 'malformed') return { ...failure(part.problem.message), range: part.problem.range }
    position = part.range.end
    const value = part.kind === 'text' ? undefined : expressionValue(part.expression, place)
    if (value?.kind === 'failure') return value
    pieces.push(
      value === undefined
        ? { kind: 'text', text: text.slice(part.range.start, part.range.end) }
        : { kind: 'value', value },
    )
  }
  const [only, ...others] = pieces
  return only?.kind === 'value' && others.length === 0 ? only.value : joinPieces(pieces, place.run)
}

function expressionValue(expression: Expression, { self, run, depth }: Place): Value | Failure {
  if (depth >= depthMax) {
    return placed(
      failure(`Fields and expressions nest more than ${depthMax} levels deep here. Simplify them.`),
      expression.range,
    )
  }
  const value = spendSteps(run, 1) ?? compute(expression, { self, run, depth: depth + 1 })
  return placed(value, expression.range)
}

function compute(expression: Expression, place: Place): Value | Failure {
  switch (expression.kind) {
    case 'literal':
      return expression.value
    case 'field':
      return fieldValue(place.self, expression.key, place)
    case 'call':
      return callValue(expression, [], place)
    case 'chain':
      return chainValue(expression, place)
    case 'operation':
      return operationValue(expression, place)
    case 'power': {
      const { base, exponent } = expression
      return operationValue({ first: base, rest: [{ operator: '^', operand: exponent }] }, place)
    }
    case 'negation': {
      const operand = expressionValue(expression.operand, place)
      return operand.kind === 'failure' ? operand : mapItems(operand, place.run, negate)
    }
    case 'list': {
      const items = expressionValues(expression.items, place)
      if (items.kind === 'failure') return items
      return spendSteps(place.run, items.values.length) ?? flatten(items.values)
    }
    default:
      return assertNever(expression)
  }
}

type Values = { readonly kind: 'values'; readonly values: readonly Value[] }

function expressionValues(expressions: readonly Expression[], place: Place): Values | Failure {
  const values: Value[] = []
  for (const expression of expressions) {
    const value = expressionValue(expression, place)
    if (value.kind === 'failure') return value
    values.push(value)
  }
  return { kind: 'values', values }
}

/** `receivers` is what stands before the dot, if the call has the form of a method. */
function callValue(call: Call, receivers: readonly Value[], place: Place): Value | Failure {
  const called = findFunction(call.functionName)
  if (called === undefined) return unknownFunction(call.functionName)
  const given = receivers.length + call.arguments.length
  if (given !== called.parameters.length) return wrongArity(called, given)
  const values = expressionValues(call.arguments, place)
  if (values.kind === 'failure') return values
  const result = mapCombinations([...receivers, ...values.values], place.run, called.evaluate)
  return (result.kind === 'string' ? spendCharacters(place.run, result.text.length) : undefined) ?? result
}

function chainValue({ first, links }: Extract<Expression, { kind: 'chain' }>, place: Place): Value | Failure {
  let value = expressionValue(first, place)
  for (const link of links) {
    if (value.kind === 'failure') return value
    const next: Value | Failure =
      link.kind === 'call'
        ? callValue(link, [value], place)
        : mapItems(value, place.run, (item) => followReference(item, link.key, place))
    value = spendSteps(place.run, 1) ?? placed(next, link.range)
  }
  return value
}

function followReference(value: Value, key: string, place: Place): Value | Failure {
  if (value.kind === 'object') return fieldValue(value.id, key, place)
  return failure(
    `.${shorten(key)} follows a reference to an object, but what stands before the dot is not one. Write a field there that refers to an object.`,
  )
}

function operationValue(
  { first, rest }: { readonly first: Expression; readonly rest: readonly OperationTerm[] },
  place: Place,
): Value | Failure {
  const firstValue = expressionValue(first, place)
  if (firstValue.kind === 'failure') return firstValue
  let left: Operand = { value: firstValue, isFieldText: isField(first) }
  for (const { operator, operand } of rest) {
    const rightValue = expressionValue(operand, place)
    if (rightValue.kind === 'failure') return rightValue
    const value = combine(operator, { left, right: { value: rightValue, isFieldText: isField(operand) } }, place.run)
    if (value.kind === 'failure') return value
    left = { value, isFieldText: false }
  }
  return left.value
}

/** Whether a name, not a literal or a calculation, gives the value. */
function isField(expression: Expression): boolean {
  const last = expression.kind === 'chain' ? expression.links.at(-1) : expression
  return last?.kind === 'field'
}

function combine(
  operator: Operator,
  { left, right }: { readonly left: Operand; readonly right: Operand },
  run: Run,
): Value | Failure {
  if (operator === '+' && isEmptyList(left.value)) return right.value
  if (operator === '+' && isEmptyList(right.value)) return left.value
  return mapItems(left.value, run, (leftItem) =>
    mapItems(right.value, run, (rightItem) => {
      const value = applyOperator(operator, { ...left, value: leftItem }, { ...right, value: rightItem })
      return (value.kind === 'string' ? spendCharacters(run, addedLength(value.text, leftItem)) : undefined) ?? value
    }),
  )
}

/** An optional parameter without a value; it adds nothing to a text. */
const isEmptyList = (value: Value): boolean => value.kind === 'list' && value.items.length === 0

/** How much longer the text is than the one it was joined to, so that a chain of `+` pays for each character once. */
const addedLength = (text: string, left: Value): number => text.length - (left.kind === 'string' ? left.text.length : 0)

function fieldValue(objectId: ObjectId, key: string, place: Place): Value | Failure {
  const { run } = place
  const entries = run.scope.entries(objectId, key)
  if (entries === undefined)
    return failure(
      `The object ${shorten(objectId)} has no field or parameter ${shorten(key)}. Define it, or write another name.`,
    )
  const [only, ...others] = entries
  if (only !== undefined && others.length === 0 && (isVerbatimKey(key) || !isTemplate(only))) return plainValue(only)
  const known = run.results.get(objectId)?.get(key)
  if (known !== undefined) return known
  const cycle = findCycle(run, objectId, key)
  if (cycle !== undefined) return cycle
  run.open.push({ objectId, key })
  const result = located(entriesValue(entries, { ...place, self: objectId }), { objectId, key })
  run.open.pop()
  remember(run, { objectId, key }, result)
  return result
}

function entriesValue(entries: readonly ScopeEntry[], place: Place): Value | Failure {
  const tooMany = spendSteps(place.run, entries.length)
  if (tooMany !== undefined) return tooMany
  const values: Value[] = []
  for (const entry of entries) {
    const value = isTemplate(entry) ? templateValue(entry.text, place) : plainValue(entry)
    if (value.kind === 'failure') return value
    values.push(value)
  }
  const [only] = values
  return only !== undefined && values.length === 1 ? only : flatten(values)
}

const isTemplate = (entry: ScopeEntry): entry is Extract<ScopeEntry, { kind: 'string' }> =>
  entry.kind === 'string' && hasExpression(entry.text)

function plainValue(entry: ScopeEntry): Value {
  switch (entry.kind) {
    case 'string':
      return entry
    case 'reference':
      return { kind: 'object', id: entry.target }
    case 'value':
      return entry.value
    default:
      return assertNever(entry)
  }
}

function findCycle({ open }: Run, objectId: ObjectId, key: string): Failure | undefined {
  const first = open.findIndex((field) => field.objectId === objectId && field.key === key)
  if (first < 0) return undefined
  return failure(cycleMessage([...open.slice(first), { objectId, key }]))
}

/** Says in which field a failure is, once: the innermost field is the one to correct. */
const located = (result: Value | Failure, field: FieldPlace): Value | Failure =>
  result.kind !== 'failure' || result.field !== undefined
    ? result
    : {
        ...result,
        field,
        message: `${result.message} (In the field ${shorten(field.key)} of ${shorten(field.objectId)}.)`,
      }

function remember(run: Run, { objectId, key }: FieldPlace, result: Value | Failure): void {
  const known = run.results.get(objectId) ?? new Map<string, Value | Failure>()
  run.results.set(objectId, known.set(key, result))
}
