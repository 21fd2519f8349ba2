import { activityRules, hadoopBasedActivityFields } from '../field/activity-fields.ts'
import { resizeFields } from '../field/resize-fields.ts'
import { flag, inGroup, list, reference, text } from '../field-type.ts'
import { defineType } from '../object-type.ts'

/**
 * Runs Pig Latin.
 *
 * @source guide: dp-object-pigactivity
 */
export const pigActivity = defineType({
  name: 'PigActivity',
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
    'Runs a Pig script on an EMR cluster. Where stage is true, its data nodes become relations that the script knows as ${input1}, ${output1} and so on.',
  fields: {
    ...hadoopBasedActivityFields,
    ...resizeFields,
    script: text('The Pig script itself. Alternative to scriptUri.', inGroup),
    scriptUri: text('The S3 path of a file with the Pig script. Alternative to script.', inGroup),
    scriptVariable: text(
      'A variable for the script, as name=value; the script reads it as $name. One value for each.',
      list,
    ),
    input: reference(
      ['S3DataNode', 'SqlDataNode', 'MySqlDataNode', 'DynamoDBDataNode'],
      'The data that becomes the relations ${input1}, ${input2} and so on.',
      list,
    ),
    output: reference(
      ['S3DataNode', 'SqlDataNode', 'MySqlDataNode', 'DynamoDBDataNode'],
      'The data that ${output1}, ${output2} and so on stand for.',
      list,
    ),
    stage: flag('Whether data nodes become relations, with the columns of their format.'),
    generatedScriptsPath: text('An S3 folder that receives the generated Pig scripts, for finding faults.'),
  },
  rules: [{ kind: 'exactlyOneOf', fields: ['script', 'scriptUri'] }, ...activityRules],
})
