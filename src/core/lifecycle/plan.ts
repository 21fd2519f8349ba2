import { isA, isRunnable, type ObjectType } from '../catalog/object-type.ts'
import { type EffectiveObject, targetsOf } from '../definition/effective-object.ts'
import { type ObjectId, objectId } from '../definition/pipeline-object.ts'
import type { Problem } from '../definition/problem.ts'
import type { Scope, ScopeEntry } from '../expression/scope.ts'
import type { Instant } from '../instant.ts'
import type { Recurrence } from '../schedule/occurrence.ts'
import type { Component, Link, LinkKind, Timing } from './component.ts'
import { definitionScope } from './field-text.ts'
import type { Instance } from './instance.ts'
import { FieldReader, policyOf, type RunDefaults } from './run-policy.ts'
import { recurrenceOf, scheduleTypeOf } from './timing.ts'

/** A definition as something to run: which components there are, when they run, and what each depends on. */
export type Plan = {
  readonly pipelineId: string
  readonly objects: ReadonlyMap<ObjectId, EffectiveObject>
  readonly parameters: ReadonlyMap<string, readonly ScopeEntry[]>
  /** What has instances. What others need comes first: resources, preconditions, data nodes, activities. */
  readonly components: ReadonlyMap<ObjectId, Component>
  /** For each resource: what runs on it. */
  readonly users: ReadonlyMap<ObjectId, readonly Component[]>
  /** For each component: what has an instance whenever it has one. */
  readonly followers: ReadonlyMap<ObjectId, readonly Component[]>
  readonly isOnDemand: boolean
}

/** What a plan is made of. */
export type PlanSource = {
  readonly pipelineId: string
  readonly objects: ReadonlyMap<ObjectId, EffectiveObject>
  readonly parameters: ReadonlyMap<string, readonly ScopeEntry[]>
  readonly firstActivatedAt: Instant
  readonly defaults: RunDefaults
}

/** Makes the plan of a valid definition. What only shows when parameters have their values is a problem here. */
export function makePlan(source: PlanSource): { readonly plan: Plan; readonly problems: readonly Problem[] } {
  const scope = definitionScope(source)
  const problems: Problem[] = []
  const recurrences = recurrencesOf(source, scope, problems)
  const runnables = [...source.objects.values()].flatMap((object) => runnable(object))
  const links = new Map(runnables.map(({ object }) => [object.id, linksOf(object, runnables)]))
  const components = runnables
    .map(({ object, type }) => {
      const { policy, problems: wrong } = policyOf(object, scope, source.defaults)
      problems.push(...wrong)
      return {
        id: object.id,
        name: object.name,
        type: type.name,
        kind: kindOf(type),
        timing: timingOf(object, type, { links, recurrences, scope }),
        links: links.get(object.id) ?? [],
        guards: leadersOf(object.id, ['precondition'], links),
        policy,
        maxActiveInstances: new FieldReader(object, scope).count('maxActiveInstances'),
        fields: object.fields,
      } satisfies Component
    })
    .sort((left, right) => rank(left) - rank(right))
  const isOnDemand = components.some(
    ({ timing }) => timing.kind === 'scheduled' && timing.recurrence.kind === 'onDemand',
  )
  const { pipelineId, objects, parameters } = source
  const byId = new Map(components.map((component) => [component.id, component]))
  return {
    plan: {
      pipelineId,
      objects,
      parameters,
      components: byId,
      users: grouped(components, ({ links }) =>
        links.flatMap(({ kind, target }) => (kind === 'runsOn' ? [target] : [])),
      ),
      followers: grouped(components, ({ timing }) => (timing.kind === 'follows' ? timing.leaders : [])),
      isOnDemand,
    },
    problems,
  }
}

type Runnable = { readonly object: EffectiveObject; readonly type: ObjectType }

function runnable(object: EffectiveObject): readonly Runnable[] {
  const { type } = object
  return type !== undefined && isRunnable(type) ? [{ object, type }] : []
}

function recurrencesOf(source: PlanSource, scope: Scope, problems: Problem[]): ReadonlyMap<ObjectId, Recurrence> {
  const found = new Map<ObjectId, Recurrence>()
  for (const object of source.objects.values()) {
    if (object.type?.name !== 'Schedule') continue
    const { recurrence, problems: wrong } = recurrenceOf(object, scope, source.firstActivatedAt)
    problems.push(...wrong)
    if (recurrence !== undefined) found.set(object.id, recurrence)
  }
  return found
}

function kindOf(type: ObjectType): Instance['kind'] {
  if (isA(type, 'SystemManagedPrecondition')) return 'check'
  if (isA(type, 'DataNode')) return 'dataNode'
  return isA(type, 'Resource') ? 'resource' : 'task'
}

