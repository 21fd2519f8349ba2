import { dataNodeFields } from '../field/data-node-fields.ts'
import { list, reference, required, text } from '../field-type.ts'
import { defineType } from '../object-type.ts'

/**
 * A table in Redshift.
 *
 * @source guide: dp-object-redshiftdatanode
 */
export const redshiftDataNode = defineType({
  name: 'RedshiftDataNode',
  category: 'dataNode',
  parents: ['DataNode', 'SchedulableObject', 'RunnableObject', 'PipelineObject'],
  summary: 'A table in Redshift, to load into or to unload.',
  fields: {
    ...dataNodeFields,
    database: reference(['RedshiftDatabase'], 'The database that holds the table.', required),
    tableName: text('The name of the table. It is made with createTableSql where it does not exist.', required),
    schemaName: text('The schema that holds the table.', { default: 'PUBLIC' }),
    createTableSql: text('The statement that makes the table where it does not exist. It must name the schema itself.'),
    primaryKeys: text(
      'The columns by which RedshiftCopyActivity tells that a row is there already, instead of the keys of the table.',
      list,
    ),
  },
})
