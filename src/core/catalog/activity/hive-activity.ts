import { activityRules, hadoopBasedActivityFields } from '../field/activity-fields.ts'
import { resizeFields } from '../field/resize-fields.ts'
import { flag, inGroup, list, reference, text } from '../field-type.ts'
import { defineType } from '../object-type.ts'

/**
 * Runs HiveQL.
 *
 * @source guide: dp-object-hiveactivity
 */
export const hiveActivity = defineType({
  name: 'HiveActivity',
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
    'Runs HiveQL on an EMR cluster. Its data nodes become Hive tables that the script knows as ${input1}, ${output1} and so on.',
  fields: {
    ...hadoopBasedActivityFields,
    ...resizeFields,
    hiveScript: text('The HiveQL itself. Alternative to scriptUri.', inGroup),
    scriptUri: text('The S3 path of a file with the HiveQL. Alternative to hiveScript.', inGroup),
    scriptVariable: text('A variable for the script, as NAME=value. One value for each.', list),
    input: reference(
      ['S3DataNode', 'SqlDataNode', 'MySqlDataNode', 'DynamoDBDataNode'],
      'The data that becomes the tables ${input1}, ${input2} and so on. Needed unless stage is false. DynamoDB becomes a table only with a data format.',
      { ...inGroup, ...list },
    ),
    output: reference(
      ['S3DataNode', 'SqlDataNode', 'MySqlDataNode', 'DynamoDBDataNode'],
      'The data that the tables ${output1}, ${output2} and so on stand for. Needed unless stage is false.',
      { ...inGroup, ...list },
    ),
    stage: flag('Whether data nodes become tables. Needs a release of EMR, or a machine image from 3.2.0 on.', {
      default: 'true',
    }),
    hadoopQueue: text('The queue of the scheduler that takes the work.'),
  },
  rules: [{ kind: 'exactlyOneOf', fields: ['hiveScript', 'scriptUri'] }, ...activityRules],
})
