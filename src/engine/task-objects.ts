import type { FieldValue, ObjectId, PipelineObject } from '../core/definition/pipeline-object.ts'
import { attemptIdOf, type Component } from '../core/lifecycle/component.ts'
import { type Evaluated, type EvaluatedObjects, evaluateReachable } from '../core/lifecycle/evaluated-objects.ts'
import type { Attempt, Instance } from '../core/lifecycle/instance.ts'
import { attemptFieldsOf } from '../core/lifecycle/instance-fields.ts'
import { componentOfInstance, type Plan, preconditionHost } from '../core/lifecycle/plan.ts'
import { runScope } from '../core/lifecycle/run-scope.ts'

/** Fields of a data node's own run that a task runner may want to know. */
const instanceKeys = ['@scheduledStartTime', '@scheduledEndTime'] as const

/**
 * What a task runner gets: the attempt, with the fields of its component and those of the service, and every object that these refer
 * to, all evaluated.
 *
 * @source observed: 8.1; that referred objects come along is ours: differences#task-objects
 */
export function taskObjects(plan: Plan, instance: Instance, attempt: Attempt): EvaluatedObjects {
  const component = plan.components.get(instance.componentId)
  if (component === undefined) throw new Error(`${instance.id} belongs to no component of its version.`)
  const scope = runScope(plan, [instance])
  const keys = [...component.fields.keys(), ...(instance.nodeId === undefined ? [] : ['node'])]
  const first: Evaluated = { id: instance.id, name: component.name, keys }
  const found = evaluateReachable(first, (id) => describe(plan, id), scope)
  if (found.kind === 'failure') return found
  const [own, ...others] = found.objects
  if (own === undefined) return found
  const served = attemptObject(plan, { instance, attempt, component }, own)
  return { kind: 'objects', objects: [served, ...others] }
}

function attemptObject(
  plan: Plan,
  { instance, attempt, component }: { instance: Instance; attempt: Attempt; component: Component },
  evaluated: PipelineObject,
): PipelineObject {
  const id = attemptIdOf(instance.id, attempt.number)
  const set = attemptFieldsOf(attempt, instance, component)
  const taken = new Set(set.map(({ key }) => key))
  const host = component.guards.length > 0 ? preconditionHost(component.id, plan.objects) : undefined
  const logs = host?.fields.get('pipelineLogUri') ?? []
  const needsLogs = !component.fields.has('pipelineLogUri')
  return {
    id,
    name: `@${component.name}${id.slice(1 + component.id.length)}`,
    fields: [
      ...set,
      ...evaluated.fields.filter(({ key }) => !taken.has(key)),
      ...(needsLogs ? logs.map((value: FieldValue) => ({ key: 'pipelineLogUri', value })) : []),
      { key: '@pipelineId', value: { kind: 'string', text: plan.pipelineId } },
    ],
  }
}

/** What is to be evaluated of an object that a task refers to: an instance of a data node, or an object of the definition. */
function describe(plan: Plan, id: ObjectId): Evaluated | undefined {
  const object = plan.objects.get(id)
  if (object !== undefined) {
    const type = object.type === undefined ? [] : ['type']
    return { id, name: object.name, keys: [...new Set([...type, ...object.fields.keys()])] }
  }
  const component = componentOfInstance(plan, id)
  if (component === undefined) return undefined
  return { id, name: component.name, keys: [...new Set(['type', ...component.fields.keys(), ...instanceKeys])] }
}
