import { assertNever } from '../assert-never.ts'
import type { ObjectId } from '../definition/pipeline-object.ts'
import type { TextRange } from '../definition/problem.ts'
import { nearestWord } from '../nearest-word.ts'
import { shorten } from '../quote.ts'
import type { FieldPlace } from './failure.ts'
import { type ExpressionFunction, findFunction, type Parameter, unknownFunction, wrongArity } from './functions.ts'
import { problemsMax } from './limits.ts'
import { negationType, operationType, type StaticOperand } from './static-operators.ts'
import type { StaticScope } from './static-scope.ts'
import { kindNameOf, type StaticType, typeOfAny, typeOfField, unknownType } from './static-type.ts'
import type { Call, Expression, FieldName, SyntaxProblem } from './syntax.ts'
import { hasExpression, parseTemplate } from './template.ts'

/** What is known of a text before anything runs. */
export type TemplateCheck = {
  /** What is wrong with its expressions, at most {@link problemsMax}; none if nothing is certain to fail. */
  readonly problems: readonly SyntaxProblem[]
  /** The fields that it reads and that contain expressions themselves, for {@link findFieldCycles}. */
  readonly reads: readonly FieldPlace[]
}

/**
 * Checks the expressions in a text that belongs to the object `self`, without evaluating it: what cannot be read, functions that do
 * not exist, wrong numbers and types of arguments, names that no object has, and paths that do not follow references. What is
 * not known yet is taken to be right.
 *
 * @source guide: dp-pipeline-expressions
 */
export function checkTemplate(text: string, self: ObjectId, scope: StaticScope): TemplateCheck {
  if (!hasExpression(text)) return { problems: [], reads: [] }
  const template = parseTemplate(text)
  const problems = template.kind === 'malformed' ? [...template.problems] : []
  const check: Check = { self, scope, problems, reads: [] }
  for (const part of template.parts) {
    if (part.kind === 'expression') typeOf(part.expression, check)
  }
  problems.sort((left, right) => left.range.start - right.range.start)
  return { problems: problems.slice(0, problemsMax), reads: check.reads }
}

/** One check: where it looks, and what it has found. */
type Check = {
  readonly self: ObjectId
  readonly scope: StaticScope
  readonly problems: SyntaxProblem[]
  readonly reads: FieldPlace[]
}

/** Notes a problem; nothing more is known of a value that has one. */
function wrong(check: Check, range: TextRange, message: string): StaticType {
  check.problems.push({ message, range })
  return unknownType
}

function typeOf(expression: Expression, check: Check): StaticType {
  switch (expression.kind) {
    case 'literal':
      return { kind: 'known', values: [expression.value] }
    case 'field':
      return fieldType([check.self], expression, check)
    case 'call':
      return callType(expression, [], check)
    case 'chain':
      return chainType(expression, check)
    case 'operation':
      return operation(expression, check)
    case 'power': {
      const { base, exponent, range } = expression
      return operation({ first: base, rest: [{ operator: '^', operand: exponent }], range }, check)
    }
    case 'negation': {
      const result = negationType(typeOf(expression.operand, check))
      return result.kind === 'failure' ? wrong(check, expression.range, result.message) : result
    }
    case 'list':
      return typeOfAny(expression.items.map((item) => typeOf(item, check)))
    default:
      return assertNever(expression)
  }
}

function operation(
  { first, rest, range }: Pick<Extract<Expression, { kind: 'operation' }>, 'first' | 'rest' | 'range'>,
  check: Check,
): StaticType {
  let left = operandOf(first, check)
  for (const { operator, operand } of rest) {
    const result = operationType(operator, left, operandOf(operand, check))
    const type = result.kind === 'failure' ? wrong(check, range, result.message) : result
    left = { type, isFieldText: false }
  }
  return left.type
}

const operandOf = (expression: Expression, check: Check): StaticOperand => ({
  type: typeOf(expression, check),
  isFieldText: isField(expression),
})

/** The type of a name in the objects that may be meant; an error only where none of them has it. */
function fieldType(objects: readonly ObjectId[], { key, range }: FieldName, check: Check): StaticType {
  const types: StaticType[] = []
  for (const objectId of objects) {
    const field = check.scope.field(objectId, key)
    if (field.kind === 'text' && field.texts.some(hasExpression)) check.reads.push({ objectId, key })
    const type = typeOfField(field)
    if (type !== undefined) types.push(type)
  }
  return types.length === 0 ? wrong(check, range, undefinedName(objects, key, check)) : typeOfAny(types)
}

