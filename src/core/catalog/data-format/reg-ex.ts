import { dataFormatFields } from '../field/data-format-fields.ts'
import { text } from '../field-type.ts'
import { defineType } from '../object-type.ts'

/**
 * Values found with a regular expression.
 *
 * @source guide: dp-object-regex
 */
export const regEx = defineType({
  name: 'RegEx',
  category: 'dataFormat',
  parents: ['DataFormat', 'PipelineObject'],
  summary: 'Lines whose values are found with a regular expression.',
  fields: {
    ...dataFormatFields,
    inputRegEx: text('The regular expression for a line. Its groups become the columns.'),
    outputFormat: text('How a line is written: %1$s stands for the first column, %2$s for the second.'),
  },
})
