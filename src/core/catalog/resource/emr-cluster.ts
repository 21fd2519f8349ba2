import { resourceFields } from '../field/resource-fields.ts'
import { choice, flag, hours, integer, list, price, reference, text } from '../field-type.ts'
import { defineType, type FieldRule } from '../object-type.ts'

/** The word that stands for the price of an on-demand instance. */
const onDemandPrice = { word: 'OnDemandPrice' } as const

/** The machines of the three instance groups, and what the cluster's software is told about each. */
const instanceGroupFields = {
  masterInstanceType: text('The type of the master instance.', { default: 'm1.small' }),
  masterInstanceBidPrice: price(
    'The most to pay for an hour of the master as a spot instance, in US dollars, or OnDemandPrice.',
    onDemandPrice,
  ),
  masterGroupConfiguration: reference(['EmrConfiguration'], 'Settings of the software on the master.'),
  masterEbsConfiguration: reference(['EbsConfiguration'], 'The EBS volumes of the master.'),
  coreInstanceType: text('The type of the core instances, which hold the data.', { default: 'm1.small' }),
  coreInstanceCount: integer('The number of core instances.', { default: '1' }),
  coreInstanceBidPrice: price(
    'The most to pay for an hour of a core spot instance, in US dollars, or OnDemandPrice.',
    onDemandPrice,
  ),
  coreGroupConfiguration: reference(['EmrConfiguration'], 'Settings of the software on the core instances.'),
  coreEbsConfiguration: reference(['EbsConfiguration'], 'The EBS volumes of the core instances.'),
  taskInstanceType: text('The type of the task instances, which only work.'),
  taskInstanceCount: integer('The number of task instances.', { default: '1' }),
  taskInstanceBidPrice: price(
    'The most to pay for an hour of a task spot instance, in US dollars, or OnDemandPrice.',
    onDemandPrice,
  ),
  taskGroupConfiguration: reference(['EmrConfiguration'], 'Settings of the software on the task instances.'),
  taskEbsConfiguration: reference(['EbsConfiguration'], 'The EBS volumes of the task instances.'),
  EbsBlockDeviceConfig: reference(
    ['EbsBlockDeviceConfig'],
    'Not used on a cluster: an EbsConfiguration refers to it.',
    {
      deprecated: 'masterEbsConfiguration, coreEbsConfiguration or taskEbsConfiguration',
    },
  ),
  VolumeSpecification: reference(
    ['VolumeSpecification'],
    'Not used on a cluster: an EbsBlockDeviceConfig refers to it.',
    {
      deprecated: 'masterEbsConfiguration, coreEbsConfiguration or taskEbsConfiguration',
    },
  ),
}

/** The network that the cluster sits in. */
const networkFields = {
  emrManagedMasterSecurityGroupId: text(
    'The security group that EMR manages for the master. Needed in a private subnet.',
  ),
  emrManagedSlaveSecurityGroupId: text(
    'The security group that EMR manages for the other instances. Needed in a private subnet.',
  ),
  additionalMasterSecurityGroupIds: text('A further security group of the master.', list),
  additionalSlaveSecurityGroupIds: text('A further security group of the other instances.', list),
  serviceAccessSecurityGroupId: text('The security group through which EMR reaches a private subnet.'),
}

/** The software on the cluster. */
const softwareFields = {
  releaseLabel: text('The release of EMR, emr-4.0.0 or later. Alternative to amiVersion.'),
  amiVersion: text('The version of the machine image, before release 4. Alternative to releaseLabel.'),
  hadoopVersion: text('The version of Hadoop, with old machine images.'),
  applications: text('An application that is installed, from release 4 on. One value for each.', {
    ...list,
    default: 'hive, pig',
  }),
  supportedProducts: text('A product that is installed: its name and its arguments, with commas between.', list),
  installHive: text('The version of Hive that is installed, with old machine images.'),
  bootstrapAction: text(
    'A script that runs on every instance before the cluster starts: its path and arguments, with commas between.',
    {
      ...list,
      countMax: 255,
    },
  ),
  configuration: reference(['EmrConfiguration'], 'Settings of the software on all instances, from release 4 on.', list),
  hadoopSchedulerType: choice(
    ['PARALLEL_FAIR_SCHEDULING', 'PARALLEL_CAPACITY_SCHEDULING', 'DEFAULT_SCHEDULER'],
    'How Hadoop shares the cluster between jobs.',
  ),
  enableDebugging: text('Whether EMR keeps what its debugging view needs: true or false. Needs a folder for logs.'),
}

/**
 * What only clusters with a release label know.
 *
 * @source guide: dp-object-emrcluster
 */
const sinceRelease4: readonly FieldRule[] = [
  'applications',
  'configuration',
  'masterGroupConfiguration',
  'coreGroupConfiguration',
  'taskGroupConfiguration',
].map((field) => ({
  kind: 'needs',
  field,
  other: 'releaseLabel',
  severity: 'warning',
  reason: 'only clusters of release 4 and later know it',
  remedy: `Give 'releaseLabel', in place of 'amiVersion', or remove '${field}'.`,
}))

/** What only clusters with an old machine image know. */
const beforeRelease4: readonly FieldRule[] = ['hadoopVersion', 'installHive'].map((field) => ({
  kind: 'conflicts',
  field,
  other: 'releaseLabel',
  severity: 'warning',
  reason: 'a release decides itself which versions it has',
  remedy: `Remove '${field}'.`,
}))

/**
 * An EMR cluster.
 *
 * @source guide: dp-object-emrcluster; guide: dp-viewing-logs (emrLogUri); guide: emrcluster-example-launch (hadoopVersion)
 */
export const emrCluster = defineType({
  name: 'EmrCluster',
  category: 'resource',
  parents: ['Resource', 'SchedulableObject', 'RunnableObject', 'PipelineObject'],
  summary:
    'An EMR cluster with a task runner on its master. It is made when the first activity that runs on it is due, and stopped when the last one is done.',
  fields: {
    ...resourceFields,
    role: text('The IAM role with which EMR makes the cluster.', { default: 'DataPipelineDefaultRole' }),
    resourceRole: text('The IAM role that programs on the cluster have.', {
      default: 'DataPipelineDefaultResourceRole',
    }),
    terminateAfter: hours(
      'How long the cluster may live, as a period or a number of hours. After that it is stopped, whatever it does.',
    ),
    emrLogUri: text('The S3 folder that receives the logs of the cluster, instead of pipelineLogUri.'),
    visibleToAllUsers: flag('Whether all users of the account see the cluster in EMR.'),
    ...instanceGroupFields,
    ...networkFields,
    ...softwareFields,
  },
  rules: [
    { kind: 'atMostOneOf', fields: ['releaseLabel', 'amiVersion'] },
    {
      kind: 'needs',
      field: 'coreInstanceBidPrice',
      other: 'coreInstanceCount',
      severity: 'error',
      reason: 'a price for core instances means nothing without their number',
      remedy: "Give 'coreInstanceCount', or remove 'coreInstanceBidPrice'.",
    },
    ...sinceRelease4,
    ...beforeRelease4,
  ],
})
