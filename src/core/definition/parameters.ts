import type { ScopeEntry } from '../expression/scope.ts'
import { quote, shortList } from '../quote.ts'
import type { Definition, ParameterObject, ParameterValue } from './pipeline-object.ts'
import type { Problem } from './problem.ts'

/**
 * The types that a parameter can have.
 *
 * @source guide: dp-custom-templates
 */
export const parameterTypes = ['String', 'Integer', 'Double', 'AWS::S3::ObjectKey'] as const

/** One of these types. */
export type ParameterType = (typeof parameterTypes)[number]

/**
 * What expressions see of the parameters of a pipeline.
 *
 * @source guide: dp-custom-templates
 */
export type Parameters = {
  /**
   * The values of each parameter that has some, by id: several for an array. An optional parameter without a value is there with
   * no value at all, so that a name that nothing supplies can be told from it.
   */
  readonly entries: ReadonlyMap<string, readonly ScopeEntry[]>
  /** The ids of those with a value that is wrong in itself. */
  readonly ill: ReadonlySet<string>
  readonly problems: readonly Problem[]
}

/**
 * Finds the values of all parameters: those given at activation, else those of the definition, else the default. Values of
 * undeclared parameters count, with a warning.
 *
 * Without `activationValues` the definition is only being stored, so a value may still come later: a missing one is a warning then
 * and an error at activation.
 *
 * @source guide: dp-custom-templates; observed: 1.8, 6 (rules 3, 4); ours: differences#parameters
 */
export function parameterEntries(definition: Definition, activationValues?: readonly ParameterValue[]): Parameters {
  const stage = activationValues === undefined ? 'stored' : 'activated'
  const given = valuesById(definition.parameterValues)
  for (const [id, texts] of valuesById(activationValues ?? [])) given.set(id, texts)
  const declared = new Set(definition.parameterObjects.map(({ id }) => id))
  const entries = new Map<string, readonly ScopeEntry[]>()
  const problems: Problem[] = []
  for (const declaration of definition.parameterObjects.map(readDeclaration)) {
    const { id } = declaration
    if (entries.has(id)) continue
    const givenTexts = given.get(id)
    const texts = givenTexts ?? declaration.defaults
    const place = givenTexts === undefined ? { parameterId: id, field: 'default' } : { parameterId: id }
    problems.push(...(texts.length === 0 ? missingValue(declaration, stage) : checkValues(declaration, texts, place)))
    const isMissing = texts.length === 0 && !declaration.isOptional
    if (!isMissing)
      entries.set(
        id,
        texts.flatMap((text) => toEntry(declaration, text)),
      )
  }
  for (const [id, texts] of given) {
    if (entries.has(id) || declared.has(id)) continue
    problems.push(parameterProblem('warning', id, 'has a value, but is not declared. Declare it, or remove the value.'))
    entries.set(
      id,
      texts.map((text) => ({ kind: 'string', text })),
    )
  }
  const ill = new Set(
    problems.flatMap(({ severity, parameterId }) =>
      severity === 'error' && parameterId !== undefined ? [parameterId] : [],
    ),
  )
  return { entries, ill, problems }
}

/** Whether the values of the parameter, or of the field, are to be masked wherever they are shown: its id starts with an asterisk. */
export const isSecret = (id: string): boolean => id.startsWith('*')

/** A declaration, read: what its attributes say. */
export type Declaration = {
  readonly id: string
  readonly type: ParameterType
  readonly isArray: boolean
  readonly isOptional: boolean
  readonly defaults: readonly string[]
  /** Empty where every value is allowed. */
  readonly allowedValues: readonly string[]
}

/**
 * Reads the attributes of a parameter. Their keys and the words among their values are taken in any case, as real definitions
 * write them; an unknown type counts as String.
 *
 * @source guide: dp-custom-templates; observed: 6 (rule 7)
 */
export function readDeclaration(parameter: ParameterObject): Declaration {
  const texts = (key: string): readonly string[] =>
    parameter.attributes.flatMap((attribute) => (attribute.key.toLowerCase() === key ? [attribute.text] : []))
  const isTrue = (key: string): boolean => texts(key)[0]?.toLowerCase() === 'true'
  const typeName = texts('type')[0]?.toLowerCase()
  return {
    id: parameter.id,
    type: parameterTypes.find((type) => type.toLowerCase() === typeName) ?? 'String',
    isArray: isTrue('isarray'),
    isOptional: isTrue('optional'),
    defaults: texts('default'),
    allowedValues: texts('allowedvalues'),
  }
}

