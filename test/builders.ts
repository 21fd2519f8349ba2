import {
  type Definition,
  type Field,
  type FieldValue,
  objectId,
  type ParameterObject,
  type ParameterValue,
  type PipelineObject,
  textField,
} from '../src/core/definition/pipeline-object.ts'

/** What a test writes for a field: text, a reference made by {@link ref}, or a list of them, which becomes repeated keys. */
type Writable = string | FieldValue | readonly (string | FieldValue)[]

/**
 * An object of a definition: `object('Copy', { type: 'CopyActivity', runsOn: ref('Machine') })`. Fields keep the order in which
 * they are written. The name is the id unless `name` is given.
 */
export function object(
  id: string,
  { name = id, ...fields }: { name?: string } & Record<string, Writable>,
): PipelineObject {
  return { id: objectId(id), name, fields: Object.entries(fields).flatMap(([key, value]) => repeated(key, value)) }
}

/** A reference to the object `id`, for a field of {@link object}. */
export const ref = (id: string): FieldValue => ({ kind: 'reference', target: objectId(id) })

/** A whole definition; parameters and their values only where the test is about them. */
export function definition(
  objects: readonly PipelineObject[],
  parts: Partial<Pick<Definition, 'parameterObjects' | 'parameterValues'>> = {},
): Definition {
  return { objects, parameterObjects: [], parameterValues: [], ...parts }
}

/** The declaration of a parameter: `parameter('myCount', { type: 'Integer', default: '3' })`. A list repeats its attribute. */
export function parameter(id: string, attributes: Record<string, string | readonly string[]> = {}): ParameterObject {
  return {
    id,
    attributes: Object.entries(attributes).flatMap(([key, texts]) =>
      [texts].flat().map((text: string) => ({ key, text })),
    ),
  }
}

/** The values of a parameter, in order: `values('myCount', '3')`; several for an array. */
export const values = (id: string, ...texts: readonly string[]): readonly ParameterValue[] =>
  texts.map((text) => ({ id, text }))

function repeated(key: string, value: Writable): readonly Field[] {
  return [value].flat().map((item) => (typeof item === 'string' ? textField(key, item) : { key, value: item }))
}
