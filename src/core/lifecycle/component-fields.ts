import { objectType } from '../catalog/catalog.ts'
import { isRunnable } from '../catalog/object-type.ts'
import { defaultObjectId } from '../definition/effective-object.ts'
import { type Field, type ObjectId, textField } from '../definition/pipeline-object.ts'
import { formatInstant, type Instant } from '../instant.ts'
import { occurrenceAt } from '../schedule/occurrence.ts'
import type { ComponentAccount } from './accounting.ts'
import type { Component } from './component.ts'
import type { Plan } from './plan.ts'
import { scheduledLeadersOf } from './users-to-come.ts'

/** What is counted of a component, and how far its schedule has come. */
export type ComponentProgress = ComponentAccount & { readonly isPaused: boolean; readonly nextIndex: number }

/** The pipeline of a component, as far as the fields of components show it. */
export type ComponentSurroundings = {
  readonly plan: Plan
  /** The version of the definition that is active. */
  readonly version: number
  /** Whether the pipeline makes instances. */
  readonly isScheduled: boolean
  readonly firstActivatedAt: Instant | undefined
  readonly lastDeactivatedAt: Instant | undefined
  /** Nothing is known of a component that never had an instance. */
  progressOf(id: ObjectId): ComponentProgress | undefined
}

/**
 * The fields that the service sets on an object of the active definition. `Default` shows its sphere only; preconditions, which have no
 * schedule, have no fields about runs.
 *
 * @source observed: 4.1; guide: dp-pipeline-objects
 */
export function componentFields(id: ObjectId, around: ComponentSurroundings): readonly Field[] {
  if (id === defaultObjectId) return [sphere]
  const { plan } = around
  const component = plan.components.get(id)
  const common = [sphere, textField('@version', String(around.version)), textField('@pipelineId', plan.pipelineId)]
  if (component !== undefined) return [...common, ...runFields(component, around)]
  const isSchedule = plan.objects.get(id)?.type?.name === 'Schedule'
  return isSchedule ? [...common, ...moment('@firstActivationTime', around.firstActivatedAt)] : common
}

/**
 * The fields that the service sets on an object of a pipeline that has never been activated.
 *
 * @source observed: 4.1
 */
export function pendingFields(typeName: string | undefined): readonly Field[] {
  const type = typeName === undefined ? undefined : objectType(typeName)
  return type !== undefined && isRunnable(type) ? [sphere, textField('@status', 'PENDING')] : [sphere]
}

const sphere: Field = textField('@sphere', 'COMPONENT')

function runFields(component: Component, around: ComponentSurroundings): readonly Field[] {
  const progress = around.progressOf(component.id)
  const status = textField('@status', progress?.isPaused === true ? 'PAUSED' : 'SCHEDULED')
  if (component.guards.length > 0) return [status]
  return [
    status,
    ...moment('@latestRunTime', progress?.latestRunAt),
    ...moment('@latestCompletedRunTime', progress?.latestCompletedRunAt),
    ...moment('@nextRunTime', around.isScheduled ? nextRunAt(component, around) : undefined),
    ...moment('@lastDeactivatedTime', around.lastDeactivatedAt),
    ...text('@healthStatus', progress?.health),
    ...text('@healthStatusFromInstanceId', progress?.healthInstanceId),
    ...moment('@healthStatusUpdatedTime', progress?.healthUpdatedAt),
  ]
}

/** The scheduled start of the next instance of a component: its own, or that of the first that it follows. */
export function nextRunAt(
  component: Component,
  { plan, progressOf }: Pick<ComponentSurroundings, 'plan' | 'progressOf'>,
): Instant | undefined {
  const starts = scheduledLeadersOf(plan, component).flatMap(({ id, timing }) => {
    if (timing.kind !== 'scheduled' || timing.recurrence.kind !== 'recurring') return []
    return occurrenceAt(timing.recurrence, progressOf(id)?.nextIndex ?? 0)?.start ?? []
  })
  return starts.reduce<Instant | undefined>(
    (first, start) => (first === undefined || start < first ? start : first),
    undefined,
  )
}

const moment = (key: string, value: Instant | undefined): readonly Field[] =>
  text(key, value === undefined ? undefined : formatInstant(value))

const text = (key: string, value: string | undefined): readonly Field[] =>
  value === undefined ? [] : [textField(key, value)]
