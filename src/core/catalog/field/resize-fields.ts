import { type FieldTable, flag, integer } from '../field-type.ts'

/**
 * The fields with which an activity fits its cluster to the throughput of a DynamoDB table.
 *
 * @source guide: dp-object-emractivity
 */
export const resizeFields: FieldTable = {
  resizeClusterBeforeRunning: flag(
    'Whether the cluster is resized before the activity, to match the throughput of its DynamoDB tables. The machines become m3.xlarge, whatever the cluster says.',
  ),
  resizeClusterMaxInstances: integer('How many machines the resizing may ask for at most.'),
}
