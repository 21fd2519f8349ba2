import { choice, dateTime, type FieldTable, integer, list, period, reference, runtime, text } from '../field-type.ts'
import { objectFields } from './object-fields.ts'

/** What the service writes on a runnable object while it runs. */
const progressFields: FieldTable = {
  '@status': text('The status of the instance or attempt, such as RUNNING.', runtime),
  '@scheduledStartTime': dateTime('The start of the interval that the instance is for.', runtime),
  '@scheduledEndTime': dateTime('The end of that interval; the next one starts there.', runtime),
  '@actualStartTime': dateTime('When execution began.', runtime),
  '@actualEndTime': dateTime('When execution ended.', runtime),
  '@activeInstances': reference(['RunnableObject'], 'The instances of the component that are not done yet.', {
    ...runtime,
    ...list,
  }),
  '@waitingOn': reference(['RunnableObject'], 'What the instance still waits for.', { ...runtime, ...list }),
  '@cascadeFailedOn': reference(['RunnableObject'], 'The failed instances because of which this one failed unrun.', {
    ...runtime,
    ...list,
  }),
  '@attemptCount': text('How many attempts there have been.', runtime),
  '@triesLeft': text('How many more attempts there may be.', runtime),
  '@headAttempt': reference(['RunnableObject'], 'The latest attempt.', runtime),
  cancellationReason: text('Why the instance was cancelled.', runtime),
  errorId: text('A short code for what went wrong.', runtime),
  errorMessage: text('What went wrong, in words.', runtime),
  errorStackTrace: text('Where in the program it went wrong.', runtime),
  emrStepLog: text('Where the log of the EMR step lies.', runtime),
  hadoopJobLog: text('Where the log of the Hadoop job lies.', runtime),
  hostname: text('The host whose task runner took the attempt.', runtime),
  reportProgressTime: dateTime('When the task runner last reported progress.', runtime),
}

/**
 * The fields of everything that runs: activities, data nodes, machines and preconditions.
 *
 * @source guide: dp-pipeline-objects (fields common to RunnableObject); guide: dp-limits; observed: 4
 */
export const runnableFields: FieldTable = {
  ...objectFields,
  attemptStatus: text('The status that the program doing the work last reported in its own words.'),
  attemptTimeout: period(
    'How long one attempt may take, from its start. When it is over, the attempt fails and may be retried.',
  ),
  failureAndRerunMode: choice(
    ['none', 'cascade'],
    'What a failure means for the objects that wait for this one: none leaves them waiting, cascade fails them too and revives them with a rerun.',
    { default: 'none' },
  ),
  lateAfterTimeout: period(
    'How long after the scheduled start the object may stay unfinished before it counts as late and onLateAction is taken. Never in pipelines that run on demand.',
  ),
  maximumRetries: integer('How many more attempts follow a failed one; 0 means none.', {
    default: '2',
    range: { min: 0, max: 5, ground: 'serviceMax' },
  }),
  onFail: reference(['SnsAlarm', 'Terminate'], 'What to do when the last attempt has failed.', list),
  onLateAction: reference(
    ['SnsAlarm', 'Terminate'],
    'What to do when the object is late. Needs lateAfterTimeout.',
    list,
  ),
  onSuccess: reference(['SnsAlarm', 'Terminate'], 'What to do when the object has finished.', list),
  reportProgressTimeout: period(
    'How long the program doing the work may stay silent. After that the attempt counts as lost and may be retried.',
    { default: '15 minutes' },
  ),
  retryDelay: period('The pause between a failed attempt and the next.', {
    default: '10 minutes',
    range: { min: '2 minutes', ground: 'service' },
  }),
  ...progressFields,
}
