import { sqlTableFields } from '../field/data-node-fields.ts'
import { reference } from '../field-type.ts'
import { defineType } from '../object-type.ts'

/**
 * A table in MySQL.
 *
 * @source guide: dp-object-mysqldatanode
 */
export const mySqlDataNode = defineType({
  name: 'MySqlDataNode',
  category: 'dataNode',
  parents: ['DataNode', 'SchedulableObject', 'RunnableObject', 'PipelineObject'],
  summary: 'A table in MySQL, to read from or to write to.',
  deprecated: 'SqlDataNode',
  fields: {
    ...sqlTableFields,
    database: reference(['JdbcDatabase', 'RdsDatabase'], 'The database that holds the table.'),
  },
})
