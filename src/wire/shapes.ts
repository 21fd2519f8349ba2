import { z } from 'zod'
import { defaultLimits } from '../core/definition/limits.ts'

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

/** The id of a task that was handed out. */
export const taskId = text(1, 2048)

/** A time: seconds since the epoch, fractions allowed. */
export const timestamp = z.number()

// The model's 256 and 10,240 would keep longer texts out before validation could name the object and the field in which they are.
// With the limits of the original, validation refuses them.
const fieldNameString = text(1, defaultLimits.keyBytesMax)
const fieldStringValue = text(0, defaultLimits.valueBytesMax)

/**
 * A key with text or a reference.
 *
 * @source model: Field; lengths ours: differences#limits
 */
export const Field = z.object({
  key: fieldNameString,
  stringValue: fieldStringValue.optional(),
  refValue: fieldNameString.optional(),
})

/** Fields in their order; a list has its key once for each item. */
export const fieldList = z.array(Field)

/** An object of a definition. */
export const PipelineObject = z.object({ id, name: id, fields: fieldList })

const ParameterAttribute = z.object({ key: fieldNameString, stringValue: fieldStringValue })

/** The declaration of a parameter. */
export const ParameterObject = z.object({ id: fieldNameString, attributes: z.array(ParameterAttribute) })

/** A value of a parameter; an array has its id once for each item. */
export const ParameterValue = z.object({ id: fieldNameString, stringValue: fieldStringValue })

/** A tag of a pipeline. */
export const Tag = z.object({ key: z.string().min(1).max(128), value: z.string().min(0).max(256) })

/** The tags of one call: at most as many as a pipeline may have. */
export const tagList = z.array(Tag).max(10)

const Operator = z.object({
  type: z.enum(['EQ', 'REF_EQ', 'LE', 'GE', 'BETWEEN']).optional(),
  values: z.array(string).optional(),
})

/** A condition of a query. */
export const Selector = z.object({ fieldName: string.optional(), operator: Operator.optional() })

/** Conditions of which all must hold. */
export const Query = z.object({ selectors: z.array(Selector).optional() })

/** Where a task runner on an EC2 instance proves that it is one. Millrace has no use for it. */
export const InstanceIdentity = z.object({ document: string.optional(), signature: string.optional() })

/** How a task has ended; `FALSE` is a precondition that does not hold. */
export const TaskStatus = z.enum(['FINISHED', 'FAILED', 'FALSE'])

/** A key with text or a reference. */
export type Field = z.infer<typeof Field>

/** An object of a definition. */
export type PipelineObject = z.infer<typeof PipelineObject>

/** The declaration of a parameter. */
export type ParameterObject = z.infer<typeof ParameterObject>

/** A value of a parameter. */
export type ParameterValue = z.infer<typeof ParameterValue>

/** A condition of a query. */
export type Selector = z.infer<typeof Selector>
