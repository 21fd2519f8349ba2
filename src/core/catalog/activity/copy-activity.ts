import { activityFields, activityRules } from '../field/activity-fields.ts'
import { list, reference } from '../field-type.ts'
import { defineType } from '../object-type.ts'

/**
 * Copies data between S3 and SQL tables.
 *
 * @source guide: dp-object-copyactivity
 */
export const copyActivity = defineType({
  name: 'CopyActivity',
  category: 'activity',
  parents: ['Activity', 'SchedulableObject', 'RunnableObject', 'PipelineObject'],
  summary:
    'Copies data between S3 and SQL tables. Two S3 data nodes of the same format are copied file by file; anything else record by record, as CSV or TSV.',
  fields: {
    ...activityFields,
    input: reference(
      ['S3DataNode', 'SqlDataNode', 'MySqlDataNode'],
      'The data that is read. Compressed data must say so in its compression field.',
      list,
    ),
    output: reference(['S3DataNode', 'SqlDataNode', 'MySqlDataNode'], 'Where the data is written.', list),
  },
  rules: activityRules,
})
