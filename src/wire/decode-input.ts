import type { core } from 'zod'
import { SerializationException, ValidationException } from './errors.ts'
import { type Input, inputs, type OperationName } from './inputs.ts'
import { parseJson } from './json.ts'
import { textPattern } from './shapes.ts'

/**
 * What a request's body asks of an operation.
 *
 * @throws SerializationException when the body is not JSON, or a member is not of its type.
 * @throws ValidationException when a member is missing, or breaks a constraint of the model; it names all that do.
 * @source observed: 6
 */
export function decodeInput<Operation extends OperationName>(operation: Operation, body: string): Input<Operation> {
  const json = parse(body)
  const result = inputs[operation].safeParse(json)
  if (!result.success) throw toException(result.error.issues, json)
  // The table's type does not tell that the schema found under a name yields that name's input; here it is known.
  return result.data as Input<Operation>
}

function parse(body: string): unknown {
  try {
    return parseJson(body)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new SerializationException(`The body is not JSON: ${reason}`, { cause: error })
  }
}

type Issue = core.$ZodIssue

function toException(issues: readonly Issue[], json: unknown): SerializationException | ValidationException {
  const violations: string[] = []
  for (const issue of issues) {
    const value = valueAt(json, issue.path)
    if (isOfAnotherType(issue, value)) {
      const type = issue.code === 'invalid_type' ? issue.expected : 'string'
      return new SerializationException(`${jsonTypeOf(value)} cannot be converted to ${type}${at(issue.path)}`)
    }
    violations.push(`Value ${shown(value)}${at(issue.path)} failed to satisfy constraint: ${constraint(issue, value)}`)
  }
  const count = violations.length === 1 ? '1 validation error' : `${violations.length} validation errors`
  return new ValidationException(`${count} detected: ${violations.slice(0, violationsShownMax).join('; ')}`)
}

/** One message lists no more violations than a person reads; the count before them is of all. */
const violationsShownMax = 10

/** A value longer than this, in characters, is cut in messages: it may be a script of megabytes. */
const valueShownMax = 256

function isOfAnotherType(issue: Issue, value: unknown): boolean {
  if (value === undefined) return false
  return issue.code === 'invalid_type' || (issue.code === 'invalid_value' && typeof value !== 'string')
}

function constraint(issue: Issue, value: unknown): string {
  if (value === undefined) return 'Member must not be null'
  if (issue.code === 'too_small')
    return `Member must have ${measure(issue.origin)} greater than or equal to ${issue.minimum}`
  if (issue.code === 'too_big')
    return `Member must have ${measure(issue.origin)} less than or equal to ${issue.maximum}`
  if (issue.code === 'invalid_value') return `Member must satisfy enum value set: [${issue.values.join(', ')}]`
  // The shapes have no other constraint, and text is the only shape with a check of its own.
  return `Member must satisfy regular expression pattern: ${textPattern}`
}

const measure = (origin: string): string => (origin === 'string' || origin === 'array' ? 'length' : 'value')

/** A path as the original prints it: `pipelineObjects.1.member.id`, elements counted from 1. */
function at(path: readonly PropertyKey[]): string {
  if (path.length === 0) return ''
  return ` at '${path.map((key) => (typeof key === 'number' ? `${key + 1}.member` : String(key))).join('.')}'`
}

function valueAt(json: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), json)
}

const isRecord = (value: unknown): value is Record<PropertyKey, unknown> => typeof value === 'object' && value !== null

function shown(value: unknown): string {
  if (value === undefined) return 'null'
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length <= valueShownMax ? `'${text}'` : `'${text.slice(0, valueShownMax)}…'`
}

function jsonTypeOf(value: unknown): string {
  if (Array.isArray(value)) return 'LIST_VALUE'
  return typeof value === 'object' ? 'STRUCTURE_VALUE' : `${typeof value}_VALUE`.toUpperCase()
}
