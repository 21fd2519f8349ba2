import { databaseFields } from '../field/database-fields.ts'
import { regions } from '../field/regions.ts'
import { inGroup, openChoice, text } from '../field-type.ts'
import { defineType } from '../object-type.ts'

/**
 * A database in Redshift.
 *
 * @source guide: dp-object-redshiftdatabase
 */
export const redshiftDatabase = defineType({
  name: 'RedshiftDatabase',
  category: 'database',
  parents: ['Database', 'PipelineObject'],
  summary: 'A database in a Redshift cluster, found by the id of the cluster or by a JDBC URL.',
  fields: {
    ...databaseFields,
    clusterId: text('The id of the cluster. Alternative to connectionString.', inGroup),
    connectionString: text(
      'The JDBC URL of the database, needed for the cluster of another account. Alternative to clusterId.',
      inGroup,
    ),
    region: openChoice(regions, 'The region of the cluster.', { default: 'the region of the pipeline' }),
  },
  rules: [{ kind: 'exactlyOneOf', fields: ['clusterId', 'connectionString'] }],
})
