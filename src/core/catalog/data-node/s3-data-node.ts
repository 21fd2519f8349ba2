import { dataNodeFields } from '../field/data-node-fields.ts'
import { choice, reference, text } from '../field-type.ts'
import { defineType } from '../object-type.ts'

/**
 * An object or a folder in S3.
 *
 * @source guide: dp-object-s3datanode
 */
export const s3DataNode = defineType({
  name: 'S3DataNode',
  category: 'dataNode',
  parents: ['DataNode', 'SchedulableObject', 'RunnableObject', 'PipelineObject'],
  summary: 'An object in S3, or all objects of a folder. CopyActivity reads CSV and TSV from it.',
  fields: {
    ...dataNodeFields,
    filePath: text('The S3 path of one object. Alternative to directoryPath.'),
    directoryPath: text('The S3 path of a folder. Alternative to filePath; staged output needs it.'),
    manifestFilePath: text('The S3 path of a Redshift manifest, for RedshiftCopyActivity only.'),
    dataFormat: reference(
      ['CSV', 'TSV', 'Custom', 'RegEx', 'DynamoDBExportDataFormat', 'DynamoDBDataFormat'],
      'How the data is laid out.',
    ),
    compression: choice(['none', 'gzip'], 'How the data is compressed, for CopyActivity and RedshiftCopyActivity.'),
    s3EncryptionType: choice(['SERVER_SIDE_ENCRYPTION', 'NONE'], 'Whether S3 encrypts what is written.', {
      default: 'SERVER_SIDE_ENCRYPTION',
    }),
  },
  rules: [
    { kind: 'atMostOneOf', fields: ['filePath', 'directoryPath'] },
    { kind: 'atLeastOneOf', fields: ['filePath', 'directoryPath', 'manifestFilePath'] },
  ],
})
