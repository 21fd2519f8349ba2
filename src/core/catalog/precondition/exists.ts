import { preconditionFields } from '../field/precondition-fields.ts'
import { defineType } from '../object-type.ts'

/**
 * Holds when the data of a data node exists.
 *
 * @source guide: dp-object-exists
 */
export const exists = defineType({
  name: 'Exists',
  category: 'precondition',
  parents: ['UserManagedPrecondition', 'Precondition', 'RunnableObject', 'PipelineObject'],
  summary: 'Holds when the data of the data node that refers to it exists. Not for DynamoDBDataNode.',
  fields: preconditionFields,
})
