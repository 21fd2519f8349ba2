import { activityRules, emrClusterActivityFields } from '../field/activity-fields.ts'
import { resizeFields } from '../field/resize-fields.ts'
import { list, reference, text } from '../field-type.ts'
import { defineType } from '../object-type.ts'

/** The most steps, or commands around them, that one activity may have. */
const stepsMax = 255

/**
 * Runs steps on a cluster, one after another.
 *
 * @source guide: dp-object-emractivity
 */
export const emrActivity = defineType({
  name: 'EmrActivity',
  category: 'activity',
  parents: ['EmrClusterActivity', 'Activity', 'SchedulableObject', 'RunnableObject', 'PipelineObject'],
  summary:
    'Runs steps on an EMR cluster, one after another. Work that should run side by side belongs in HadoopActivity.',
  fields: {
    ...emrClusterActivityFields,
    ...resizeFields,
    input: reference(
      ['DataNode'],
      'Data that must be ready first. Its fields can be used in steps: #{input.directoryPath}.',
      list,
    ),
    output: reference(
      ['DataNode'],
      'Data that the steps produce. Its fields can be used in steps: #{output.directoryPath}.',
      list,
    ),
    step: text(
      'A step: the path of a JAR and its arguments, with commas between. A backslash keeps a comma inside an argument. Several steps run in order.',
      { ...list, countMax: stepsMax },
    ),
    preStepCommand: text('A shell command that runs before the first step.', { ...list, countMax: stepsMax }),
    postStepCommand: text('A shell command that runs after the last step.', { ...list, countMax: stepsMax }),
  },
  rules: activityRules,
})
