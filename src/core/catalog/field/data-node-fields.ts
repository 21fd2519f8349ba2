import { type FieldTable, list, reference, required, text } from '../field-type.ts'
import { schedulableFields } from './schedulable-fields.ts'

/**
 * The fields of every data node.
 *
 * @source guide: dp-object-s3datanode and the pages of the other data nodes
 */
export const dataNodeFields: FieldTable = {
  ...schedulableFields,
  dependsOn: reference(['RunnableObject'], 'Objects that must be finished before the data counts as ready.', list),
  precondition: reference(['Precondition'], 'Conditions that must all hold before the data counts as ready.', list),
}

/**
 * The fields that a table in an SQL database has, whichever database it is.
 *
 * @source guide: dp-object-sqldatanode; guide: dp-copymysql-cli (connection without a database object)
 */
export const sqlTableFields: FieldTable = {
  ...dataNodeFields,
  table: text('The name of the table.', required),
  schemaName: text('The schema that holds the table.'),
  selectQuery: text('The query that reads the data; it may use #{table} and the times of the run.'),
  insertQuery: text('The statement that writes a record, with a question mark for each value.'),
  createTableSql: text('The statement that makes the table where it does not exist.'),
  connectionString: text('The JDBC URL of the database, where the node does not refer to a database object.'),
  username: text('The user who connects. Goes with connectionString.'),
  '*password': text('The password of that user. Goes with connectionString.'),
}
