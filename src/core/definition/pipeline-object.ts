/** The id of an object in a definition, or of one of its instances or attempts. Case-sensitive. */
export type ObjectId = string & { readonly brand: 'ObjectId' }

/** Wraps text as the id of an object. */
export const objectId = (text: string): ObjectId => text as ObjectId

/** What one field holds: text (which may contain expressions) or a reference to another object. */
export type FieldValue =
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'reference'; readonly target: ObjectId }

/**
 * One key with one value. A list is several fields with the same key, in order.
 *
 * @source model: Field
 */
export type Field = { readonly key: string; readonly value: FieldValue }

/**
 * One object of a definition: verbatim, before inheritance.
 *
 * @source model: PipelineObject
 */
export type PipelineObject = {
  readonly id: ObjectId
  /** A free label; equal to the id where the author gave none. */
  readonly name: string
  readonly fields: readonly Field[]
}

/**
 * The declaration of a parameter: its id (`my…` or `*my…`) and attributes such as `type` and `default`; a list attribute
 * repeats its key.
 *
 * @source model: ParameterObject
 */
export type ParameterObject = {
  readonly id: string
  readonly attributes: readonly { readonly key: string; readonly text: string }[]
}

/**
 * A value of a parameter; the values of an array repeat the id, in order.
 *
 * @source model: ParameterValue
 */
export type ParameterValue = { readonly id: string; readonly text: string }

/**
 * A pipeline definition as its author wrote it.
 *
 * @source guide: dp-writing-pipeline-definition
 */
export type Definition = {
  readonly objects: readonly PipelineObject[]
  readonly parameterObjects: readonly ParameterObject[]
  readonly parameterValues: readonly ParameterValue[]
}

/** A field that holds text. */
export const textField = (key: string, text: string): Field => ({ key, value: { kind: 'string', text } })

/** A field that refers to another object. */
export const referenceField = (key: string, target: ObjectId): Field => ({
  key,
  value: { kind: 'reference', target },
})
