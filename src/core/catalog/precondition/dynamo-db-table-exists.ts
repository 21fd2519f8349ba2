import { systemManagedPreconditionFields } from '../field/precondition-fields.ts'
import { required, text } from '../field-type.ts'
import { defineType } from '../object-type.ts'

/**
 * Holds when a DynamoDB table exists.
 *
 * @source guide: dp-dynamodbtableexists
 */
export const dynamoDbTableExists = defineType({
  name: 'DynamoDBTableExists',
  category: 'precondition',
  parents: ['SystemManagedPrecondition', 'Precondition', 'RunnableObject', 'PipelineObject'],
  summary: 'Holds when a DynamoDB table exists.',
  fields: {
    ...systemManagedPreconditionFields,
    tableName: text('The table that must exist.', required),
  },
})
