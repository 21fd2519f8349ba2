import { type FieldTable, list, text } from '../field-type.ts'
import { objectFields } from './object-fields.ts'

/**
 * The fields of every data format.
 *
 * @source guide: dp-object-csv
 */
export const dataFormatFields: FieldTable = {
  ...objectFields,
  column: text('A column: its name and its type with a blank between, such as Price DOUBLE. One value for each.', list),
}
