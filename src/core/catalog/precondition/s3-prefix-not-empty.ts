import { systemManagedPreconditionFields } from '../field/precondition-fields.ts'
import { required, text } from '../field-type.ts'
import { defineType } from '../object-type.ts'

/**
 * Holds when S3 has an object whose key starts so.
 *
 * @source guide: dp-object-s3prefixnotempty
 */
export const s3PrefixNotEmpty = defineType({
  name: 'S3PrefixNotEmpty',
  category: 'precondition',
  parents: ['SystemManagedPrecondition', 'Precondition', 'RunnableObject', 'PipelineObject'],
  summary: 'Holds when at least one object in S3 has a key that starts with a prefix.',
  fields: {
    ...systemManagedPreconditionFields,
    s3Prefix: text('The S3 path with which the key must start; often #{node.directoryPath}.', required),
  },
})