function valuesById(values: readonly ParameterValue[]): Map<string, readonly string[]> {
  const byId = new Map<string, string[]>()
  for (const { id, text } of values) {
    const known = byId.get(id)
    if (known === undefined) byId.set(id, [text])
    else known.push(text)
  }
  return byId
}

function missingValue({ id, isOptional }: Declaration, stage: 'stored' | 'activated'): Problem[] {
  if (isOptional) return []
  const severity = stage === 'stored' ? 'warning' : 'error'
  return [
    parameterProblem(severity, id, 'has no value. Give it one, with the definition or at activation, or a default.'),
  ]
}

/** What is wrong with the values, or the defaults, which stand at `place`. */
function checkValues(
  declaration: Declaration,
  texts: readonly string[],
  place: Pick<Problem, 'parameterId' | 'field'>,
): Problem[] {
  const { id, isArray, allowedValues } = declaration
  const problems: Problem[] = []
  const complain = (severity: Problem['severity'], valueIndex: number, complaint: string): void => {
    problems.push({ ...parameterProblem(severity, id, complaint), ...place, valueIndex })
  }
  if (texts.length > 1 && !isArray) {
    const advice = 'Give one value, or declare it with "isArray": "true".'
    complain('error', 1, `has ${texts.length} values, but is no array. ${advice}`)
  }
  for (const [valueIndex, text] of texts.entries()) {
    const shown = isSecret(id) ? 'something else' : quote(text)
    const complaint = typeComplaint(declaration, text)
    if (complaint !== undefined) {
      const { severity, form, remedy } = complaint
      complain(severity, valueIndex, `${form}, but is ${shown}. ${remedy}`)
    }
    if (allowedValues.length > 0 && !allowedValues.includes(text)) {
      const choices = isSecret(id) ? 'its allowed values' : shortList(allowedValues.map(quote))
      const advice = "Give one of them, or add this one to 'allowedValues'."
      // An old console printed only the last of several allowed values; the service had accepted them all.
      const severity = allowedValues.length === 1 ? 'warning' : 'error'
      complain(severity, valueIndex, `must be one of ${choices}, but is ${shown}. ${advice}`)
    }
  }
  return problems
}

/** What a value of the type must be, and what to do about one that is not. */
type TypeComplaint = Pick<Problem, 'severity'> & { readonly form: string; readonly remedy: string }

/** What is wrong with a value for a parameter of its type; text with expressions is judged when it is evaluated. */
function typeComplaint(declaration: Declaration, text: string): TypeComplaint | undefined {
  if (text.includes('#{') || (text === '' && declaration.isOptional)) return undefined
  switch (declaration.type) {
    case 'String':
      return undefined
    case 'Integer':
      return integerPattern.test(text)
        ? undefined
        : { severity: 'error', form: 'must be an Integer', remedy: 'Give a whole number such as 12.' }
    case 'Double':
      return doublePattern.test(text)
        ? undefined
        : { severity: 'error', form: 'must be a Double', remedy: 'Give a number such as 0.25.' }
    case 'AWS::S3::ObjectKey':
      return text === '' || /^s3:\/\//i.test(text)
        ? undefined
        : { severity: 'warning', form: 'should be an S3 path', remedy: 'Give one such as s3://bucket/folder.' }
  }
}

const integerPattern = /^[+-]?\d{1,15}$/
const doublePattern = /^[+-]?(\d{1,15}(\.\d*)?|\.\d+)(e[+-]?\d{1,3})?$/i

/** Numbers become numbers, so that `#{myCount + 1}` adds; an empty optional number is no value. */
function toEntry({ type }: Declaration, text: string): ScopeEntry[] {
  if (type === 'Integer' && integerPattern.test(text))
    return [{ kind: 'value', value: { kind: 'integer', number: Number(text) } }]
  if (type === 'Double' && doublePattern.test(text))
    return [{ kind: 'value', value: { kind: 'double', number: Number(text) } }]
  if ((type === 'Integer' || type === 'Double') && text === '') return []
  return [{ kind: 'string', text }]
}

const parameterProblem = (severity: Problem['severity'], parameterId: string, complaint: string): Problem => ({
  severity,
  parameterId,
  message: `Parameter ${quote(parameterId)} ${complaint}`,
})
