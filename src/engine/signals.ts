import { assertNever } from '../core/assert-never.ts'
import type { ObjectId } from '../core/definition/pipeline-object.ts'
import { machineOf, type Place, placeOf, preconditionsOf } from '../core/lifecycle/dependencies.ts'
import type { DependencyState, Event, Signal } from '../core/lifecycle/event.ts'
import type { Instance } from '../core/lifecycle/instance.ts'
import type { Plan } from '../core/lifecycle/plan.ts'
import { isToCome, scheduledUsersOf } from '../core/lifecycle/users-to-come.ts'
import type { ComponentRow, PipelineRow } from '../store/rows.ts'
import type { Transaction } from '../store/store.ts'
import type { Changes } from './changes.ts'
import type { Delivery } from './delivery.ts'

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
    case 'resource': {
      const machine = machineOf(plan, placeIn(plan, from))
      return machine === undefined ? [] : [{ id: machine, event: signal.event }]
    }
    case 'idle':
      return (await hasUsersToCome(around, from)) ? [] : [{ id: from.id, event: { kind: 'unneeded' } }]
    case 'preconditions':
      return preconditionsOf(plan, placeIn(plan, from)).map((id) => whereLegal(id, signal.event))
    case 'users': {
      const edges = await around.transaction.listDependents(around.pipeline.id, from.id)
      return edges.flatMap(({ kind, dependentId }) =>
        kind === 'runsOn' ? [whereLegal(dependentId, signal.event)] : [],
      )
    }
    default:
      return assertNever(signal)
  }
}

/** The users of a resource, and preconditions, are in states of their own; in some of them the event has no meaning. */
const whereLegal = (id: ObjectId, event: Event): Delivery => ({ id, event, condition: 'ifLegal' })

function placeIn(plan: Plan, instance: Instance): Place {
  const place = placeOf(plan, instance)
  if (place === undefined) throw new Error(`${instance.id} belongs to no component of version ${instance.version}.`)
  return place
}

async function toDependents(
  around: Surroundings,
  targetId: ObjectId,
  to: DependencyState,
): Promise<readonly Delivery[]> {
  const edges = await around.transaction.listDependents(around.pipeline.id, targetId)
  return edges.flatMap(({ dependentId, kind, state }): readonly Delivery[] => {
    const from = around.changes.dependencyState(dependentId, targetId) ?? state
    if (kind === 'runsOn' || from === to) return []
    around.changes.setDependency({ dependentId, targetId, state: to })
    return [{ id: dependentId, event: { kind: 'dependency', source: targetId, from, to } }]
  })
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
