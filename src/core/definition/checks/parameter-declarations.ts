import { hasExpression } from '../../expression/template.ts'
import { nearestWord } from '../../nearest-word.ts'
import { quote, shorten } from '../../quote.ts'
import { parameterTypes } from '../parameters.ts'
import type { Definition, ParameterObject } from '../pipeline-object.ts'
import type { Problem } from '../problem.ts'
import { type Check, isUserField } from './subject.ts'

/**
 * Parameters are declared once, with an id that starts with `my`, a type that exists and attributes that have an effect, and are used
 * somewhere.
 *
 * @source guide: dp-custom-templates
 */
export const checkParameterDeclarations: Check = ({ definition }) => {
  if (definition.parameterObjects.length === 0) return []
  const unused = unusedParameters(definition)
  const seen = new Set<string>()
  return definition.parameterObjects.flatMap((parameter) => {
    const { id } = parameter
    const problem = (severity: Problem['severity'], complaint: string, field?: string): Problem => ({
      severity,
      parameterId: id,
      field,
      message: `Parameter ${quote(id)} ${complaint}`,
    })
    if (id === '')
      return [{ severity: 'fatal', message: 'A parameter has no id. Give it one that starts with my.' } as const]
    if (seen.has(id)) return [problem('error', 'is declared more than once. Remove the others.')]
    seen.add(id)
    const problems: Problem[] = []
    if (!/^\*?my/.test(id))
      problems.push(problem('warning', 'should have an id that starts with my, or *my for a secret. Rename it.'))
    for (const { key, complaint } of attributeComplaints(parameter)) problems.push(problem('warning', complaint, key))
    const type = unknownType(parameter)
    if (type !== undefined) {
      problems.push(
        problem(
          'error',
          `has the type ${quote(type)}, which does not exist. Use one of ${parameterTypes.join(', ')}.`,
          'type',
        ),
      )
    }
    if (unused.has(id))
      problems.push(problem('warning', `is not used: no field contains #{${shorten(id)}}. Use it, or remove it.`))
    return problems
  })
}

/**
 * What is odd about the attributes. Any attribute may be there, and the original stored them all; one that is nearly a known one was meant
 * to be it.
 */
const attributeComplaints = ({ attributes }: ParameterObject): readonly { key: string; complaint: string }[] =>
  attributes.flatMap(({ key, text }) => {
    const complaint = attributeComplaint(key, text)
    return complaint === undefined ? [] : [{ key, complaint }]
  })

function attributeComplaint(key: string, text: string): string | undefined {
  const known = attributeKeys.find((attribute) => attribute.toLowerCase() === key.toLowerCase())
  if (known === undefined) {
    const nearest = isUserField(key) ? undefined : nearestWord(key, attributeKeys)
    return nearest && `has an attribute ${quote(key)}, which has no effect. Did you mean '${nearest}'?`
  }
  const isFlag = known === 'isArray' || known === 'optional'
  if (!isFlag || /^(true|false)$/i.test(text)) return undefined
  return `has ${quote(text)} as its '${known}', which counts as false. Write true or false.`
}

const attributeKeys = [
  'type',
  'description',
  'isArray',
  'optional',
  'default',
  'allowedValues',
  'watermark',
  'helpText',
  'helpLink',
] as const

function unknownType({ attributes }: ParameterObject): string | undefined {
  const type = attributes.find(({ key }) => key.toLowerCase() === 'type')?.text
  if (type === undefined || parameterTypes.some((known) => known.toLowerCase() === type.toLowerCase())) return undefined
  return type
}

/**
 * The ids of the parameters that no expression of the definition contains; one inside quotes counts as used, which only hides a warning.
 * Reads no further than it has to.
 */
function unusedParameters(definition: Definition): ReadonlySet<string> {
  const unused = new Set(definition.parameterObjects.map(({ id }) => id))
  for (const text of texts(definition)) {
    if (unused.size === 0) break
    if (!hasExpression(text)) continue
    for (const name of text.slice(text.indexOf('#{')).match(parameterName) ?? []) unused.delete(name)
  }
  return unused
}

const parameterName = /\*?[\p{L}_$][\p{L}\p{N}_$]*/gu

/** Every text in which an expression may stand. */
function* texts({ objects, parameterObjects, parameterValues }: Definition): Generator<string> {
  for (const { fields } of objects) for (const { value } of fields) if (value.kind === 'string') yield value.text
  for (const { attributes } of parameterObjects) for (const { text } of attributes) yield text
  for (const { text } of parameterValues) yield text
}
