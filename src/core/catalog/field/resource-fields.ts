import { type FieldTable, flag, openChoice, period, reference, runtime, text } from '../field-type.ts'
import { regions } from './regions.ts'
import { schedulableFields } from './schedulable-fields.ts'

/**
 * The fields of the machines that the service makes: EC2 instances and EMR clusters.
 *
 * @source guide: dp-object-ec2resource; guide: dp-object-emrcluster
 */
export const resourceFields: FieldTable = {
  ...schedulableFields,
  runsOn: reference([], 'Not for a machine: it runs on nothing.', { isForbidden: true }),
  workerGroup: text('Not for a machine: it has a worker group of its own.', { isForbidden: true }),
  actionOnResourceFailure: openChoice(
    ['retryall', 'retrynone'],
    'What happens to the tasks of a machine that fails: all are tried again, or none.',
    { default: 'retryall' },
  ),
  actionOnTaskFailure: openChoice(
    ['continue', 'terminate'],
    'Whether the machine goes on after one of its tasks has failed, or is stopped.',
    { default: 'continue' },
  ),
  availabilityZone: text('The zone in which the machine is started.'),
  httpProxy: reference(['HttpProxy'], 'The proxy through which the task runner reaches AWS.'),
  initTimeout: period('How long the machine may take to start.', { default: '30 minutes' }),
  keyPair: text('The EC2 key pair that gives login to the machine. Without it nobody can log in.'),
  region: openChoice(regions, 'The region in which the machine is started.', { default: 'the region of the pipeline' }),
  subnetId: text('The subnet in which the machine is started.'),
  useOnDemandOnLastAttempt: flag('Whether the last attempt asks for an on-demand machine instead of a spot one.', {
    default: 'true',
  }),
  '@failureReason': text('Why the machine failed.', runtime),
  '@resourceId': text('The id of the machine at its provider.', runtime),
}
