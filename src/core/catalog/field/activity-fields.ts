import { type FieldTable, inGroup, list, reference } from '../field-type.ts'
import type { FieldRule } from '../object-type.ts'
import { schedulableFields } from './schedulable-fields.ts'

/** The two ways to say who does the work, for types that must say it. */
const whoWorks = (runsOn: readonly ('Ec2Resource' | 'EmrCluster')[]): FieldTable => ({
  runsOn: reference(
    runsOn,
    'The machine that does the work; it is made when the first activity needs it. Wins over workerGroup.',
    inGroup,
  ),
  workerGroup: {
    ...inGroup,
    isList: false,
    slot: { kind: 'string' },
    summary:
      'The group of your own task runners that does the work, spelled exactly as they poll for it. Ignored where runsOn is given.',
  },
})

/**
 * The fields of every activity.
 *
 * @source guide: dp-object-shellcommandactivity and the pages of the other activities
 */
export const activityFields: FieldTable = {
  ...schedulableFields,
  ...whoWorks(['Ec2Resource', 'EmrCluster']),
  dependsOn: reference(['RunnableObject'], 'Objects that must be finished before this one starts.', list),
  precondition: reference(['Precondition'], 'Conditions that must all hold before the activity starts.', list),
}

/**
 * The fields of every activity that needs a cluster.
 *
 * @source guide: dp-object-emractivity
 */
export const emrClusterActivityFields: FieldTable = { ...activityFields, ...whoWorks(['EmrCluster']) }

/**
 * The fields of the activities that submit Hadoop jobs.
 *
 * @source guide: dp-object-shellscriptconfig
 */
export const hadoopBasedActivityFields: FieldTable = {
  ...emrClusterActivityFields,
  preActivityTaskConfig: reference(['ShellScriptConfig'], 'A script that runs before the activity.'),
  postActivityTaskConfig: reference(['ShellScriptConfig'], 'A script that runs after the activity.'),
}

/** Somebody must do the work: a machine or a worker group. */
export const runsSomewhere: FieldRule = { kind: 'atLeastOneOf', fields: ['runsOn', 'workerGroup'] }

/** What holds for every activity. */
export const activityRules: readonly FieldRule[] = [
  runsSomewhere,
  {
    kind: 'needs',
    field: 'onLateAction',
    other: 'lateAfterTimeout',
    severity: 'warning',
    reason: 'without it the object is never late, so the action is never taken',
    remedy: "Give 'lateAfterTimeout', or remove 'onLateAction'.",
  },
]
