import { objectFields } from '../field/object-fields.ts'
import { list, reference, required, text } from '../field-type.ts'
import { defineType } from '../object-type.ts'

/**
 * Settings of the software on a cluster.
 *
 * @source guide: dp-object-emrconfiguration
 */
export const emrConfiguration = defineType({
  name: 'EmrConfiguration',
  category: 'utility',
  parents: ['PipelineObject'],
  summary: 'Settings of the software on an EMR cluster, from release 4 on. Configurations may contain one another.',
  fields: {
    ...objectFields,
    classification: text('The name that EMR gives the group of settings, such as core-site.', required),
    property: reference(['Property'], 'The settings of the group.', list),
    configuration: reference(['EmrConfiguration'], 'The groups inside this one.', list),
  },
})
