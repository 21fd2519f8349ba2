import { dataFormatFields } from '../field/data-format-fields.ts'
import { defineType } from '../object-type.ts'

/**
 * The columns of a DynamoDB table, for HiveActivity.
 *
 * @source guide: dp-object-dynamodbdataformat
 */
export const dynamoDbDataFormat = defineType({
  name: 'DynamoDBDataFormat',
  category: 'dataFormat',
  parents: ['DataFormat', 'PipelineObject'],
  summary: 'The columns of a DynamoDB table as HiveActivity sees it. Every column of the query must be listed.',
  fields: dataFormatFields,
})
