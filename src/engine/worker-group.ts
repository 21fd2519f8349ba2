import { type ObjectId, objectId } from '../core/definition/pipeline-object.ts'
import { dependenciesOf } from '../core/lifecycle/birth.ts'
import { fieldTexts } from '../core/lifecycle/field-text.ts'
import type { Instance } from '../core/lifecycle/instance.ts'
import { type Plan, preconditionHost } from '../core/lifecycle/plan.ts'
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

/** Who may take a task: the runner of the resource that it runs on, else whoever polls for its worker group. */
export function workerGroupOf(plan: Plan, instance: Instance): string | undefined {
  const component = plan.components.get(instance.componentId)
  if (component === undefined) return undefined
  const machine = dependenciesOf(plan, component, instance.occurrence).find(({ kind }) => kind === 'runsOn')
  if (machine !== undefined) return resourceWorkerGroup(plan.pipelineId, machine.targetId)
  const isGuard = component.guards.length > 0
  const object = isGuard ? preconditionHost(component.id, plan.objects) : component
  const values = object?.fields.get('workerGroup')
  if (object === undefined || values === undefined) return undefined
  const scope = runScope(plan, [instance])
  const texts = fieldTexts({ id: isGuard ? object.id : instance.id }, values, scope)
  return texts.kind === 'texts' ? texts.texts[0] : undefined
}
