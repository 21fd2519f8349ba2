import { isA, isRunnable, type ObjectType } from '../catalog/object-type.ts'
import { defaultObjectId, type EffectiveObject, runsOnDemand, targetsOf } from '../definition/effective-object.ts'
import { type ObjectId, objectId } from '../definition/pipeline-object.ts'
import type { Problem } from '../definition/problem.ts'
import type { Scope, ScopeEntry } from '../expression/scope.ts'
import type { Instant } from '../instant.ts'
import type { Recurrence } from '../schedule/occurrence.ts'
import type { Component, Timing } from './component.ts'
import { definitionScope } from './field-text.ts'
import type { Instance } from './instance.ts'
import { findHosts, findLinks, type Links, type Runnable } from './links.ts'
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
  /** On demand, how many runs may be open at a time: `maxActiveInstances` of Default, whatever single objects say. */
  readonly openRunsMax: number
}

/**
 * Runs of an on-demand pipeline that may be open at a time, where Default does not say.
 *
 * @source guide: dp-concepts-schedules
 */
const openRunsMax = 1

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
  const { pipelineId, objects, parameters } = source
  const scope = definitionScope(source)
  const problems: Problem[] = []
  const runnables = [...objects.values()].flatMap((object) => runnable(object))
  const links = findLinks(runnables)
  const sketch: Sketch = {
    scope,
    links,
    hosts: findHosts(runnables, links),
    recurrences: recurrencesOf(source, scope, problems),
    isOnDemand: runsOnDemand(objects),
  }
  const components = runnables
    .map((each) => makeComponent(each, sketch, { defaults: source.defaults, problems }))
    .sort((left, right) => rank(left) - rank(right))
  const byId = new Map(components.map((component) => [component.id, component]))
  return {
    plan: {
      pipelineId,
      objects,
      parameters,
      components: byId,
      users: grouped(components, (component) => machinesOf(component, byId)),
      followers: grouped(components, ({ timing }) => (timing.kind === 'follows' ? timing.leaders : [])),
      isOnDemand: sketch.isOnDemand,
      openRunsMax: openRunsMaxOf(objects, scope),
    },
    problems,
  }
}

/** A number that cannot be read is a problem of the objects that inherit it. */
function openRunsMaxOf(objects: PlanSource['objects'], scope: Scope): number {
  const everywhere = objects.get(defaultObjectId)
  const count = everywhere === undefined ? undefined : new FieldReader(everywhere, scope).count('maxActiveInstances')
  return Math.max(count ?? openRunsMax, 1)
}

/** What has been found out about a definition before its components are made. */
type Sketch = {
  readonly scope: Scope
  readonly links: Links
  /** For each precondition that a task runner checks: who checks it for each object that it guards. */
  readonly hosts: ReadonlyMap<ObjectId, Component['hosts']>
  readonly recurrences: ReadonlyMap<ObjectId, Recurrence>
  readonly isOnDemand: boolean
}

function makeComponent(
  { object, type }: Runnable,
  sketch: Sketch,
  { defaults, problems }: { readonly defaults: RunDefaults; readonly problems: Problem[] },
): Component {
  const { policy, problems: wrong } = policyOf(object, sketch.scope, defaults)
  const read = new FieldReader(object, sketch.scope)
  const maxActiveInstances = read.count('maxActiveInstances')
  problems.push(...wrong, ...read.problems)
  return {
    id: object.id,
    name: object.name,
    type: type.name,
    kind: kindOf(type),
    timing: timingOf(object, type, sketch),
    links: sketch.links.of(object.id),
    guards: sketch.links.dependents(object.id, ['precondition']),
    hosts: sketch.hosts.get(object.id) ?? new Map(),
    policy,
    maxActiveInstances,
    fields: object.fields,
  }
}

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

/** The resources that a task runs on: its own, or those of its hosts. */
function machinesOf(component: Component, components: Plan['components']): readonly ObjectId[] {
  if (component.kind !== 'task') return []
  const runners = [component, ...[...component.hosts.values()].flatMap((id) => components.get(id) ?? [])]
  const machines = runners.flatMap(({ links }) =>
    links.flatMap(({ kind, target }) => (kind === 'runsOn' ? [target] : [])),
  )
  return [...new Set(machines)]
}

/** The component of an instance, by the instance's id. A precondition of several objects is not found: its id names them as well. */
export const componentOfInstance = (plan: Plan, instanceId: ObjectId): Component | undefined =>
  plan.components.get(objectId(instanceId.slice(1, instanceId.lastIndexOf('_'))))

function timingOf(object: EffectiveObject, type: ObjectType, sketch: Sketch): Timing {
  const { links, recurrences, scope, isOnDemand } = sketch
  if (isA(type, 'Precondition')) return { kind: 'follows', leaders: links.dependents(object.id, ['precondition']) }
  if (isOnDemand) return { kind: 'scheduled', recurrence: { kind: 'onDemand' }, scheduleType: 'ondemand' }
  const [schedule] = targetsOf(object, 'schedule')
  const recurrence = schedule === undefined ? undefined : recurrences.get(schedule)
  if (recurrence === undefined) return { kind: 'follows', leaders: leadersOf(object, sketch) }
  // Machines are there from the start of the interval, whatever the style of the work.
  const scheduleType = isA(type, 'Resource') ? 'cron' : scheduleTypeOf(object, scope)
  return { kind: 'scheduled', recurrence, scheduleType }
}

/**
 * What brings about the instances of an object without a schedule: what writes it or, where nothing does, all that uses it. Who reads what
 * is written more often than they run waits for all of it.
 */
function leadersOf({ id }: EffectiveObject, sketch: Sketch): readonly ObjectId[] {
  const { links } = sketch
  const producers = links.of(id).flatMap(({ kind, target }) => (kind === 'output' ? [target] : []))
  if (producers.length > 0) return producers
  return [...new Set([...links.dependents(id, ['runsOn', 'input', 'dependsOn']), ...checksOn(id, sketch)])]
}

/** The preconditions that are checked on a resource, because what they guard or its activities run there. */
function checksOn(resource: ObjectId, { links, hosts }: Sketch): readonly ObjectId[] {
  const users = links.dependents(resource, ['runsOn'])
  return [...hosts].flatMap(([id, own]) => ([...own.values()].some((host) => users.includes(host)) ? [id] : []))
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
