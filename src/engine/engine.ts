import type { Definition, Field, ObjectId, ParameterValue, PipelineObject } from '../core/definition/pipeline-object.ts'
import type { Problem } from '../core/definition/problem.ts'
import type { Instant } from '../core/instant.ts'
import type { PipelineId, Tag } from '../store/rows.ts'

/** The unguessable word that entitles its holder to report on one hand-out of one attempt. */
export type TaskId = string & { readonly brand: 'TaskId' }

/** Who calls: shown as `@userId`, `pipelineCreator` and `@accountId`. */
export type Caller = { readonly userId: string; readonly accountId: string }

/**
 * What DescribePipelines says of one pipeline.
 *
 * @source model: PipelineDescription; observed: 3
 */
export type PipelineDescription = {
  readonly pipelineId: PipelineId
  readonly name: string
  readonly description: string | undefined
  readonly fields: readonly Field[]
  readonly tags: readonly Tag[]
}

/**
 * Work for a task runner: the attempt, and every object that it refers to, with expressions evaluated.
 *
 * @source model: TaskObject
 */
export type Task = {
  readonly taskId: TaskId
  readonly pipelineId: PipelineId
  readonly attemptId: ObjectId
  readonly objects: readonly PipelineObject[]
}

/** A level of the life cycle of an object, as QueryObjects names it. */
export type Sphere = 'COMPONENT' | 'INSTANCE' | 'ATTEMPT'

/** One condition of QueryObjects; all must hold. `BETWEEN` takes two values, the others match any of theirs. */
export type Selector = {
  readonly fieldName: string
  readonly operator: 'EQ' | 'REF_EQ' | 'LE' | 'GE' | 'BETWEEN'
  readonly values: readonly string[]
}

/** A page of a listing; `marker` is absent on the last one. */
export type Page<Item> = { readonly items: readonly Item[]; readonly marker: string | undefined }

/** What a status change by hand asks for. */
export type StatusRequest = 'PAUSE' | 'RESUME' | 'RERUN' | 'TRY_CANCEL' | 'MARK_FINISHED'

/**
 * The service behind the API: one method for each operation, in the terms of `core`. A promise resolves when what it reports is
 * durable. Methods reject with the exceptions of `wire/errors.ts`; the shapes of their arguments have been checked by the caller.
 */
export type Engine = {
  activatePipeline(request: {
    pipelineId: PipelineId
    parameterValues: readonly ParameterValue[]
    startAt: Instant | undefined
  }): Promise<void>
  addTags(request: { pipelineId: PipelineId; tags: readonly Tag[] }): Promise<void>
  createPipeline(request: {
    name: string
    uniqueId: string
    description: string | undefined
    tags: readonly Tag[]
    caller: Caller
  }): Promise<PipelineId>
  deactivatePipeline(request: { pipelineId: PipelineId; cancelActive: 'cancel' | 'wait' }): Promise<void>
  deletePipeline(pipelineId: PipelineId): Promise<void>
  describeObjects(request: {
    pipelineId: PipelineId
    objectIds: readonly ObjectId[]
    expressions: 'evaluated' | 'verbatim'
  }): Promise<readonly PipelineObject[]>
  describePipelines(pipelineIds: readonly PipelineId[]): Promise<readonly PipelineDescription[]>
  evaluateExpression(request: { pipelineId: PipelineId; objectId: ObjectId; expression: string }): Promise<string>
  getPipelineDefinition(request: { pipelineId: PipelineId; version: 'latest' | 'active' }): Promise<Definition>
  listPipelines(request: { marker: string | undefined }): Promise<Page<{ id: PipelineId; name: string }>>
  /**
   * Waits until there is work for the worker group, `waitMs` have passed or `signal` is aborted; `undefined` in the last two
   * cases. A task is never lost to an aborted poll.
   */
  pollForTask(request: {
    workerGroup: string
    hostname: string | undefined
    waitMs: number
    signal: AbortSignal
  }): Promise<Task | undefined>
  putPipelineDefinition(request: { pipelineId: PipelineId; definition: Definition }): Promise<readonly Problem[]>
  queryObjects(request: {
    pipelineId: PipelineId
    sphere: Sphere
    selectors: readonly Selector[]
    marker: string | undefined
    limit: number
  }): Promise<Page<ObjectId>>
  removeTags(request: { pipelineId: PipelineId; tagKeys: readonly string[] }): Promise<void>
  reportTaskProgress(request: { taskId: TaskId; fields: readonly Field[] }): Promise<{ canceled: boolean }>
  reportTaskRunnerHeartbeat(request: {
    taskrunnerId: string
    workerGroup: string | undefined
    hostname: string | undefined
  }): Promise<{ terminate: boolean }>
  setStatus(request: { pipelineId: PipelineId; objectIds: readonly ObjectId[]; status: StatusRequest }): Promise<void>
  setTaskStatus(request: {
    taskId: TaskId
    taskStatus: 'FINISHED' | 'FAILED' | 'FALSE'
    errorId: string | undefined
    errorMessage: string | undefined
    errorStackTrace: string | undefined
  }): Promise<void>
  validatePipelineDefinition(request: { pipelineId: PipelineId; definition: Definition }): Promise<readonly Problem[]>
}
