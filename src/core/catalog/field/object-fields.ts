import { type FieldTable, openChoice, reference, runtime, system, text } from '../field-type.ts'

/**
 * The fields of every object, whatever its type.
 *
 * @source guide: dp-pipeline-objects; observed: 4
 */
export const objectFields: FieldTable = {
  parent: reference(
    ['PipelineObject'],
    'The object from which this one inherits every field that it does not have itself. Without it, that is Default.',
  ),
  '@id': text(
    'The id of the object; on an instance or an attempt, with the time and the number of the attempt.',
    system,
  ),
  '@version': text('The version of the definition from which the object stems.', runtime),
  '@error': text('Why the object is ill-formed.', system),
  '@pipelineId': text('The id of the pipeline that owns the object.', system),
  '@sphere': openChoice(
    ['COMPONENT', 'INSTANCE', 'ATTEMPT'],
    'Whether this is an object of the definition, one run of it, or one try of a run.',
    system,
  ),
  '@componentParent': reference(
    ['PipelineObject'],
    'On an instance or an attempt: the component it belongs to.',
    system,
  ),
  '@instanceParent': reference(['RunnableObject'], 'On an attempt: the instance it belongs to.', system),
}
