import { type ObjectId, objectId } from '../core/definition/pipeline-object.ts'
import type { Taker } from '../core/lifecycle/taker.ts'
import { type PipelineId, pipelineId } from '../store/rows.ts'

/** What the worker group of a resource's own runner begins with. */
const resourcePrefix = 'resource:'

/**
 * The worker group of the runner on a resource.
 *
 * @source observed: 2.7
 */
export const resourceWorkerGroup = (pipelineId: string, resourceInstanceId: ObjectId): string =>
  `${resourcePrefix}${pipelineId}_${resourceInstanceId}`

/** The worker group for which whoever may take a task polls; `undefined` if nobody may. */
export function workerGroupOf(pipelineId: string, taker: Taker): string | undefined {
  if (taker.kind === 'resource') return resourceWorkerGroup(pipelineId, taker.instanceId)
  return taker.kind === 'workerGroup' ? taker.name : undefined
}

/** Reads the worker group of a resource back; `undefined` for a group of another kind. */
export function parseResourceWorkerGroup(
  workerGroup: string,
): { readonly pipelineId: PipelineId; readonly instanceId: ObjectId } | undefined {
  const match = /^resource:(df-[0-9A-Z]+)_(@.+)$/s.exec(workerGroup)
  return match?.[1] === undefined
    ? undefined
    : { pipelineId: pipelineId(match[1]), instanceId: objectId(match[2] ?? '') }
}
