import { isA, type ObjectType } from '../catalog/object-type.ts'
import type { ObjectId } from '../definition/pipeline-object.ts'
import type { Instant } from '../instant.ts'
import type { EndStatus, Instance } from './instance.ts'

/** Whether the latest ends of instances were successes. */
export type Health = 'HEALTHY' | 'ERROR'

/** What is counted of the instances of a pipeline. */
export type PipelineAccount = {
  /** Instances that have not ended. */
  readonly openInstances: number
  /** The scheduled start of the latest run that has begun. */
  readonly latestRunAt: Instant | undefined
}

/** What is counted of the instances of one component. */
export type ComponentAccount = {
  /** Instances that have not ended, but for those that are rerun. */
  readonly activeInstances: number
  readonly health: Health | undefined
  readonly healthInstanceId: ObjectId | undefined
  readonly healthUpdatedAt: Instant | undefined
  /** The scheduled start of the latest instance. */
  readonly latestRunAt: Instant | undefined
  /** The scheduled start of the latest instance that finished. */
  readonly latestCompletedRunAt: Instant | undefined
}

/** What is counted of a component before it has instances. */
export const emptyAccount: ComponentAccount = {
  activeInstances: 0,
  health: undefined,
  healthInstanceId: undefined,
  healthUpdatedAt: undefined,
  latestRunAt: undefined,
  latestCompletedRunAt: undefined,
}

/** What is counted of a pipeline and of one of its components, whatever else the caller keeps with it. */
export type Accounts<P extends PipelineAccount, C extends ComponentAccount> = {
  readonly pipeline: P
  readonly component: C
}

/** Keeps the counts when an instance has come to be. */
export function accountBirth<P extends PipelineAccount, C extends ComponentAccount>(
  { pipeline, component }: Accounts<P, C>,
  instance: Instance,
): Accounts<P, C> {
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
export function accountChange<P extends PipelineAccount, C extends ComponentAccount>(
  accounts: Accounts<P, C>,
  change: { readonly before: Instance; readonly after: Instance; readonly type: ObjectType },
  now: Instant,
): Accounts<P, C> {
  const { before, after } = change
  const opened = Number(isOpen(after)) - Number(isOpen(before))
  const activated = Number(isActive(after)) - Number(isActive(before))
  const { pipeline, component } = accounts
  const counted: Accounts<P, C> = {
    pipeline: { ...pipeline, openInstances: pipeline.openInstances + opened },
    component: { ...component, activeInstances: component.activeInstances + activated },
  }
  return after.state.kind === 'ended' && after.state !== before.state ? accountEnd(counted, change, now) : counted
}

const isOpen = ({ state }: Instance): boolean => state.kind !== 'ended'

/**
 * @source guide: dp-object-copyactivity (reruns do not count towards maxActiveInstances)
 */
const isActive = (instance: Instance): boolean => isOpen(instance) && instance.isRerun !== true

/**
 * Whether the run on demand of an instance is still running because of it. A precondition runs only as long as what it guards is open.
 *
 * @source guide: dp-concepts-schedules
 */
export const isOfOpenRun = (instance: Instance): boolean =>
  isActive(instance) && instance.nodeId === undefined && instance.occurrence.start === instance.occurrence.end

/**
 * @source guide: dp-interpret-health-status
 */
function accountEnd<P extends PipelineAccount, C extends ComponentAccount>(
  { pipeline, component }: Accounts<P, C>,
  { after, type }: { readonly after: Instance; readonly type: ObjectType },
  now: Instant,
): Accounts<P, C> {
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
export function pipelineHealth(components: readonly Pick<ComponentAccount, 'health'>[]): Health | undefined {
  const known = components.flatMap(({ health }) => health ?? [])
  return known.includes('ERROR') ? 'ERROR' : known[0]
}

const later = (known: Instant | undefined, found: Instant): Instant =>
  known === undefined || found > known ? found : known
