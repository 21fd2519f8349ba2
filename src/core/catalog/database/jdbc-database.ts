import { databaseFields } from '../field/database-fields.ts'
import { required, text } from '../field-type.ts'
import { defineType } from '../object-type.ts'

/**
 * Any database that JDBC reaches.
 *
 * @source guide: dp-object-jdbcdatabase
 */
export const jdbcDatabase = defineType({
  name: 'JdbcDatabase',
  category: 'database',
  parents: ['Database', 'PipelineObject'],
  summary: 'Any database that a JDBC URL leads to.',
  fields: {
    ...databaseFields,
    connectionString: text('The JDBC URL of the database.', required),
    jdbcDriverClass: text('The class of the driver.', required),
    jdbcDriverJarUri: text('The S3 path of the JAR with the driver.'),
  },
})
