import { type ObjectId, objectId } from '../core/definition/pipeline-object.ts'
import { hostOf, machineOf, type Place, placeOf, resourceOf } from '../core/lifecycle/dependencies.ts'
import { fieldTexts } from '../core/lifecycle/field-text.ts'
import type { Instance } from '../core/lifecycle/instance.ts'
import type { Plan } from '../core/lifecycle/plan.ts'
import { runScope } from '../core/lifecycle/run-scope.ts'
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

/** Reads the worker group of a resource back; `undefined` for a group of another kind. */
export function parseResourceWorkerGroup(
  workerGroup: string,
): { readonly pipelineId: PipelineId; readonly instanceId: ObjectId } | undefined {
  const match = /^resource:(df-[0-9A-Z]+)_(@.+)$/s.exec(workerGroup)
  return match?.[1] === undefined
    ? undefined
    : { pipelineId: pipelineId(match[1]), instanceId: objectId(match[2] ?? '') }
}

/** Who may take a task, or why nobody can. */
export type Taker =
  | { readonly kind: 'workerGroup'; readonly name: string }
  | { readonly kind: 'nobody'; readonly reason: string }

/** The runner of the resource that a task runs on may take it, else whoever polls for its worker group. */
export function takerOf(plan: Plan, instance: Instance): Taker {
  const place = placeOf(plan, instance)
  if (place === undefined) throw new Error(`${instance.id} belongs to no component of version ${instance.version}.`)
  const resource = resourceOf(plan, place)
  if (resource === undefined) return namedGroup(plan, instance, place)
  const machine = machineOf(plan, place)
  if (machine !== undefined) return { kind: 'workerGroup', name: resourceWorkerGroup(plan.pipelineId, machine) }
  return { kind: 'nobody', reason: `${resource.id} has no interval that overlaps the one of ${instance.id}.` }
}

/** A precondition belongs to the worker group of the activity on behalf of which it is checked. */
function namedGroup(plan: Plan, instance: Instance, place: Place): Taker {
  const host = hostOf(plan, place)
  const values = host.fields.get('workerGroup') ?? []
  const self = host === place.component ? instance : host
  const texts = fieldTexts(self, values, runScope(plan, [instance]))
  if (texts.kind === 'failure') return { kind: 'nobody', reason: `workerGroup: ${texts.message}` }
  const [name] = texts.texts
  return name === undefined
    ? { kind: 'nobody', reason: `${instance.id} has neither a resource nor a worker group to run on.` }
    : { kind: 'workerGroup', name }
}
