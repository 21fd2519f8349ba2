import { snsAlarm } from './action/sns-alarm.ts'
import { terminate } from './action/terminate.ts'
import { copyActivity } from './activity/copy-activity.ts'
import { emrActivity } from './activity/emr-activity.ts'
import { hadoopActivity } from './activity/hadoop-activity.ts'
import { hiveActivity } from './activity/hive-activity.ts'
import { hiveCopyActivity } from './activity/hive-copy-activity.ts'
import { pigActivity } from './activity/pig-activity.ts'
import { redshiftCopyActivity } from './activity/redshift-copy-activity.ts'
import { shellCommandActivity } from './activity/shell-command-activity.ts'
import { sqlActivity } from './activity/sql-activity.ts'
import { csv } from './data-format/csv.ts'
import { custom } from './data-format/custom.ts'
import { dynamoDbDataFormat } from './data-format/dynamo-db-data-format.ts'
import { dynamoDbExportDataFormat } from './data-format/dynamo-db-export-data-format.ts'
import { regEx } from './data-format/reg-ex.ts'
import { tsv } from './data-format/tsv.ts'
import { dynamoDbDataNode } from './data-node/dynamo-db-data-node.ts'
import { mySqlDataNode } from './data-node/my-sql-data-node.ts'
import { redshiftDataNode } from './data-node/redshift-data-node.ts'
import { s3DataNode } from './data-node/s3-data-node.ts'
import { sqlDataNode } from './data-node/sql-data-node.ts'
import { jdbcDatabase } from './database/jdbc-database.ts'
import { rdsDatabase } from './database/rds-database.ts'
import { redshiftDatabase } from './database/redshift-database.ts'
import type { ObjectType } from './object-type.ts'
import { dynamoDbDataExists } from './precondition/dynamo-db-data-exists.ts'
import { dynamoDbTableExists } from './precondition/dynamo-db-table-exists.ts'
import { exists } from './precondition/exists.ts'
import { s3KeyExists } from './precondition/s3-key-exists.ts'
import { s3PrefixNotEmpty } from './precondition/s3-prefix-not-empty.ts'
import { shellCommandPrecondition } from './precondition/shell-command-precondition.ts'
import { ec2Resource } from './resource/ec2-resource.ts'
import { emrCluster } from './resource/emr-cluster.ts'
import { httpProxy } from './resource/http-proxy.ts'
import { ebsBlockDeviceConfig } from './setting/ebs-block-device-config.ts'
import { ebsConfiguration } from './setting/ebs-configuration.ts'
import { emrConfiguration } from './setting/emr-configuration.ts'
import { property } from './setting/property.ts'
import { schedule } from './setting/schedule.ts'
import { shellScriptConfig } from './setting/shell-script-config.ts'
import { volumeSpecification } from './setting/volume-specification.ts'

/**
 * Every type that an object can have, in the order of the guide.
 *
 * @source guide: dp-pipeline-objects
 */
export const objectTypes: readonly ObjectType[] = [
  copyActivity,
  emrActivity,
  hadoopActivity,
  hiveActivity,
  hiveCopyActivity,
  pigActivity,
  redshiftCopyActivity,
  shellCommandActivity,
  sqlActivity,
  dynamoDbDataNode,
  mySqlDataNode,
  redshiftDataNode,
  s3DataNode,
  sqlDataNode,
  ec2Resource,
  emrCluster,
  httpProxy,
  dynamoDbDataExists,
  dynamoDbTableExists,
  exists,
  s3KeyExists,
  s3PrefixNotEmpty,
  shellCommandPrecondition,
  jdbcDatabase,
  rdsDatabase,
  redshiftDatabase,
  csv,
  custom,
  dynamoDbDataFormat,
  dynamoDbExportDataFormat,
  regEx,
  tsv,
  snsAlarm,
  terminate,
  schedule,
  shellScriptConfig,
  emrConfiguration,
  property,
  ebsConfiguration,
  ebsBlockDeviceConfig,
  volumeSpecification,
]

const byName: ReadonlyMap<string, ObjectType> = new Map(objectTypes.map((type) => [type.name, type]))

/** The type with this name, spelled exactly; `undefined` if there is none. */
export const objectType = (name: string): ObjectType | undefined => byName.get(name)

const fieldKeys: ReadonlySet<string> = new Set(objectTypes.flatMap((type) => [...type.fields.keys()]))

/** Whether any type has a field of this key: what `Default` and untyped parents may hold for others. */
export const isKnownField = (key: string): boolean => fieldKeys.has(key)
