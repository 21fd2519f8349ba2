import { systemManagedPreconditionFields } from '../field/precondition-fields.ts'
import { required, text } from '../field-type.ts'
import { defineType } from '../object-type.ts'

/**
 * Holds when an object is in S3.
 *
 * @source guide: dp-object-S3KeyExists
 */
export const s3KeyExists = defineType({
  name: 'S3KeyExists',
  category: 'precondition',
  parents: ['SystemManagedPrecondition', 'Precondition', 'RunnableObject', 'PipelineObject'],
  summary: 'Holds when an object is in S3.',
  fields: {
    ...systemManagedPreconditionFields,
    s3Key: text('The whole S3 path of the object, such as s3://bucket/folder/file.', required),
  },
})
