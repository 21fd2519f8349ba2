import { isA } from '../../catalog/object-type.ts'
import { defaultObjectId, type EffectiveObject, textOf } from '../effective-object.ts'
import type { Problem } from '../problem.ts'
import type { Check } from './subject.ts'

/**
 * What the original recommends, in its words, missing and surplus blanks included: clients may look for them.
 *
 * @source observed: 6
 */
export const checkRecommendations: Check = ({ objects }) => [
  ...logs(objects.get(defaultObjectId)),
  ...[...objects.values()].flatMap(lifetime),
  ...[...objects.values()].flatMap(failureMode),
]

function logs(defaults: EffectiveObject | undefined): Problem[] {
  if (defaults?.fields.has('pipelineLogUri')) return []
  const message =
    "'pipelineLogUri'is missing. It is recommended to set this value on Default object for better troubleshooting."
  return [{ severity: 'warning', objectId: defaultObjectId, field: 'pipelineLogUri', message }]
}

function lifetime({ id, type, fields }: EffectiveObject): Problem[] {
  if (type === undefined || !isA(type, 'Resource') || fields.has('terminateAfter')) return []
  const message =
    "'terminateAfter' is missing. It is recommended to set this to avoid leaving resource running for long duration."
  return [{ severity: 'warning', objectId: id, field: 'terminateAfter', message }]
}

function failureMode(object: EffectiveObject): Problem[] {
  const { id, type } = object
  const isCascading = textOf(object, 'failureAndRerunMode')?.toLowerCase() === 'cascade'
  if (type === undefined || !isA(type, 'Activity') || isCascading) return []
  const message =
    " It is recommended to set 'failureAndRerunMode'  to 'cascade' on Default object to enable cascade failure mode for Activity, Datanode, Precondition and Resource objects of a pipeline."
  return [{ severity: 'warning', objectId: id, field: 'failureAndRerunMode', message }]
}
