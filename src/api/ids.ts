import type { PipelineDescription, Task } from '../engine/engine.ts'

type PipelineId = PipelineDescription['pipelineId']
type TaskId = Task['taskId']

/** Wraps text from the wire as the id of a pipeline. */
export const pipelineId = (text: string): PipelineId => text as PipelineId

/** Wraps text from the wire as the id of a task. */
export const taskId = (text: string): TaskId => text as TaskId
