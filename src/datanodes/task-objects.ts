import type { ObjectId, PipelineObject } from '../core/definition/pipeline-object.ts'
import { TaskFailure } from '../core/task-failure.ts'

/** Everything that a task was handed out with: the attempt and the objects that it refers to, expressions evaluated. */
export type TaskObjects = ReadonlyMap<ObjectId, PipelineObject>

/** The texts of a field, in order; none where the object has no such field. References are left out. */
export const fieldTexts = (object: PipelineObject, key: string): readonly string[] =>
  object.fields.flatMap((field) => (field.key === key && field.value.kind === 'string' ? [field.value.text] : []))

/** The text of a field that holds one, or the first of several. */
export const fieldText = (object: PipelineObject, key: string): string | undefined => fieldTexts(object, key)[0]

/** Whether a Boolean field holds `true`, in any case. */
export const isFieldTrue = (object: PipelineObject, key: string): boolean =>
  fieldText(object, key)?.toLowerCase() === 'true'

/** The ids that a field refers to, in order. */
export const fieldReferences = (object: PipelineObject, key: string): readonly ObjectId[] =>
  object.fields.flatMap((field) => (field.key === key && field.value.kind === 'reference' ? [field.value.target] : []))

/**
 * The objects that a field refers to, in order.
 *
 * @throws TaskFailure (InvalidField) when the task came without one of them.
 */
export function referencedObjects(
  objects: TaskObjects,
  object: PipelineObject,
  key: string,
): readonly PipelineObject[] {
  return fieldReferences(object, key).map((id) => {
    const target = objects.get(id)
    if (target === undefined) {
      throw new TaskFailure(
        'InvalidField',
        `The field '${key}' of '${object.id}' refers to '${id}', which the service did not send along with the task.`,
      )
    }
    return target
  })
}

/** The type of an object, as its field `type` names it; empty where it has none. */
export const objectType = (object: PipelineObject): string => fieldText(object, 'type') ?? ''
