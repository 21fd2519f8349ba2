import { objectFields } from '../field/object-fields.ts'
import { integer, required, text } from '../field-type.ts'
import { defineType } from '../object-type.ts'

/**
 * One kind of EBS volume.
 *
 * @source guide: emrcluster-example-ebs
 */
export const volumeSpecification = defineType({
  name: 'VolumeSpecification',
  category: 'utility',
  parents: ['PipelineObject'],
  summary: 'One kind of EBS volume.',
  fields: {
    ...objectFields,
    volumeType: text('The type of the volume, such as io1.', required),
    sizeInGB: integer('The size of the volume in GiB.', required),
    iops: integer('The operations per second that the volume is provisioned for.'),
  },
})
