import { dataFormatFields } from '../field/data-format-fields.ts'
import { text } from '../field-type.ts'
import { defineType } from '../object-type.ts'

/**
 * Tab-separated values.
 *
 * @source guide: dp-object-tsv
 */
export const tsv = defineType({
  name: 'TSV',
  category: 'dataFormat',
  parents: ['DataFormat', 'PipelineObject'],
  summary: 'Tab-separated values: a tab between columns, a line feed between records, or other separators.',
  fields: {
    ...dataFormatFields,
    columnSeparator: text('The character between columns.', { default: '\\t' }),
    recordSeparator: text('The character between records.', { default: '\\n' }),
    escapeChar: text('The character that takes the next one literally, such as a backslash.'),
  },
})
