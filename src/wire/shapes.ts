import { z } from 'zod'

/** The characters that text on the wire may consist of, as the service's model writes it. */
export const textPattern = '[\\u0020-\\uD7FF\\uE000-\\uFFFD\\uD800\\uDC00-\\uDBFF\\uDFFF\\r\\n\\t]*'

// Searching for one forbidden character costs no backtracking, however long the text; matching the pattern as a whole would.
const forbiddenCharacter = /[^\t\n\r\u0020-\uFFFD]/

/** Text of the model's characters. Lengths are UTF-16 code units, both ends included, as the original counts them. */
const text = (lengthMin: number, lengthMax: number) =>
  z
    .string()
    .min(lengthMin)
    .max(lengthMax)
    .refine((value) => value.isWellFormed() && !forbiddenCharacter.test(value))

/** An id or a name. */
export const id = text(1, 1024)

/** Short text: a worker group, a marker, a description. */
export const string = text(0, 1024)

/** Long text: an expression to evaluate, such as a SQL script that a task runner fetched. */
export const longString = text(0, 20_971_520)

export const taskId = text(1, 2048)

/** A time: seconds since the epoch, fractions allowed. */
export const timestamp = z.number()

const fieldNameString = text(1, 256)
const fieldStringValue = text(0, 10_240)

export const Field = z.object({
  key: fieldNameString,
  stringValue: fieldStringValue.optional(),
  refValue: fieldNameString.optional(),
})

export const fieldList = z.array(Field)

export const PipelineObject = z.object({ id, name: id, fields: fieldList })

export const ParameterAttribute = z.object({ key: text(1, 256), stringValue: text(0, 10_240) })

export const ParameterObject = z.object({ id: fieldNameString, attributes: z.array(ParameterAttribute) })

export const ParameterValue = z.object({ id: fieldNameString, stringValue: fieldStringValue })

export const Tag = z.object({ key: z.string().min(1).max(128), value: z.string().min(0).max(256) })

/** At most this many tags in one list: the model's limit, which is also the limit of tags on a pipeline. */
export const tagsMax = 10

export const tagList = z.array(Tag).max(tagsMax)

export const Operator = z.object({
  type: z.enum(['EQ', 'REF_EQ', 'LE', 'GE', 'BETWEEN']).optional(),
  values: z.array(string).optional(),
})

export const Selector = z.object({ fieldName: string.optional(), operator: Operator.optional() })

export const Query = z.object({ selectors: z.array(Selector).optional() })

/** Where a task runner on an EC2 instance proves that it is one. Millrace has no use for it. */
export const InstanceIdentity = z.object({ document: string.optional(), signature: string.optional() })

export const TaskStatus = z.enum(['FINISHED', 'FAILED', 'FALSE'])

export type Field = z.infer<typeof Field>
export type PipelineObject = z.infer<typeof PipelineObject>
export type ParameterObject = z.infer<typeof ParameterObject>
export type ParameterValue = z.infer<typeof ParameterValue>
export type Tag = z.infer<typeof Tag>
export type Selector = z.infer<typeof Selector>