const rank = ({ kind }: Component): number => ['resource', 'check', 'dataNode', 'task'].indexOf(kind)

const linkFields: readonly LinkKind[] = ['input', 'dependsOn', 'precondition', 'runsOn']

/** What an object depends on; an output node depends on every activity that writes it. */
function linksOf(object: EffectiveObject, all: readonly Runnable[]): readonly Link[] {
  const own = linkFields.flatMap((kind) => targetsOf(object, kind).map((target) => ({ kind, target })))
  const producers = all.filter((other) => targetsOf(other.object, 'output').includes(object.id))
  const written: readonly Link[] = producers.map((producer) => ({ kind: 'output', target: producer.object.id }))
  const isGuard = object.type !== undefined && isA(object.type, 'UserManagedPrecondition')
  return [...own, ...written, ...(isGuard ? guardMachine(object.id, all) : [])]
}

/** A precondition that a runner checks runs where the work that it guards runs. */
function guardMachine(id: ObjectId, all: readonly Runnable[]): readonly Link[] {
  const host = hostOf(id, all)
  return host === undefined ? [] : targetsOf(host, 'runsOn').map((target) => ({ kind: 'runsOn', target }))
}

/** The activity that a user-managed precondition guards, directly or through a data node that it reads or writes. */
function hostOf(id: ObjectId, all: readonly Runnable[]): EffectiveObject | undefined {
  const guarded = all.filter(({ object }) => targetsOf(object, 'precondition').includes(id))
  const activity = guarded.find(({ type }) => isA(type, 'Activity'))
  if (activity !== undefined) return activity.object
  const nodes = guarded.map(({ object }) => object.id)
  const user =
    all.find(({ object }) => targetsOf(object, 'input').some((input) => nodes.includes(input))) ??
    all.find(({ object }) => targetsOf(object, 'output').some((output) => nodes.includes(output)))
  return user?.object
}

/** The component of an instance, by the instance's id. A precondition of several objects is not found: its id names them as well. */
export const componentOfInstance = (plan: Plan, instanceId: ObjectId): Component | undefined =>
  plan.components.get(objectId(instanceId.slice(1, instanceId.lastIndexOf('_'))))

/** The activity whose worker group or resource checks a user-managed precondition. */
export const preconditionHost = (id: ObjectId, objects: Plan['objects']): EffectiveObject | undefined =>
  hostOf(id, [...objects.values()].flatMap(runnable))

function timingOf(
  object: EffectiveObject,
  type: ObjectType,
  plan: {
    readonly links: ReadonlyMap<ObjectId, readonly Link[]>
    readonly recurrences: ReadonlyMap<ObjectId, Recurrence>
    readonly scope: Scope
  },
): Timing {
  if (isA(type, 'Precondition')) return { kind: 'follows', leaders: leadersOf(object.id, ['precondition'], plan.links) }
  const scheduleType = scheduleTypeOf(object, plan.scope)
  if (scheduleType === 'ondemand') return { kind: 'scheduled', recurrence: { kind: 'onDemand' }, scheduleType }
  const [schedule] = targetsOf(object, 'schedule')
  const recurrence = schedule === undefined ? undefined : plan.recurrences.get(schedule)
  if (recurrence === undefined) {
    return { kind: 'follows', leaders: leadersOf(object.id, ['runsOn', 'input', 'output'], plan.links) }
  }
  // Machines are there from the start of the interval, whatever the style of the work.
  return { kind: 'scheduled', recurrence, scheduleType: isA(type, 'Resource') ? 'cron' : scheduleType }
}

function leadersOf(
  id: ObjectId,
  kinds: readonly LinkKind[],
  links: ReadonlyMap<ObjectId, readonly Link[]>,
): readonly ObjectId[] {
  const users = [...links].filter(([, own]) => own.some(({ kind, target }) => target === id && kinds.includes(kind)))
  const producers = (links.get(id) ?? []).filter(({ kind }) => kind === 'output' && kinds.includes(kind))
  return [...new Set([...users.map(([user]) => user), ...producers.map(({ target }) => target)])]
}

/** The components under each of the ids that `keysOf` names for them, in their order. */
function grouped(components: readonly Component[], keysOf: (component: Component) => readonly ObjectId[]) {
  const groups = new Map<ObjectId, Component[]>()
  for (const component of components) {
    for (const key of keysOf(component)) {
      const group = groups.get(key)
      if (group === undefined) groups.set(key, [component])
      else group.push(component)
    }
  }
  return groups
}
