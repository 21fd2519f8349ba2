import { choice, dateTime, type FieldTable, integer, openChoice, reference, runtime, text } from '../field-type.ts'
import { runnableFields } from './runnable-fields.ts'

/** What the service writes on a component that has a schedule. */
const scheduleProgressFields: FieldTable = {
  '@finishedTime': dateTime('When the run was finished.', runtime),
  '@healthStatus': openChoice(
    ['HEALTHY', 'ERROR'],
    'How the last instance of the component that came to an end did; absent until one has.',
    runtime,
  ),
  '@healthStatusFromInstanceId': text('The instance that decided the health.', runtime),
  '@healthStatusUpdatedTime': dateTime('When the health last changed.', runtime),
  '@lastDeactivatedTime': dateTime('When the object was last deactivated.', runtime),
  '@latestCompletedRunTime': dateTime('The scheduled time of the latest run that is done.', runtime),
  '@latestRunTime': dateTime('The scheduled time of the latest run that has been created.', runtime),
  '@nextRunTime': dateTime('The scheduled time of the next run.', runtime),
}

/**
 * The fields of everything that follows a schedule: activities, data nodes and machines.
 *
 * @source guide: dp-pipeline-objects (fields common to SchedulableObject); guide: dp-limits
 */
export const schedulableFields: FieldTable = {
  ...runnableFields,
  schedule: reference(
    ['Schedule'],
    'When the object runs. Mostly set once, on Default. A pipeline that runs on demand has none.',
    { kind: 'objectInvocation' },
  ),
  scheduleType: choice(
    ['cron', 'ondemand', 'timeseries'],
    'Whether an interval is worked at its start (cron) or at its end (timeseries), or whether there is one run for each activation (ondemand, on Default only).',
  ),
  maxActiveInstances: integer(
    'How many instances of the object may be active at once; 1 keeps them in order of time. On Default of a pipeline that runs on demand: how many runs.',
    { range: { min: 1, max: 5, ground: 'serviceMax' } },
  ),
  pipelineLogUri: text('The S3 folder that receives the logs. Mostly set once, on Default.'),
  runsOn: reference(
    ['Ec2Resource', 'EmrCluster'],
    'The machine that does the work; it is made when it is needed. Wins over workerGroup.',
  ),
  workerGroup: text(
    'The group of your own task runners that does the work, spelled exactly as they poll for it. Ignored where runsOn is given.',
  ),
  ...scheduleProgressFields,
}
