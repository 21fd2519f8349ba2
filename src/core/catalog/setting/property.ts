import { objectFields } from '../field/object-fields.ts'
import { required, text } from '../field-type.ts'
import { defineType } from '../object-type.ts'

/**
 * One setting of an EmrConfiguration.
 *
 * @source guide: dp-object-property
 */
export const property = defineType({
  name: 'Property',
  category: 'utility',
  parents: ['PipelineObject'],
  summary: 'One setting of an EmrConfiguration.',
  fields: {
    ...objectFields,
    key: text('The name of the setting.', required),
    value: text('Its value.', required),
  },
})
