import { decodeInput } from '../wire/decode-input.ts'
import type { OperationName } from '../wire/inputs.ts'
import type { Output } from '../wire/outputs.ts'
import type { Operation, OperationContext } from './operation.ts'
import { activatePipeline } from './operations/activate-pipeline.ts'
import { addTags } from './operations/add-tags.ts'
import { createPipeline } from './operations/create-pipeline.ts'
import { deactivatePipeline } from './operations/deactivate-pipeline.ts'
import { deletePipeline } from './operations/delete-pipeline.ts'
import { describeObjects } from './operations/describe-objects.ts'
import { describePipelines } from './operations/describe-pipelines.ts'
import { evaluateExpression } from './operations/evaluate-expression.ts'
import { getPipelineDefinition } from './operations/get-pipeline-definition.ts'
import { listPipelines } from './operations/list-pipelines.ts'
import { pollForTask } from './operations/poll-for-task.ts'
import { putPipelineDefinition } from './operations/put-pipeline-definition.ts'
import { queryObjects } from './operations/query-objects.ts'
import { removeTags } from './operations/remove-tags.ts'
import { reportTaskProgress } from './operations/report-task-progress.ts'
import { reportTaskRunnerHeartbeat } from './operations/report-task-runner-heartbeat.ts'
import { setStatus } from './operations/set-status.ts'
import { setTaskStatus } from './operations/set-task-status.ts'
import { validatePipelineDefinition } from './operations/validate-pipeline-definition.ts'

/** Every operation of the service under its name. */
const operations: { readonly [Name in OperationName]: Operation<Name> } = {
  ActivatePipeline: activatePipeline,
  AddTags: addTags,
  CreatePipeline: createPipeline,
  DeactivatePipeline: deactivatePipeline,
  DeletePipeline: deletePipeline,
  DescribeObjects: describeObjects,
  DescribePipelines: describePipelines,
  EvaluateExpression: evaluateExpression,
  GetPipelineDefinition: getPipelineDefinition,
  ListPipelines: listPipelines,
  PollForTask: pollForTask,
  PutPipelineDefinition: putPipelineDefinition,
  QueryObjects: queryObjects,
  RemoveTags: removeTags,
  ReportTaskProgress: reportTaskProgress,
  ReportTaskRunnerHeartbeat: reportTaskRunnerHeartbeat,
  SetStatus: setStatus,
  SetTaskStatus: setTaskStatus,
  ValidatePipelineDefinition: validatePipelineDefinition,
}

/** One call: an operation, and what it is asked with as the text of the body. */
export type OperationCall<Name extends OperationName = OperationName> = { readonly name: Name; readonly body: string }

/** Reads what an operation is asked with and performs it. Rejects with the exceptions of the service. */
export async function performOperation<Name extends OperationName>(
  call: OperationCall<Name>,
  context: OperationContext,
): Promise<Output<Name> | undefined> {
  return await operations[call.name](decodeInput(call.name, call.body), context)
}
