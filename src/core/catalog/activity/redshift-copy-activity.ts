import { activityFields, activityRules } from '../field/activity-fields.ts'
import { choice, list, reference, required, text } from '../field-type.ts'
import { defineType } from '../object-type.ts'

/**
 * Loads data into Redshift, or unloads it.
 *
 * @source guide: dp-object-redshiftcopyactivity
 */
export const redshiftCopyActivity = defineType({
  name: 'RedshiftCopyActivity',
  category: 'activity',
  parents: ['Activity', 'SchedulableObject', 'RunnableObject', 'PipelineObject'],
  summary:
    'Loads data from DynamoDB or S3 into a Redshift table, by way of a staging table, or unloads a Redshift table to S3.',
  fields: {
    ...activityFields,
    insertMode: choice(
      ['KEEP_EXISTING', 'OVERWRITE_EXISTING', 'TRUNCATE', 'APPEND'],
      'What happens to rows that are in the table already: kept when their key comes again, replaced when their key comes again, deleted first, or left alone. APPEND needs no key, and a retry may load rows twice.',
      required,
    ),
    input: reference(['S3DataNode', 'DynamoDBDataNode', 'RedshiftDataNode'], 'The data that is read.'),
    output: reference(['S3DataNode', 'RedshiftDataNode'], 'Where the data is written.'),
    commandOptions: text(
      'Options for the COPY or UNLOAD statement. Ignored where the data node has a data format.',
      list,
    ),
    queue: text('The query group of Redshift in which the statements run.'),
    transformSql: text(
      'A SELECT over the table staging that changes the data on its way. Its result must have the columns of the target.',
    ),
  },
  rules: activityRules,
})
