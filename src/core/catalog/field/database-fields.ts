import { type FieldTable, list, required, text } from '../field-type.ts'
import { objectFields } from './object-fields.ts'

/**
 * The fields of every database.
 *
 * @source guide: dp-object-jdbcdatabase
 */
export const databaseFields: FieldTable = {
  ...objectFields,
  username: text('The user who connects.', required),
  '*password': text('The password of that user. The asterisk keeps it out of sight.', required),
  databaseName: text('The database inside the server.'),
  jdbcProperties: text('Properties of the JDBC connection, each as name=value.', list),
}
