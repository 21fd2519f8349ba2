import { quote, shorten } from '../../quote.ts'
import { parameterTypes } from '../parameters.ts'
import type { Definition, ParameterObject } from '../pipeline-object.ts'
import type { Problem } from '../problem.ts'
import type { Check } from './subject.ts'

/**
 * Parameters are declared once, with an id that starts with `my` and a type that exists, and are used somewhere.
 *
 * @source guide: dp-custom-templates
 */
export const checkParameterDeclarations: Check = ({ definition }) => {
  if (definition.parameterObjects.length === 0) return []
  const used = namesInExpressions(definition)
  const seen = new Set<string>()
  return definition.parameterObjects.flatMap((parameter) => {
    const { id } = parameter
    const problem = (severity: Problem['severity'], complaint: string): Problem => ({
      severity,
      parameterId: id,
      message: `Parameter ${quote(id)} ${complaint}`,
    })
    if (id === '')
      return [{ severity: 'fatal', message: 'A parameter has no id. Give it one that starts with my.' } as const]
    if (seen.has(id)) return [problem('error', 'is declared more than once. Remove the others.')]
    seen.add(id)
    const problems: Problem[] = []
    if (!/^\*?my/.test(id))
      problems.push(problem('warning', 'should have an id that starts with my, or *my for a secret. Rename it.'))
    const type = unknownType(parameter)
    if (type !== undefined) {
      problems.push(
        problem('error', `has the type ${quote(type)}, which does not exist. Use one of ${parameterTypes.join(', ')}.`),
      )
    }
    if (!used.has(id))
      problems.push(problem('warning', `is not used: no field contains #{${shorten(id)}}. Use it, or remove it.`))
    return problems
  })
}

function unknownType({ attributes }: ParameterObject): string | undefined {
  const type = attributes.find(({ key }) => key.toLowerCase() === 'type')?.text
  if (type === undefined || parameterTypes.some((known) => known.toLowerCase() === type.toLowerCase())) return undefined
  return type
}

/** Every word that occurs in an expression of the definition; a name inside quotes counts too, which only hides a warning. */
function namesInExpressions({ objects, parameterObjects, parameterValues }: Definition): ReadonlySet<string> {
  const names = new Set<string>()
  const addNames = (text: string): void => {
    const start = text.indexOf('#{')
    if (start >= 0) for (const [name] of text.slice(start).matchAll(/\*?\w+/g)) names.add(name)
  }
  for (const { fields } of objects) for (const { value } of fields) if (value.kind === 'string') addNames(value.text)
  for (const { attributes } of parameterObjects) for (const { text } of attributes) addNames(text)
  for (const { text } of parameterValues) addNames(text)
  return names
}
