import { objectFields } from '../field/object-fields.ts'
import { flag, list, reference, required } from '../field-type.ts'
import { defineType } from '../object-type.ts'

/**
 * The EBS volumes of the machines of a cluster.
 *
 * @source guide: emrcluster-example-ebs
 */
export const ebsConfiguration = defineType({
  name: 'EbsConfiguration',
  category: 'utility',
  parents: ['PipelineObject'],
  summary: 'The EBS volumes of each machine in one group of an EMR cluster.',
  fields: {
    ...objectFields,
    ebsOptimized: flag('Whether the machines are optimised for EBS.'),
    ebsBlockDeviceConfig: reference(['EbsBlockDeviceConfig'], 'The kinds of volumes, and how many of each.', {
      ...required,
      ...list,
    }),
  },
})
