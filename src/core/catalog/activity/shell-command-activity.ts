import { activityFields, activityRules } from '../field/activity-fields.ts'
import { flag, inGroup, list, reference, text } from '../field-type.ts'
import { defineType } from '../object-type.ts'

/**
 * Runs a shell command.
 *
 * @source guide: dp-object-shellcommandactivity
 */
export const shellCommandActivity = defineType({
  name: 'ShellCommandActivity',
  category: 'activity',
  parents: ['Activity', 'SchedulableObject', 'RunnableObject', 'PipelineObject'],
  summary: 'Runs a shell command or a script. An exit status other than 0 is a failure.',
  fields: {
    ...activityFields,
    command: text(
      'The command line. Its arguments $1, $2 and so on come from scriptArgument. Alternative to scriptUri.',
      inGroup,
    ),
    scriptUri: text('The S3 path of a script that is fetched and run. Alternative to command.', inGroup),
    scriptArgument: text('An argument of the command. One value for each.', list),
    input: reference(
      ['DataNode'],
      'Data that must be ready first. With stage, S3 data is fetched to the folder ${INPUT1_STAGING_DIR} and so on.',
      list,
    ),
    output: reference(
      ['DataNode'],
      'Data that the command produces. With stage, the folders ${OUTPUT1_STAGING_DIR} and so on are sent to the directoryPath of the S3 data node.',
      list,
    ),
    stage: flag('Whether S3 data is fetched before the command and sent after it.'),
    stdout: text('Where the standard output goes: an S3 path; with workerGroup also a local one.'),
    stderr: text('Where the standard error goes: an S3 path; with workerGroup also a local one.'),
  },
  rules: [
    { kind: 'exactlyOneOf', fields: ['command', 'scriptUri'] },
    {
      kind: 'conflicts',
      field: 'scriptArgument',
      other: 'scriptUri',
      severity: 'warning',
      reason: 'the guide forbids both, though the script gets the arguments, here as in AWS',
      remedy: "Call the script in 'command' where the guide must be kept to.",
    },
    ...activityRules,
  ],
})
