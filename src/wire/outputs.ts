import { z } from 'zod'
import type { OperationName } from './inputs.ts'

// Answers are checked for their structure alone. The model's lengths bind whoever asks; in what the service itself makes, such as a
// reference to an instance with a long id, they need not hold, and a client that refused such an answer would serve nobody.
const Field = z.object({ key: z.string(), stringValue: z.string().optional(), refValue: z.string().optional() })
const PipelineObject = z.object({ id: z.string(), name: z.string(), fields: z.array(Field) })
const ParameterAttribute = z.object({ key: z.string(), stringValue: z.string() })
const ParameterObject = z.object({ id: z.string(), attributes: z.array(ParameterAttribute) })
const ParameterValue = z.object({ id: z.string(), stringValue: z.string() })
const Tag = z.object({ key: z.string(), value: z.string() })

const PipelineDescription = z.object({
  pipelineId: z.string(),
  name: z.string(),
  description: z.string().optional(),
  fields: z.array(Field),
  tags: z.array(Tag).optional(),
})

const TaskObject = z.object({
  taskId: z.string().optional(),
  pipelineId: z.string().optional(),
  attemptId: z.string().optional(),
  objects: z.record(z.string(), PipelineObject).optional(),
})

const ValidationError = z.object({ id: z.string().optional(), errors: z.array(z.string()).optional() })
const ValidationWarning = z.object({ id: z.string().optional(), warnings: z.array(z.string()).optional() })

const empty = z.object({})
const page = { marker: z.string().optional(), hasMoreResults: z.boolean().optional() }

const validation = z.object({
  validationErrors: z.array(ValidationError).optional(),
  validationWarnings: z.array(ValidationWarning).optional(),
  errored: z.boolean(),
})

/**
 * What each operation answers.
 *
 * @source model: the shapes named …Output
 */
export const outputs = {
  ActivatePipeline: empty,
  AddTags: empty,
  CreatePipeline: z.object({ pipelineId: z.string() }),
  DeactivatePipeline: empty,
  DeletePipeline: empty,
  DescribeObjects: z.object({ pipelineObjects: z.array(PipelineObject), ...page }),
  DescribePipelines: z.object({ pipelineDescriptionList: z.array(PipelineDescription) }),
  EvaluateExpression: z.object({ evaluatedExpression: z.string() }),
  GetPipelineDefinition: z.object({
    pipelineObjects: z.array(PipelineObject).optional(),
    parameterObjects: z.array(ParameterObject).optional(),
    parameterValues: z.array(ParameterValue).optional(),
  }),
  ListPipelines: z.object({
    pipelineIdList: z.array(z.object({ id: z.string().optional(), name: z.string().optional() })),
    ...page,
  }),
  PollForTask: z.object({ taskObject: TaskObject.optional() }),
  PutPipelineDefinition: validation,
  QueryObjects: z.object({ ids: z.array(z.string()).optional(), ...page }),
  RemoveTags: empty,
  ReportTaskProgress: z.object({ canceled: z.boolean() }),
  ReportTaskRunnerHeartbeat: z.object({ terminate: z.boolean() }),
  SetStatus: empty,
  SetTaskStatus: empty,
  ValidatePipelineDefinition: validation,
} satisfies Record<OperationName, z.ZodType>

/** What an operation answers. */
export type Output<Operation extends OperationName> = z.infer<(typeof outputs)[Operation]>

/** A task, or what there is of one: without work, nothing. */
export type TaskObject = z.infer<typeof TaskObject>
