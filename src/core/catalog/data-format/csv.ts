import { dataFormatFields } from '../field/data-format-fields.ts'
import { text } from '../field-type.ts'
import { defineType } from '../object-type.ts'

/**
 * Comma-separated values.
 *
 * @source guide: dp-object-csv
 */
export const csv = defineType({
  name: 'CSV',
  category: 'dataFormat',
  parents: ['DataFormat', 'PipelineObject'],
  summary: 'Comma-separated values: a comma between columns, a line feed between records.',
  fields: {
    ...dataFormatFields,
    escapeChar: text('The character that takes the next one literally, such as a backslash.'),
  },
})
