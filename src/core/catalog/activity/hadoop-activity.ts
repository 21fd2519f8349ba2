import { activityRules, hadoopBasedActivityFields } from '../field/activity-fields.ts'
import { list, reference, required, text } from '../field-type.ts'
import { defineType } from '../object-type.ts'

/**
 * Runs a MapReduce program.
 *
 * @source guide: dp-object-hadoopactivity
 */
export const hadoopActivity = defineType({
  name: 'HadoopActivity',
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
    'Runs a MapReduce program on an EMR cluster, or on a cluster of your own through a worker group. Several may share the cluster through its queues.',
  fields: {
    ...hadoopBasedActivityFields,
    input: reference(['DataNode'], 'Data that must be ready first.', list),
    output: reference(['DataNode'], 'Data that the program produces.', list),
    jarUri: text('The JAR with the program: an S3 path, or a path on the cluster.', required),
    mainClass: text('The class in the JAR that is started, where its manifest does not say so.'),
    argument: text('An argument of the program. One value for each.', list),
    hadoopQueue: text('The queue of the scheduler that takes the program.'),
  },
  rules: activityRules,
})
