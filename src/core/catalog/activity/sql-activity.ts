import { activityFields, activityRules } from '../field/activity-fields.ts'
import { inGroup, list, reference, required, text } from '../field-type.ts'
import { defineType } from '../object-type.ts'

/**
 * Runs SQL.
 *
 * @source guide: dp-object-sqlactivity
 */
export const sqlActivity = defineType({
  name: 'SqlActivity',
  category: 'activity',
  parents: ['Activity', 'SchedulableObject', 'RunnableObject', 'PipelineObject'],
  summary: 'Runs SQL on a database. The result of a query is not kept.',
  fields: {
    ...activityFields,
    database: reference(
      ['JdbcDatabase', 'RdsDatabase', 'RedshiftDatabase'],
      'The database on which the SQL runs.',
      required,
    ),
    script: text('The SQL itself; expressions in it are evaluated. Alternative to scriptUri.', inGroup),
    scriptUri: text(
      'The S3 path of a file with the SQL. Expressions in the file are not evaluated; give values with scriptArgument. Alternative to script.',
      inGroup,
    ),
    scriptArgument: text('A value for a placeholder of the script. One for each, in order.', list),
    input: reference(['DataNode'], 'Data that must be ready first.'),
    output: reference(
      ['DataNode'],
      'A data node whose fields the script uses, such as #{output.table}. Its table is made if need be.',
    ),
    queue: text('The query group of Redshift in which the SQL runs.'),
  },
  rules: [{ kind: 'exactlyOneOf', fields: ['script', 'scriptUri'] }, ...activityRules],
})
