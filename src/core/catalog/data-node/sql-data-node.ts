import { sqlTableFields } from '../field/data-node-fields.ts'
import { reference } from '../field-type.ts'
import { defineType } from '../object-type.ts'

/**
 * A table in an SQL database.
 *
 * @source guide: dp-object-sqldatanode
 */
export const sqlDataNode = defineType({
  name: 'SqlDataNode',
  category: 'dataNode',
  parents: ['DataNode', 'SchedulableObject', 'RunnableObject', 'PipelineObject'],
  summary: 'A table in an SQL database, to read from or to write to.',
  fields: {
    ...sqlTableFields,
    database: reference(['JdbcDatabase', 'RdsDatabase', 'RedshiftDatabase'], 'The database that holds the table.'),
  },
})
