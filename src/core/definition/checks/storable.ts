import { quote } from '../../quote.ts'
import type { Problem } from '../problem.ts'
import type { Check } from './subject.ts'

/**
 * What keeps a definition from being stored at all: too many objects, an object without id or name, an empty value or reference.
 *
 * @source model: PutPipelineDefinition; observed: 6
 */
export const checkStorable: Check = ({ definition, limits }) => {
  const problems: Problem[] = []
  const count = definition.objects.length
  if (count > limits.objectsMax) {
    const message = `Web service limit exceeded: Exceeded maximum number of objects allowed per pipeline: ${count} instead of at most ${limits.objectsMax}. Divide them between several pipelines.`
    problems.push({ severity: 'fatal', message })
  }
  for (const [index, { id: objectId, name, fields }] of definition.objects.entries()) {
    const complain = (message: string, field?: string): void => {
      problems.push({ severity: 'fatal', objectId, field, message })
    }
    if (objectId === '') complain(`Object number ${index + 1} has no id. Give it one that no other object has.`)
    else if (name === '') complain(`'name' is empty. Remove it, so that the name is the id, or give it a text.`, 'name')
    for (const { key, value } of fields) {
      if (key === '') complain('A field has an empty key. Give the field a key, or remove it.')
      else if ((value.kind === 'string' ? value.text : value.target) === '') {
        complain(`${quote(key)} is empty. Give it a value, or remove it.`, key)
      }
    }
  }
  return problems
}
