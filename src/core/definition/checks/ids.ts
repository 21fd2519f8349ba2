import type { ObjectId } from '../pipeline-object.ts'
import type { Problem } from '../problem.ts'
import type { Check } from './subject.ts'

/**
 * Ids are unique.
 *
 * @source guide: dp-writing-pipeline-definition
 */
export const checkIds: Check = ({ definition }) => {
  const counts = new Map<ObjectId, number>()
  for (const { id } of definition.objects) counts.set(id, (counts.get(id) ?? 0) + 1)
  const problems: Problem[] = []
  for (const [objectId, count] of counts) {
    if (count === 1 || objectId === '') continue
    const message = `${count} objects have the id '${objectId}'. Give each an id of its own.`
    problems.push({ severity: 'error', objectId, field: 'id', message })
  }
  return problems
}
