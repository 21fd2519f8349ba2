import {
  type Definition,
  type Field,
  objectId,
  type ParameterObject,
  type ParameterValue,
  type PipelineObject,
  referenceField,
  textField,
} from '../core/definition/pipeline-object.ts'
import type { TaskObject } from './outputs.ts'
import type * as shapes from './shapes.ts'

/**
 * A definition in the members that PutPipelineDefinition, ValidatePipelineDefinition and GetPipelineDefinition have in common.
 */
type DefinitionMembers = {
  pipelineObjects?: shapes.PipelineObject[] | undefined
  parameterObjects?: shapes.ParameterObject[] | undefined
  parameterValues?: shapes.ParameterValue[] | undefined
}

/** A definition as the wire carries it. */
export function encodeDefinition(definition: Definition): Required<DefinitionMembers> {
  return {
    pipelineObjects: definition.objects.map(encodeObject),
    parameterObjects: definition.parameterObjects.map(encodeParameterObject),
    parameterValues: definition.parameterValues.map(encodeParameterValue),
  }
}

/** A definition from the wire. */
export function decodeDefinition(members: DefinitionMembers): Definition {
  return {
    objects: members.pipelineObjects?.map(decodeObject) ?? [],
    parameterObjects: members.parameterObjects?.map(decodeParameterObject) ?? [],
    parameterValues: members.parameterValues?.map(decodeParameterValue) ?? [],
  }
}

/** An object as the wire carries it. */
export function encodeObject(object: PipelineObject): shapes.PipelineObject {
  return { id: object.id, name: object.name, fields: object.fields.map(encodeField) }
}

/** An object from the wire. */
export function decodeObject(object: shapes.PipelineObject): PipelineObject {
  return { id: objectId(object.id), name: object.name, fields: object.fields.map(decodeField) }
}

/** A field as the wire carries it. */
export function encodeField({ key, value }: Field): shapes.Field {
  return value.kind === 'string' ? { key, stringValue: value.text } : { key, refValue: value.target }
}

/**
 * A field from the wire. It holds a string or a reference; one that holds both counts as a reference, one that holds neither as the
 * empty string, which no definition may contain.
 */
export function decodeField(field: shapes.Field): Field {
  return field.refValue === undefined
    ? textField(field.key, field.stringValue ?? '')
    : referenceField(field.key, objectId(field.refValue))
}

/** A value of a parameter as the wire carries it. */
export const encodeParameterValue = ({ id, text }: ParameterValue): shapes.ParameterValue => ({ id, stringValue: text })

/** A value of a parameter from the wire. */
export const decodeParameterValue = ({ id, stringValue }: shapes.ParameterValue): ParameterValue => ({
  id,
  text: stringValue,
})

/** A task that has been handed out, as task runners see it. */
export type DecodedTask = {
  readonly taskId: string
  readonly pipelineId: string
  readonly attemptId: string
  /** The attempt and every object that it refers to. */
  readonly objects: readonly PipelineObject[]
}

/** A task as PollForTask answers with it. */
export function encodeTask(task: DecodedTask): Required<TaskObject> {
  return {
    taskId: task.taskId,
    pipelineId: task.pipelineId,
    attemptId: task.attemptId,
    objects: Object.fromEntries(task.objects.map((object) => [object.id, encodeObject(object)])),
  }
}

/** A task from an answer of PollForTask; `undefined` when there was no work. */
export function decodeTask(task: TaskObject | undefined): DecodedTask | undefined {
  const { taskId, pipelineId, attemptId, objects } = task ?? {}
  if (taskId === undefined || pipelineId === undefined || attemptId === undefined) return undefined
  return { taskId, pipelineId, attemptId, objects: Object.values(objects ?? {}).map(decodeObject) }
}

const encodeParameterObject = ({ id, attributes }: ParameterObject): shapes.ParameterObject => ({
  id,
  attributes: attributes.map(({ key, text }) => ({ key, stringValue: text })),
})

const decodeParameterObject = ({ id, attributes }: shapes.ParameterObject): ParameterObject => ({
  id,
  attributes: attributes.map(({ key, stringValue }) => ({ key, text: stringValue })),
})
