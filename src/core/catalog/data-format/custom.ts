import { dataFormatFields } from '../field/data-format-fields.ts'
import { required, text } from '../field-type.ts'
import { defineType } from '../object-type.ts'

/**
 * Values with separators of your own.
 *
 * @source guide: dp-object-custom
 */
export const custom = defineType({
  name: 'Custom',
  category: 'dataFormat',
  parents: ['DataFormat', 'PipelineObject'],
  summary: 'Values with separators of your own.',
  fields: {
    ...dataFormatFields,
    columnSeparator: text('The character between columns.', required),
    recordSeparator: text('The character between records.', { default: '\\n' }),
  },
})
