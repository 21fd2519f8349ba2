import { dataFormatFields } from '../field/data-format-fields.ts'
import { defineType } from '../object-type.ts'

/**
 * The columns of an exported DynamoDB table, for HiveCopyActivity.
 *
 * @source guide: dp-object-dynamodbexportdataformat
 */
export const dynamoDbExportDataFormat = defineType({
  name: 'DynamoDBExportDataFormat',
  category: 'dataFormat',
  parents: ['DataFormat', 'PipelineObject'],
  summary:
    'The columns of a DynamoDB table, or of its export in S3, as HiveCopyActivity sees it. Without columns, all attributes are exported.',
  fields: dataFormatFields,
})
