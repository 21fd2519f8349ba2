import type { Field, ObjectId, PipelineObject } from '../definition/pipeline-object.ts'
import type { Scope } from '../expression/scope.ts'
import { attemptIdOf, type Component } from './component.ts'
import { hostOf, placeOf } from './dependencies.ts'
import { type Evaluated, type EvaluatedObjects, evaluateObject, evaluateReachable } from './evaluated-objects.ts'
import type { Attempt, Instance } from './instance.ts'
import { attemptFieldsOf } from './instance-fields.ts'
import { componentOfInstance, type Plan } from './plan.ts'
import { runScope } from './run-scope.ts'

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
  const logs = logFields(plan, instance, scope)
  if (logs.kind === 'failure') return logs
  const evaluated = [...own.fields, ...logs.objects.flatMap(({ fields }) => fields)]
  return { kind: 'objects', objects: [attemptObject(plan, { instance, attempt, component }, evaluated), ...others] }
}

function attemptObject(
  plan: Plan,
  { instance, attempt, component }: { instance: Instance; attempt: Attempt; component: Component },
  evaluated: readonly Field[],
): PipelineObject {
  const id = attemptIdOf(instance.id, attempt.number)
  const set = attemptFieldsOf(attempt, instance, component)
  const taken = new Set(set.map(({ key }) => key))
  return {
    id,
    name: `@${component.name}${id.slice(1 + component.id.length)}`,
    fields: [
      ...set,
      ...evaluated.filter(({ key }) => !taken.has(key)),
      { key: '@pipelineId', value: { kind: 'string', text: plan.pipelineId } },
    ],
  }
}

/** A precondition, which has no logs of its own, writes them where the object does on behalf of which it is checked. */
function logFields(plan: Plan, instance: Instance, scope: Scope): EvaluatedObjects {
  const place = placeOf(plan, instance)
  const host = place === undefined ? undefined : hostOf(plan, place)
  const isOwn = host === undefined || host === place?.component
  return isOwn ? { kind: 'objects', objects: [] } : evaluateObject({ ...host, keys: ['pipelineLogUri'] }, scope)
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
