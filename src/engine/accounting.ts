import { isA, type ObjectType } from '../core/catalog/object-type.ts'
import type { Instant } from '../core/instant.ts'
import type { EndStatus, Instance } from '../core/lifecycle/instance.ts'
import type { ComponentRow, Health, PipelineRow } from '../store/rows.ts'

/** What is counted of the instances of a pipeline. */
export type Accounts = { readonly pipeline: PipelineRow; readonly component: ComponentRow }

/** Keeps the counts when an instance has come to be. */
export function accountBirth({ pipeline, component }: Accounts, instance: Instance): Accounts {
  const { start } = instance.occurrence
  return {
    pipeline: {
      ...pipeline,
      openInstances: pipeline.openInstances + 1,
      latestRunAt: later(pipeline.latestRunAt, start),
    },
    component: {
      ...component,
      activeInstances: component.activeInstances + 1,
      latestRunAt: later(component.latestRunAt, start),
    },
  }
}

/** Keeps the counts and the health when an instance has changed. */
export function accountChange(
  accounts: Accounts,
  change: { readonly before: Instance; readonly after: Instance; readonly type: ObjectType },
  now: Instant,
): Accounts {
  const { before, after } = change
  const opened = Number(after.state.kind !== 'ended') - Number(before.state.kind !== 'ended')
  const { pipeline, component } = accounts
  const counted: Accounts = {
    pipeline: { ...pipeline, openInstances: pipeline.openInstances + opened },
    component: { ...component, activeInstances: component.activeInstances + opened },
  }
  return after.state.kind === 'ended' && after.state !== before.state ? accountEnd(counted, change, now) : counted
}

/**
 * @source guide: dp-interpret-health-status
 */
function accountEnd(
  { pipeline, component }: Accounts,
  { after, type }: { readonly after: Instance; readonly type: ObjectType },
  now: Instant,
): Accounts {
  if (after.state.kind !== 'ended') return { pipeline, component }
  const { status } = after.state
  const start = after.occurrence.start
  const completed =
    status === 'FINISHED' ? later(component.latestCompletedRunAt, start) : component.latestCompletedRunAt
  const health = countsForHealth(type) ? healthOf(status) : undefined
  if (health === undefined) return { pipeline, component: { ...component, latestCompletedRunAt: completed } }
  return {
    pipeline,
    component: {
      ...component,
      latestCompletedRunAt: completed,
      health,
      healthInstanceId: after.id,
      healthUpdatedAt: now,
    },
  }
}

/**
 * A precondition that has failed is an error of what it guards.
 *
 * @source guide: dp-interpret-health-status
 */
export const isFailedPrecondition = ({ state }: Instance, type: ObjectType): boolean =>
  isA(type, 'Precondition') && state.kind === 'ended' && state.status === 'FAILED'

const countsForHealth = (type: ObjectType): boolean => isA(type, 'Activity') || isA(type, 'DataNode')

/** What an end says about health; one that was only taken along says nothing. */
function healthOf(status: EndStatus): Health | undefined {
  if (status === 'FINISHED') return 'HEALTHY'
  return status === 'FAILED' || status === 'TIMEDOUT' || status === 'CANCELED' ? 'ERROR' : undefined
}

/** The health of a pipeline: any error wins; without a completed run there is none. */
export function pipelineHealth(components: readonly ComponentRow[]): Health | undefined {
  const known = components.flatMap(({ health }) => health ?? [])
  return known.includes('ERROR') ? 'ERROR' : known[0]
}

const later = (known: Instant | undefined, found: Instant): Instant =>
  known === undefined || found > known ? found : known
