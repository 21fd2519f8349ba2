import type { ObjectId } from '../definition/pipeline-object.ts'
import type { Scope, ScopeEntry } from '../expression/scope.ts'
import type { Instant } from '../instant.ts'
import type { Occurrence } from '../schedule/occurrence.ts'
import { type Component, instanceIdOf } from './component.ts'
import { occurrencesOf } from './dependencies.ts'
import { definitionScope } from './field-text.ts'
import { type Instance, statusOf } from './instance.ts'
import { cancellationReasonOf } from './instance-fields.ts'
import { componentOfInstance, type Plan } from './plan.ts'

/** An instance as expressions see it. */
type Seen = {
  readonly component: Component
  readonly occurrence: Occurrence
  /** What is known of its run; only of the instances that the caller has at hand. */
  readonly instance: Instance | undefined
}

/**
 * What names mean in the fields of instances: `input` of an instance is the instance of the data node in the same interval, and so on;
 * what has no instances (formats, databases, actions) is the object of the definition.
 *
 * `instances` are those whose runtime fields can be read. `node` is what the word means in an object that is not an instance, such
 * as an action. A message about `node` is worth more with a gap than not at all: a field that the service sets is empty there where it
 * has no value, like `errorStackTrace` of a failure without one.
 *
 * @source guide: dp-pipeline-expressions; ours: differences#actions
 */
export function runScope(plan: Plan, instances: readonly Instance[], node?: ObjectId): Scope {
  const fallback = definitionScope(plan)
  const seen = new Map<ObjectId, Seen>()
  for (const instance of instances) {
    const component = plan.components.get(instance.componentId)
    if (component !== undefined) seen.set(instance.id, { component, occurrence: instance.occurrence, instance })
    const guarded = instance.nodeId === undefined ? undefined : componentOfInstance(plan, instance.nodeId)
    if (instance.nodeId === undefined || guarded === undefined || seen.has(instance.nodeId)) continue
    seen.set(instance.nodeId, { component: guarded, occurrence: instance.occurrence, instance: undefined })
  }
  return {
    entries(object, key) {
      if (key === 'node' && node !== undefined && !seen.has(object)) return [{ kind: 'reference', target: node }]
      const found = seen.get(object)
      if (found === undefined) return fallback.entries(object, key)
      return (
        runtimeEntries(object, found, key) ??
        fieldEntries({ plan, seen }, found, key) ??
        fallback.entries(object, key) ??
        (node !== undefined && isRuntimeField(plan, found.component, key) ? [text('')] : undefined)
      )
    },
  }
}

function runtimeEntries(id: ObjectId, { component, occurrence, instance }: Seen, key: string) {
  switch (key) {
    case '@id':
    case 'id':
      return [text(id)]
    case '@scheduledStartTime':
      return [moment(occurrence.start)]
    case '@scheduledEndTime':
      return [moment(occurrence.end)]
    case 'parent':
    case '@componentParent':
      return [reference(component.id)]
    case 'name':
      return [text(component.name)]
    case '@sphere':
      return [text('INSTANCE')]
    default:
      return instance === undefined ? undefined : knownEntries(instance, key)
  }
}

function knownEntries(instance: Instance, key: string): readonly ScopeEntry[] | undefined {
  switch (key) {
    case '@status':
      return [text(statusOf(instance))]
    case '@version':
      return [text(String(instance.version))]
    case '@actualStartTime':
      return [moment(instance.startedAt)]
    case '@actualEndTime':
    case '@finishedTime':
      return instance.state.kind === 'ended' ? [moment(instance.state.endedAt)] : undefined
    case '@attemptCount':
      return [text(String(instance.attemptCount))]
    case 'node':
      return instance.nodeId === undefined ? undefined : [reference(instance.nodeId)]
    case 'errorId':
    case 'errorMessage':
    case 'errorStackTrace':
      return errorEntries(instance, key)
    case 'cancellationReason': {
      const reason = cancellationReasonOf(instance)
      return reason === undefined ? undefined : [text(reason)]
    }
    default:
      return undefined
  }
}

function errorEntries({ state }: Instance, key: 'errorId' | 'errorMessage' | 'errorStackTrace') {
  const error = state.kind === 'ended' ? state.error : undefined
  const found = { errorId: error?.id, errorMessage: error?.message, errorStackTrace: error?.stackTrace }[key]
  return found === undefined ? undefined : [text(found)]
}

const isRuntimeField = (plan: Plan, { id }: Component, key: string): boolean =>
  plan.objects.get(id)?.type?.fields.get(key)?.kind === 'runtime'

/** The fields of the component, with references to other components turned into their instances of this interval. */
function fieldEntries({ plan, seen }: { plan: Plan; seen: Map<ObjectId, Seen> }, from: Seen, key: string) {
  const values = from.component.fields.get(key)
  return values?.flatMap((value): readonly ScopeEntry[] => {
    const target = value.kind === 'reference' ? plan.components.get(value.target) : undefined
    if (target === undefined) return [value]
    return occurrencesOf(plan, target, from).map((occurrence) => {
      const id = instanceIdOf(
        target,
        occurrence,
        target.guards.includes(from.component.id) ? from.component.id : undefined,
      )
      if (!seen.has(id)) seen.set(id, { component: target, occurrence, instance: undefined })
      return reference(id)
    })
  })
}

const text = (value: string): ScopeEntry => ({ kind: 'string', text: value })

const reference = (target: ObjectId): ScopeEntry => ({ kind: 'reference', target })

const moment = (value: Instant): ScopeEntry => ({ kind: 'value', value: { kind: 'dateTime', instant: value } })
