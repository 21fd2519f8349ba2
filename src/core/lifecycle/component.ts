import type { ObjectType } from '../catalog/object-type.ts'
import { type FieldValue, type ObjectId, objectId } from '../definition/pipeline-object.ts'
import { formatInstant, type Instant } from '../instant.ts'
import type { Occurrence, Recurrence, Recurring, ScheduleType } from '../schedule/occurrence.ts'
import type { Instance } from './instance.ts'
import type { RunPolicy } from './run-policy.ts'

/** How one component depends on another: as its input, as the output of it, by `dependsOn`, as its precondition, as its machine. */
export type LinkKind = 'input' | 'output' | 'dependsOn' | 'precondition' | 'runsOn'

/** A component that another one depends on. */
export type Link = { readonly kind: LinkKind; readonly target: ObjectId }

/**
 * When a component has instances: by a schedule, or whenever one of its leaders has one (preconditions with what they guard; data nodes
 * without a schedule with what writes them; resources without one, and other data nodes, with what uses them).
 */
export type Timing =
  | { readonly kind: 'scheduled'; readonly recurrence: Recurrence; readonly scheduleType: ScheduleType }
  | { readonly kind: 'follows'; readonly leaders: readonly ObjectId[] }

/** An object of the active definition that has instances. */
export type Component = {
  readonly id: ObjectId
  readonly name: string
  readonly type: ObjectType['name']
  readonly kind: Instance['kind']
  readonly timing: Timing
  readonly links: readonly Link[]
  /** What guards it: for a precondition, the components that list it. */
  readonly guards: readonly ObjectId[]
  /** For a precondition that a task runner checks: for each object that it guards, the object where the check is made. */
  readonly hosts: ReadonlyMap<ObjectId, ObjectId>
  readonly policy: RunPolicy
  /** The most instances that may be open at once. Unlimited if absent. */
  readonly maxActiveInstances: number | undefined
  readonly fields: ReadonlyMap<string, readonly FieldValue[]>
}

/** The intervals of a component that has some of its own. */
export function recurrenceOf(component: Component | undefined): Recurring | undefined {
  const { timing } = component ?? {}
  return timing?.kind === 'scheduled' && timing.recurrence.kind === 'recurring' ? timing.recurrence : undefined
}

/**
 * The id of a component's instance: `@<component>_<scheduled start>`. A precondition that guards several components has one for each
 * of them, whose id names the guarded one as well.
 *
 * @source observed: 2.2
 */
export function instanceIdOf(component: Component, { start }: Occurrence, guarded?: ObjectId): ObjectId {
  const known = latestIds.get(component)
  if (known?.start === start && known.guarded === guarded) return known.id
  const id = objectId(`@${qualified(component.id, component, guarded)}_${formatInstant(start)}`)
  latestIds.set(component, { start, guarded, id })
  return id
}

/** The id that was last asked for of each component: whatever happens around an occurrence asks for it again and again. */
const latestIds = new WeakMap<
  Component,
  { readonly start: Instant; readonly guarded: ObjectId | undefined; readonly id: ObjectId }
>()

/**
 * Like the id, from the name of the component.
 *
 * @source observed: 2.3
 */
export const instanceNameOf = (component: Component, occurrence: Occurrence, guarded?: ObjectId): string =>
  `@${qualified(component.name, component, guarded)}_${formatInstant(occurrence.start)}`

function qualified(label: string, { guards }: Component, guarded: ObjectId | undefined): string {
  return guarded === undefined || guards.length <= 1 ? label : `${label}.${guarded}`
}

/**
 * The id of an attempt.
 *
 * @source observed: 2.2
 */
export const attemptIdOf = (instanceId: ObjectId, number: number): ObjectId =>
  objectId(`${instanceId}_Attempt=${number}`)

/** Reads an attempt id back; `undefined` for any other text. */
export function parseAttemptId(id: string): { readonly instanceId: ObjectId; readonly number: number } | undefined {
  const match = /^(@.+)_Attempt=([1-9]\d{0,8})$/s.exec(id)
  return match?.[1] === undefined ? undefined : { instanceId: objectId(match[1]), number: Number(match[2]) }
}
