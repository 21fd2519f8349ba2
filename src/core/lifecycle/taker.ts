import type { ObjectId } from '../definition/pipeline-object.ts'
import { hasExpression } from '../expression/template.ts'
import { hostOf, machineOf, type Place, placeOf, resourceOf } from './dependencies.ts'
import { fieldTexts } from './field-text.ts'
import type { Instance } from './instance.ts'
import type { Plan } from './plan.ts'
import { runScope } from './run-scope.ts'

/** Who may take a task, or why nobody can. */
export type Taker =
  | { readonly kind: 'workerGroup'; readonly name: string }
  /** The runner on this instance of a resource. */
  | { readonly kind: 'resource'; readonly instanceId: ObjectId }
  | { readonly kind: 'nobody'; readonly reason: string }

/** The runner of the resource that a task runs on may take it, else whoever polls for its worker group. */
export function takerOf(plan: Plan, instance: Instance): Taker {
  const place = placeOf(plan, instance)
  if (place === undefined) throw new Error(`${instance.id} belongs to no component of version ${instance.version}.`)
  const resource = resourceOf(plan, place)
  if (resource === undefined) return namedGroup(plan, instance, place)
  const machine = machineOf(plan, place)
  if (machine !== undefined) return { kind: 'resource', instanceId: machine }
  return { kind: 'nobody', reason: `${resource.id} has no interval that overlaps the one of ${instance.id}.` }
}

/** A precondition belongs to the worker group of the object on behalf of which it is checked. */
function namedGroup(plan: Plan, instance: Instance, place: Place): Taker {
  const host = hostOf(plan, place)
  const values = host.fields.get('workerGroup') ?? []
  const [written] = values
  if (written?.kind === 'string' && !hasExpression(written.text)) return { kind: 'workerGroup', name: written.text }
  const self = host === place.component ? instance : host
  const texts = fieldTexts(self, values, runScope(plan, [instance]))
  if (texts.kind === 'failure') return { kind: 'nobody', reason: `workerGroup: ${texts.message}` }
  const [name] = texts.texts
  return name === undefined
    ? { kind: 'nobody', reason: `${instance.id} has neither a resource nor a worker group to run on.` }
    : { kind: 'workerGroup', name }
}
