import type { ObjectId } from '../definition/pipeline-object.ts'
import type { LinkKind } from './component.ts'
import type { Delivery } from './delivery.ts'
import { machineOf, type Place, placeOf, preconditionsOf } from './dependencies.ts'
import type { DependencyState, Event, Signal } from './event.ts'
import type { Instance } from './instance.ts'
import type { Plan } from './plan.ts'

/** That one instance depends on another, which may not exist yet, and what it knows of it. */
export type Edge = {
  readonly dependentId: ObjectId
  readonly targetId: ObjectId
  readonly kind: LinkKind
  /** Always `open` for `runsOn`, which is nothing to wait for. */
  readonly state: DependencyState
}

/** The delivery with which a dependent learns what has become of an instance. */
export type DependencyDelivery = Delivery & { readonly event: Extract<Event, { kind: 'dependency' }> }

/** What the dependents of an instance are told; those that know already are not. The caller keeps what each of them knows. */
export const dependentDeliveries = (edges: readonly Edge[], to: DependencyState): readonly DependencyDelivery[] =>
  edges.flatMap(({ dependentId, targetId, kind, state: from }) =>
    kind === 'runsOn' || from === to
      ? []
      : [{ id: dependentId, event: { kind: 'dependency', source: targetId, from, to } }],
  )

/** What everything that runs on a resource is told. */
export const userDeliveries = (
  edges: readonly Edge[],
  { event }: Extract<Signal, { kind: 'users' }>,
): readonly Delivery[] =>
  edges.flatMap(({ kind, dependentId }) => (kind === 'runsOn' ? [whereLegal(dependentId, event)] : []))

/** What the resource of an instance is told, or its preconditions. */
export function neighbourDeliveries(
  plan: Plan,
  from: Instance,
  signal: Extract<Signal, { kind: 'resource' | 'preconditions' }>,
): readonly Delivery[] {
  const place = placeIn(plan, from)
  if (signal.kind === 'preconditions') return preconditionsOf(plan, place).map((id) => whereLegal(id, signal.event))
  const machine = machineOf(plan, place)
  return machine === undefined ? [] : [{ id: machine, event: signal.event }]
}

/** The users of a resource, and preconditions, are in states of their own; in some of them the event has no meaning. */
const whereLegal = (id: ObjectId, event: Event): Delivery => ({ id, event, condition: 'ifLegal' })

function placeIn(plan: Plan, instance: Instance): Place {
  const place = placeOf(plan, instance)
  if (place === undefined) throw new Error(`${instance.id} belongs to no component of version ${instance.version}.`)
  return place
}
