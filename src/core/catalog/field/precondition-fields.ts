import { type FieldTable, period, reference, required, runtime, text } from '../field-type.ts'
import { runnableFields } from './runnable-fields.ts'

/**
 * The fields of every precondition.
 *
 * @source guide: dp-object-exists and the pages of the other preconditions
 */
export const preconditionFields: FieldTable = {
  ...runnableFields,
  preconditionTimeout: period(
    'How long the condition may stay unmet, from the first check. After that it counts as failed.',
  ),
  node: reference(['RunnableObject'], 'The object whose condition this is.', runtime),
}

/**
 * The fields of the preconditions that the service checks itself, without a task runner.
 *
 * @source guide: dp-object-S3KeyExists
 */
export const systemManagedPreconditionFields: FieldTable = {
  ...preconditionFields,
  role: text('The IAM role with which the condition is checked. Mostly set once, on Default.', required),
  currentRetryCount: text('How often the condition has been checked in this attempt.', runtime),
  lastRetryTime: text('When the condition was last checked in this attempt.', runtime),
}