function undefinedName(objects: readonly ObjectId[], key: string, { scope }: Check): string {
  const nearest = nearestWord(key, namesOf(objects, scope))
  // A field that the type has and the object does not is spelled right.
  const hint =
    nearest === undefined || nearest === key ? 'Define it, or write another name.' : `Did you mean ${shorten(nearest)}?`
  return `${listed(objects)} no field or parameter ${shorten(key)}. ${hint}`
}

function* namesOf(objects: readonly ObjectId[], scope: StaticScope): Generator<string> {
  for (const object of objects) yield* scope.names(object)
}

/** How many objects a message names. */
const listedMax = 3

function listed(objects: readonly ObjectId[]): string {
  const [first = '', ...others] = objects
  if (others.length === 0) return `The object ${shorten(first)} has`
  const more = objects.length > listedMax ? ' and others' : ''
  return `The objects ${objects.slice(0, listedMax).map(shorten).join(', ')}${more} have`
}

function chainType({ first, links }: Extract<Expression, { kind: 'chain' }>, check: Check): StaticType {
  let type = typeOf(first, check)
  let references = first.kind === 'field' ? 1 : 0
  for (const link of links) {
    const before = { type, range: first.range }
    type = link.kind === 'call' ? callType(link, [before], check) : linkType(type, link, check)
    if (link.kind === 'field') {
      if (references > 1 && link.key.startsWith('@')) wrong(check, link.range, transitiveRuntimeField(link.key))
      references++
    }
  }
  return type
}

const transitiveRuntimeField = (key: string): string =>
  `${shorten(key)} is a runtime field, which cannot be read of an object that is further away than one reference. Refer to that object from this one.`

function linkType(type: StaticType, link: FieldName, check: Check): StaticType {
  if (type.kind === 'unknown') return unknownType
  if (type.kind !== 'reference') {
    return wrong(
      check,
      link.range,
      `${shorten(link.key)} follows a dot, but what stands before the dot is ${kindNameOf(type)} and not a reference to an object. Write a field there that refers to one.`,
    )
  }
  return type.targets.length === 0 ? unknownType : fieldType(type.targets, link, check)
}

/** What is given for a parameter, and where it stands. */
type Given = { readonly type: StaticType; readonly range: TextRange }

/** `receivers` is what stands before the dot, if the call has the form of a method. */
function callType(call: Call, receivers: readonly Given[], check: Check): StaticType {
  const given = [...receivers, ...call.arguments.map((item) => ({ type: typeOf(item, check), range: item.range }))]
  const called = findFunction(call.functionName)
  if (called === undefined) {
    const { start } = call.range
    return wrong(check, { start, end: start + call.functionName.length }, unknownFunction(call.functionName).message)
  }
  if (given.length !== called.parameters.length)
    return wrong(check, call.range, wrongArity(called, given.length).message)
  const problemCount = check.problems.length
  for (const [index, parameter] of called.parameters.entries()) {
    const argument = given[index]
    const problem = argument === undefined ? undefined : argumentProblem(called, parameter, argument.type)
    if (argument !== undefined && problem !== undefined) wrong(check, argument.range, problem)
  }
  return check.problems.length > problemCount ? unknownType : resultType(called, { call, given }, check)
}

function argumentProblem(called: ExpressionFunction, { name, type }: Parameter, given: StaticType): string | undefined {
  if (given.kind === 'unknown') return undefined
  if (given.kind === 'known') {
    const results = given.values.map((value) => type.read(value))
    return results.find((result) => result.kind === 'failure')?.message
  }
  if (given.kind === 'some' && (given.valueKind === type.kind || given.valueKind === 'string')) return undefined
  return `${called.name} needs for ${name} ${type.description}, but this is ${kindNameOf(given)}. Write one there.`
}

/** The result itself where every argument is one known value, so that a date that does not exist is found. */
function resultType(
  called: ExpressionFunction,
  { call, given }: { readonly call: Call; readonly given: readonly Given[] },
  check: Check,
): StaticType {
  const values = given.flatMap(({ type }) => (type.kind === 'known' ? [type.values] : []))
  if (values.length < given.length || values.some((some) => some.length !== 1)) {
    return { kind: 'some', valueKind: called.result }
  }
  const result = called.evaluate(values.flat())
  return result.kind === 'failure' ? wrong(check, call.range, result.message) : { kind: 'known', values: [result] }
}

/** Whether a name, not a literal or a calculation, gives the value. */
function isField(expression: Expression): boolean {
  const last = expression.kind === 'chain' ? expression.links.at(-1) : expression
  return last?.kind === 'field'
}
