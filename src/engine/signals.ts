import { assertNever } from '../core/assert-never.ts'
import type { ObjectId } from '../core/definition/pipeline-object.ts'
import type { Delivery } from '../core/lifecycle/delivery.ts'
import type { DependencyState, Signal } from '../core/lifecycle/event.ts'
import type { Instance } from '../core/lifecycle/instance.ts'
import type { Plan } from '../core/lifecycle/plan.ts'
import { dependentDeliveries, neighbourDeliveries, userDeliveries } from '../core/lifecycle/signals.ts'
import { isToCome, scheduledUsersOf } from '../core/lifecycle/users-to-come.ts'
import type { ComponentRow, PipelineRow } from '../store/rows.ts'
import type { Transaction } from '../store/store.ts'
import type { Changes } from './changes.ts'
import { dependenciesFirst } from './rerun-order.ts'

/** What is known around an instance: the unit of work in which it changes. */
export type Surroundings = {
  readonly pipeline: PipelineRow
  readonly transaction: Transaction
  readonly changes: Changes
  activePlan(): Promise<Plan>
  component(id: ObjectId): Promise<ComponentRow>
}

/** Turns a signal of an instance into events for the instances that it is meant for. */
export async function deliveriesOf(
  around: Surroundings,
  signal: Signal,
  { from, plan }: { readonly from: Instance; readonly plan: Plan },
): Promise<readonly Delivery[]> {
  switch (signal.kind) {
    case 'dependents':
      return await toDependents(around, from.id, signal.to)
    case 'resource':
    case 'preconditions':
      return neighbourDeliveries(plan, from, signal)
    case 'idle':
      return (await hasUsersToCome(around, from)) ? [] : [{ id: from.id, event: { kind: 'unneeded' } }]
    case 'users':
      return await toUsers(around, from.id, signal)
    default:
      return assertNever(signal)
  }
}

async function toDependents(
  around: Surroundings,
  targetId: ObjectId,
  to: DependencyState,
): Promise<readonly Delivery[]> {
  const stored = await around.transaction.listDependents(around.pipeline.id, targetId)
  const edges = stored.map((edge) => ({
    ...edge,
    state: around.changes.dependencyState(edge.dependentId, targetId) ?? edge.state,
  }))
  const deliveries = dependentDeliveries(edges, to)
  for (const { id } of deliveries) around.changes.setDependency({ dependentId: id, targetId, state: to })
  return deliveries
}

/** Users that are rerun begin one after the other, in the order in which they depend on one another. */
async function toUsers(
  around: Surroundings,
  resourceId: ObjectId,
  signal: Extract<Signal, { kind: 'users' }>,
): Promise<readonly Delivery[]> {
  const { pipeline, transaction } = around
  const deliveries = userDeliveries(await transaction.listDependents(pipeline.id, resourceId), signal)
  if (signal.event.kind !== 'rerun') return deliveries
  const ids = deliveries.map(({ id }) => id)
  const ordered = await dependenciesFirst(transaction, pipeline.id, ids)
  return ordered.map((id) => ({ id, event: signal.event, condition: 'ifLegal', turn: 'whenQuiet' }))
}

/** Whether the schedules have instances to come that will run on this resource. None come while the pipeline is not active. */
async function hasUsersToCome(around: Surroundings, { componentId, occurrence }: Instance): Promise<boolean> {
  if (around.pipeline.state !== 'SCHEDULED') return false
  const plan = await around.activePlan()
  const component = plan.components.get(componentId)
  if (component === undefined) return false
  for (const scheduled of scheduledUsersOf(plan, component)) {
    const { nextIndex } = await around.component(scheduled.leader.id)
    if (isToCome(plan, { component, occurrence }, { ...scheduled, nextIndex })) return true
  }
  return false
}
