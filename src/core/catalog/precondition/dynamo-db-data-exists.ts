import { systemManagedPreconditionFields } from '../field/precondition-fields.ts'
import { required, text } from '../field-type.ts'
import { defineType } from '../object-type.ts'

/**
 * Holds when a DynamoDB table has an item.
 *
 * @source guide: dp-dynamodbdataexists
 */
export const dynamoDbDataExists = defineType({
  name: 'DynamoDBDataExists',
  category: 'precondition',
  parents: ['SystemManagedPrecondition', 'Precondition', 'RunnableObject', 'PipelineObject'],
  summary: 'Holds when a DynamoDB table has at least one item.',
  fields: {
    ...systemManagedPreconditionFields,
    tableName: text('The table that must have items.', required),
  },
})
