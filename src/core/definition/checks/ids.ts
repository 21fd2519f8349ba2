import { hasExpression } from '../../expression/template.ts'
import { quote } from '../../quote.ts'
import type { ObjectId } from '../pipeline-object.ts'
import type { Problem } from '../problem.ts'
import type { Check } from './subject.ts'

/**
 * Ids are unique, and nobody expects an expression in a name to be evaluated.
 *
 * @source guide: dp-writing-pipeline-definition, dp-pipeline-expressions
 */
export const checkIds: Check = ({ definition }) => {
  const counts = new Map<ObjectId, number>()
  for (const { id } of definition.objects) counts.set(id, (counts.get(id) ?? 0) + 1)
  const problems: Problem[] = []
  for (const [objectId, count] of counts) {
    if (count === 1 || objectId === '') continue
    const message = `${count} objects have the id ${quote(objectId)}, and only the first of them is looked at. Give each an id of its own.`
    problems.push({ severity: 'error', objectId, field: 'id', message })
  }
  for (const { id: objectId, name } of definition.objects) {
    if (!hasExpression(name)) continue
    const message = "'name' contains an expression, which is not evaluated. Write the name as it is to be shown."
    problems.push({ severity: 'warning', objectId, field: 'name', message })
  }
  return problems
}
