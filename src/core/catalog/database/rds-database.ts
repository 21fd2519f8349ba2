import { databaseFields } from '../field/database-fields.ts'
import { regions } from '../field/regions.ts'
import { openChoice, required, text } from '../field-type.ts'
import { defineType } from '../object-type.ts'

/**
 * A database in RDS.
 *
 * @source guide: dp-object-rdsdatabase
 */
export const rdsDatabase = defineType({
  name: 'RdsDatabase',
  category: 'database',
  parents: ['Database', 'PipelineObject'],
  summary: 'A database in RDS, found by the id of its instance. For Aurora use JdbcDatabase.',
  fields: {
    ...databaseFields,
    rdsInstanceId: text('The id of the RDS instance.', required),
    region: openChoice(regions, 'The region of the instance.', { default: 'the region of the pipeline' }),
    jdbcDriverJarUri: text('The S3 path of the JAR with the driver. Needed for Oracle and SQL Server.'),
  },
})
