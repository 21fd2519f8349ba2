/**
 * The types that objects can have, as `type` names them.
 *
 * @source guide: dp-pipeline-objects
 */
export const concreteTypeNames = [
  'CopyActivity',
  'EmrActivity',
  'HadoopActivity',
  'HiveActivity',
  'HiveCopyActivity',
  'PigActivity',
  'RedshiftCopyActivity',
  'ShellCommandActivity',
  'SqlActivity',
  'DynamoDBDataNode',
  'MySqlDataNode',
  'RedshiftDataNode',
  'S3DataNode',
  'SqlDataNode',
  'Ec2Resource',
  'EmrCluster',
  'HttpProxy',
  'DynamoDBDataExists',
  'DynamoDBTableExists',
  'Exists',
  'S3KeyExists',
  'S3PrefixNotEmpty',
  'ShellCommandPrecondition',
  'JdbcDatabase',
  'RdsDatabase',
  'RedshiftDatabase',
  'CSV',
  'Custom',
  'DynamoDBDataFormat',
  'DynamoDBExportDataFormat',
  'RegEx',
  'TSV',
  'SnsAlarm',
  'Terminate',
  'Schedule',
  'ShellScriptConfig',
  'EmrConfiguration',
  'Property',
  'EbsConfiguration',
  'EbsBlockDeviceConfig',
  'VolumeSpecification',
] as const

/**
 * The types that only other types derive from: they group what a reference may point at.
 *
 * @source guide: dp-pipeline-objects (the image of the hierarchy)
 */
export const abstractTypeNames = [
  'PipelineObject',
  'RunnableObject',
  'SchedulableObject',
  'Activity',
  'EmrClusterActivity',
  'HadoopBasedActivity',
  'DataNode',
  'Resource',
  'Precondition',
  'SystemManagedPrecondition',
  'UserManagedPrecondition',
  'Database',
  'DataFormat',
  'Action',
] as const

/** The name of a type that objects can have. */
export type ConcreteTypeName = (typeof concreteTypeNames)[number]

/** The name of a type that only other types derive from. */
export type AbstractTypeName = (typeof abstractTypeNames)[number]

/** What a reference can ask its target to be. */
export type TypeName = ConcreteTypeName | AbstractTypeName
