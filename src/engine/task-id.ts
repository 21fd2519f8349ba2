import { type ObjectId, objectId } from '../core/definition/pipeline-object.ts'
import { type PipelineId, pipelineId as toPipelineId } from '../store/rows.ts'
import type { Chance } from './chance.ts'
import type { TaskId } from './engine.ts'

/** The random part of a task id, in bytes: not to be guessed within the lifetime of a task. */
const secretBytes = 24

/** What a task id is about. Only the whole word entitles to anything: this part of it is no secret. */
export type TaskPlace = { readonly pipelineId: PipelineId; readonly instanceId: ObjectId }

/** A fresh task id for one hand-out. It says where the task is, so that a report finds it without a search. */
export function newTaskId({ pipelineId, instanceId }: TaskPlace, chance: Chance): TaskId {
  const place = Buffer.from(JSON.stringify([pipelineId, instanceId])).toString('base64')
  // What makes a word a task id is that it was made here.
  return `${place}:${Buffer.from(chance.bytes(secretBytes)).toString('base64')}` as TaskId
}

/** Reads the place back; `undefined` for a word that never was a task id. */
export function parseTaskId(taskId: string): TaskPlace | undefined {
  const [place = ''] = taskId.split(':')
  try {
    const parsed: unknown = JSON.parse(Buffer.from(place, 'base64').toString())
    if (!Array.isArray(parsed) || parsed.length !== 2) return undefined
    const [pipelineId, instanceId] = parsed
    if (typeof pipelineId !== 'string' || typeof instanceId !== 'string') return undefined
    return { pipelineId: toPipelineId(pipelineId), instanceId: objectId(instanceId) }
  } catch {
    // Any text may come in from outside; one that is no JSON is no task id.
    return undefined
  }
}
