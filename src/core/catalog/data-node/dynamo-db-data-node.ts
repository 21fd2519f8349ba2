import { dataNodeFields } from '../field/data-node-fields.ts'
import { regions } from '../field/regions.ts'
import { double, list, openChoice, reference, required, text } from '../field-type.ts'
import { defineType } from '../object-type.ts'

/** The share of a table's throughput that may be used: a tenth up to all of it. */
const share = { min: 0.1, max: 1, ground: 'meaning' } as const

/**
 * A DynamoDB table.
 *
 * @source guide: dp-object-dynamodbdatanode
 */
export const dynamoDbDataNode = defineType({
  name: 'DynamoDBDataNode',
  category: 'dataNode',
  parents: ['DataNode', 'SchedulableObject', 'RunnableObject', 'PipelineObject'],
  summary: 'A DynamoDB table, for HiveActivity, HiveCopyActivity, EmrActivity, and as input of RedshiftCopyActivity.',
  fields: {
    ...dataNodeFields,
    tableName: text('The name of the table.', required),
    dataFormat: reference(
      ['DynamoDBDataFormat', 'DynamoDBExportDataFormat'],
      'The columns of the table, for HiveActivity and HiveCopyActivity.',
    ),
    precondition: reference(
      ['DynamoDBDataExists', 'DynamoDBTableExists', 'S3KeyExists', 'S3PrefixNotEmpty', 'ShellCommandPrecondition'],
      'Conditions that must all hold before the data counts as ready. Exists is none of them.',
      list,
    ),
    readThroughputPercent: double('The share of the provisioned reads that may be used, from 0.1 to 1.', {
      range: share,
    }),
    writeThroughputPercent: double('The share of the provisioned writes that may be used, from 0.1 to 1.', {
      range: share,
    }),
    region: openChoice(regions, 'The region of the table.'),
  },
})
