import { resourceFields } from '../field/resource-fields.ts'
import { flag, integer, list, period, price, required, text } from '../field-type.ts'
import { defineType } from '../object-type.ts'

/**
 * One EC2 instance.
 *
 * @source guide: dp-object-ec2resource; guide: dp-copydata-redshift-resource-cli (logUri)
 */
export const ec2Resource = defineType({
  name: 'Ec2Resource',
  category: 'resource',
  parents: ['Resource', 'SchedulableObject', 'RunnableObject', 'PipelineObject'],
  summary:
    'One EC2 instance with a task runner on it. It is made when the first activity that runs on it is due, and stopped when the last one is done.',
  fields: {
    ...resourceFields,
    role: text('The IAM role with which the instance is made. Mostly set once, on Default.', required),
    resourceRole: text('The IAM role that programs on the instance have. Mostly set once, on Default.', required),
    imageId: text('The machine image. It must have Java, bash, wget and unzip.', {
      default: 'an Amazon Linux image of the region',
    }),
    instanceType: text('The type of the instance.', { default: 'm1.small or t2.small, depending on the region' }),
    instanceCount: integer('The number of instances.', { deprecated: 'nothing: there is always one instance' }),
    minInstanceCount: integer('The least number of instances.', {
      deprecated: 'nothing: there is always one instance',
    }),
    runAsUser: text('The user of the operating system under which the task runner runs.'),
    securityGroupIds: text('A security group of the instance, by its id. Needed in a VPC.', list),
    securityGroups: text('A security group of the instance, by its name. Not in a VPC.', list),
    associatePublicIpAddress: flag('Whether the instance gets a public address.', {
      default: 'true in the default VPC, false elsewhere',
    }),
    spotBidPrice: price('The most to pay for an hour of a spot instance, in US dollars.'),
    terminateAfter: period('How long the instance may live. After that it is stopped, whatever it does.'),
    logUri: text('The S3 folder that receives the logs of the task runner on the instance.'),
  },
  rules: [
    {
      kind: 'conflicts',
      field: 'securityGroups',
      other: 'subnetId',
      severity: 'warning',
      reason: 'in a subnet, EC2 takes security groups by their ids only',
      remedy: "Give 'securityGroupIds' in place of 'securityGroups'.",
    },
  ],
})
