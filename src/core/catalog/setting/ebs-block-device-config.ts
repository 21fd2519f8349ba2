import { objectFields } from '../field/object-fields.ts'
import { integer, reference, required } from '../field-type.ts'
import { defineType } from '../object-type.ts'

/**
 * A number of equal EBS volumes.
 *
 * @source guide: emrcluster-example-ebs
 */
export const ebsBlockDeviceConfig = defineType({
  name: 'EbsBlockDeviceConfig',
  category: 'utility',
  parents: ['PipelineObject'],
  summary: 'A number of equal EBS volumes for each machine.',
  fields: {
    ...objectFields,
    volumesPerInstance: integer('How many such volumes each machine has.'),
    volumeSpecification: reference(['VolumeSpecification'], 'What kind of volume.', required),
  },
})
