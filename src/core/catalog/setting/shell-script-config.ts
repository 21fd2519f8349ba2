import { objectFields } from '../field/object-fields.ts'
import { list, text } from '../field-type.ts'
import { defineType } from '../object-type.ts'

/**
 * A script before or after an activity.
 *
 * @source guide: dp-object-shellscriptconfig
 */
export const shellScriptConfig = defineType({
  name: 'ShellScriptConfig',
  category: 'utility',
  parents: ['PipelineObject'],
  summary: 'A script that runs before or after a HadoopActivity, HiveActivity, HiveCopyActivity or PigActivity.',
  fields: {
    ...objectFields,
    scriptUri: text('The S3 path of the script.'),
    scriptArgument: text('An argument of the script. One value for each.', list),
  },
})
