import { z } from 'zod'
import {
  fieldList,
  InstanceIdentity,
  id,
  longString,
  ParameterObject,
  ParameterValue,
  PipelineObject,
  Query,
  string,
  TaskStatus,
  tagList,
  taskId,
  timestamp,
} from './shapes.ts'

const idList = z.array(id)
const parameterValues = z.array(ParameterValue).optional()

const definition = {
  pipelineId: id,
  pipelineObjects: z.array(PipelineObject),
  parameterObjects: z.array(ParameterObject).optional(),
  parameterValues,
}

/**
 * What each operation is asked with.
 *
 * @source model: the shapes named …Input
 */
export const inputs = {
  ActivatePipeline: z.object({ pipelineId: id, parameterValues, startTimestamp: timestamp.optional() }),
  AddTags: z.object({ pipelineId: id, tags: tagList }),
  CreatePipeline: z.object({ name: id, uniqueId: id, description: string.optional(), tags: tagList.optional() }),
  DeactivatePipeline: z.object({ pipelineId: id, cancelActive: z.boolean().optional() }),
  DeletePipeline: z.object({ pipelineId: id }),
  DescribeObjects: z.object({
    pipelineId: id,
    objectIds: idList,
    evaluateExpressions: z.boolean().optional(),
    marker: string.optional(),
  }),
  DescribePipelines: z.object({ pipelineIds: idList }),
  EvaluateExpression: z.object({ pipelineId: id, objectId: id, expression: longString }),
  GetPipelineDefinition: z.object({ pipelineId: id, version: string.optional() }),
  ListPipelines: z.object({ marker: string.optional() }),
  PollForTask: z.object({
    workerGroup: string,
    hostname: id.optional(),
    instanceIdentity: InstanceIdentity.optional(),
  }),
  PutPipelineDefinition: z.object(definition),
  QueryObjects: z.object({
    pipelineId: id,
    query: Query.optional(),
    sphere: string,
    marker: string.optional(),
    limit: z.int32().optional(),
  }),
  RemoveTags: z.object({ pipelineId: id, tagKeys: z.array(string) }),
  ReportTaskProgress: z.object({ taskId, fields: fieldList.optional() }),
  ReportTaskRunnerHeartbeat: z.object({
    taskrunnerId: id,
    workerGroup: string.optional(),
    hostname: id.optional(),
  }),
  SetStatus: z.object({ pipelineId: id, objectIds: idList, status: string }),
  SetTaskStatus: z.object({
    taskId,
    taskStatus: TaskStatus,
    errorId: string.optional(),
    errorMessage: z.string().optional(),
    errorStackTrace: string.optional(),
  }),
  ValidatePipelineDefinition: z.object(definition),
}

/** The name of an operation, as the model spells it. */
export type OperationName = keyof typeof inputs

/** What an operation is asked with. */
export type Input<Operation extends OperationName> = z.infer<(typeof inputs)[Operation]>

/** Whether a text names an operation. */
export const isOperationName = (text: string): text is OperationName => Object.hasOwn(inputs, text)
