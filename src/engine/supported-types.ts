import type { ObjectType } from '../core/catalog/object-type.ts'
import type { EffectiveObject } from '../core/definition/effective-object.ts'
import type { ObjectId } from '../core/definition/pipeline-object.ts'
import type { Problem } from '../core/definition/problem.ts'

/** What is missing for the types that validate and do not run. A type that is not here runs. */
const missing: Readonly<Partial<Record<ObjectType['name'], string>>> = {
  HadoopActivity: 'a Hadoop cluster to submit the JAR to',
  HiveActivity: 'a Hive engine',
  HiveCopyActivity: 'a Hive engine',
  PigActivity: 'a Pig engine',
  RedshiftCopyActivity: 'the connection to Redshift',
  SqlActivity: 'the connection to SQL databases',
  DynamoDBDataNode: 'the connection to DynamoDB',
  MySqlDataNode: 'the connection to SQL databases',
  RedshiftDataNode: 'the connection to Redshift',
  SqlDataNode: 'the connection to SQL databases',
  DynamoDBDataExists: 'the connection to DynamoDB',
  DynamoDBTableExists: 'the connection to DynamoDB',
  JdbcDatabase: 'the connection to SQL databases',
  RdsDatabase: 'the connection to SQL databases',
  RedshiftDatabase: 'the connection to Redshift',
  HttpProxy: 'the routing of a resource through a proxy',
}

/** The objects that this version cannot run, as errors that name the object, its type and what is missing. */
export function unsupportedObjects(objects: ReadonlyMap<ObjectId, EffectiveObject>): readonly Problem[] {
  return [...objects.values()].flatMap(({ id, type }): readonly Problem[] => {
    const lack = type === undefined ? undefined : missing[type.name]
    if (type === undefined || lack === undefined) return []
    const message = `This version of Millrace validates ${type.name} but cannot run it: ${lack} is missing.`
    return [{ severity: 'error', objectId: id, field: 'type', message }]
  })
}
