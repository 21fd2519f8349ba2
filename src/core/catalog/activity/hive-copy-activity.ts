import { activityRules, hadoopBasedActivityFields } from '../field/activity-fields.ts'
import { resizeFields } from '../field/resize-fields.ts'
import { reference, text } from '../field-type.ts'
import { defineType } from '../object-type.ts'

/**
 * Copies between DynamoDB and S3 with Hive.
 *
 * @source guide: dp-object-hivecopyactivity
 */
export const hiveCopyActivity = defineType({
  name: 'HiveCopyActivity',
  category: 'activity',
  parents: [
    'HadoopBasedActivity',
    'EmrClusterActivity',
    'Activity',
    'SchedulableObject',
    'RunnableObject',
    'PipelineObject',
  ],
  summary:
    'Copies between DynamoDB tables and S3 with Hive, all records or those that a condition picks, all columns or some.',
  fields: {
    ...hadoopBasedActivityFields,
    ...resizeFields,
    input: reference(
      ['S3DataNode', 'DynamoDBDataNode'],
      'The data that is read. A DynamoDB table needs a DynamoDBExportDataFormat.',
    ),
    output: reference(
      ['S3DataNode', 'DynamoDBDataNode'],
      'Where the data is written; a DynamoDB table where the input is in S3.',
    ),
    filterSql: text('The condition that a record must meet, in HiveQL, without the word WHERE.'),
    generatedScriptsPath: text('An S3 folder that receives the generated Hive scripts, for finding faults.'),
  },
  rules: activityRules,
})
