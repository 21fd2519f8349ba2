import { assertNever } from '../assert-never.ts'
import type { ObjectId } from '../definition/pipeline-object.ts'
import type { Instant } from '../instant.ts'
import {
  accountBirth,
  accountChange,
  type ComponentAccount,
  emptyAccount,
  type PipelineAccount,
} from '../lifecycle/accounting.ts'
import { advance, isLegal } from '../lifecycle/advance.ts'
import type { Birth } from '../lifecycle/birth.ts'
import type { Component } from '../lifecycle/component.ts'
import type { Delivery } from '../lifecycle/delivery.ts'
import { onDemandBirths, type Progress, takeDue } from '../lifecycle/due-instances.ts'
import { distinctBirths, enter, stateForDependents } from '../lifecycle/entry.ts'
import type { Command, DependencyState, Signal } from '../lifecycle/event.ts'
import type { Instance } from '../lifecycle/instance.ts'
import { advancePipeline, type PipelineEvent, type PipelineLife } from '../lifecycle/pipeline.ts'
import type { Plan } from '../lifecycle/plan.ts'
import { dependentDeliveries, type Edge, neighbourDeliveries, userDeliveries } from '../lifecycle/signals.ts'
import { isToCome, scheduledUsersOf } from '../lifecycle/users-to-come.ts'
import type { Beginning } from './beginning.ts'
import { SimulatedInstance } from './simulated-instance.ts'

/** The one version of the definition. */
const version = 1

/** What a simulated pipeline leaves to be done: by the world, or by its own schedule. */
export type Surroundings = {
  perform(command: Command, entry: SimulatedInstance, now: Instant): void
  /** Lets the schedule look for due instances. */
  wakeSchedule(at: Instant): void
}

type ComponentState = Progress & ComponentAccount

/** One active pipeline, in memory: a shell around `advance` as the engine is, with maps in place of the store. */
export class SimulatedPipeline {
  /** In the order in which they came to be. */
  readonly instances = new Map<ObjectId, SimulatedInstance>()
  readonly #plan: Plan
  readonly #beginning: Beginning
  readonly #around: Surroundings
  /** What depends on each instance, existing or not, and does not know yet that it is satisfied; what runs on a resource always. */
  readonly #dependents = new Map<ObjectId, Edge[]>()
  readonly #components = new Map<ObjectId, ComponentState>()
  #life: PipelineLife & PipelineAccount = unborn
  #positions = 0

  constructor(plan: Plan, beginning: Beginning, around: Surroundings) {
    this.#plan = plan
    this.#beginning = beginning
    this.#around = around
    for (const id of plan.components.keys()) {
      this.#components.set(id, { ...newComponent, nextIndex: beginning.indexes.get(id) ?? 0 })
    }
  }

  get life(): PipelineLife & PipelineAccount {
    return this.#life
  }

  /** Everything that still keeps an instance waiting. */
  openDependencies(): ReadonlyMap<ObjectId, readonly ObjectId[]> {
    const open = new Map<ObjectId, ObjectId[]>()
    for (const { dependentId, targetId, kind, state } of [...this.#dependents.values()].flat()) {
      if (kind === 'runsOn' || state === 'satisfied') continue
      const known = open.get(dependentId)
      if (known === undefined) open.set(dependentId, [targetId])
      else known.push(targetId)
    }
    return open
  }

  activate(now: Instant): void {
    const runs = this.#plan.isOnDemand ? 'onDemand' : 'bySchedule'
    this.#advanceLife({ kind: 'activate', runs }, now)
    if (runs === 'bySchedule') return
    const births = onDemandBirths(this.#plan, { occurrence: { start: now, end: now }, version, now })
    this.#bear(births, now)
    this.#settle(now)
  }

  /** Makes the instances that are due. */
  makeDueInstances(now: Instant): void {
    if (this.#life.nextRunAt === undefined || this.#life.nextRunAt > now) return
    const { births, nextIndexes, next } = takeDue(this.#plan, {
      progress: this.#components,
      version,
      now,
      startAt: undefined,
      birthsMax: Number.POSITIVE_INFINITY,
    })
    for (const [id, nextIndex] of nextIndexes) this.#components.set(id, { ...this.#component(id), nextIndex })
    this.#life = { ...this.#life, nextRunAt: next }
    if (next !== undefined) this.#around.wakeSchedule(next)
    this.#bear(births, now)
    this.#settle(now)
  }

  /** Delivers events, and the events that they lead to, until none is left. */
  deliver(deliveries: readonly Delivery[], now: Instant): void {
    this.#deliver([...deliveries], now)
    this.#settle(now)
  }

  #deliver(queue: Delivery[], now: Instant): void {
    // The loop reaches what it appends: the events that an event leads to come after those that wait already.
    for (const delivery of queue) this.#take(delivery, queue, now)
  }

  /** While something is open, a pipeline at work stays at work. */
  #settle(now: Instant): void {
    const isIdle = this.#life.openInstances === 0
    if (isIdle || this.#life.state !== 'SCHEDULED') this.#advanceLife({ kind: isIdle ? 'idle' : 'busy' }, now)
  }

  #advanceLife(event: PipelineEvent, now: Instant): void {
    const transition = advancePipeline(this.#life, event, now)
    if (transition.kind === 'refused') throw new Error(`A simulated pipeline cannot take ${event.kind}.`)
    this.#life = { ...this.#life, ...transition.next }
    for (const { kind, timer } of transition.commands) {
      if (kind === 'setTimer' && timer === 'schedule') this.#around.wakeSchedule(now)
    }
  }

  #bear(births: readonly Birth[], now: Instant): void {
    const fresh = [...distinctBirths(births).values()].filter(({ instance }) => !this.instances.has(instance.id))
    const { instances, edges, deliveries } = enter(fresh, {
      dependencyState: (id) =>
        this.instances.has(id) || !this.#beginning.isPast(id)
          ? stateForDependents(this.instances.get(id)?.instance)
          : 'satisfied',
      usersOf: (id) => this.#usersOf(id),
      eventFor: () => 'created',
    })
    const open = edges.filter(({ state }) => state !== 'satisfied')
    const waits = new Map<ObjectId, ObjectId[]>()
    for (const { dependentId, targetId, kind } of open) if (kind !== 'runsOn') addTo(waits, dependentId, targetId)
    for (const edge of open) addTo(this.#dependents, edge.targetId, edge)
    for (const { instance } of instances) this.#add(instance, waits.get(instance.id) ?? nothing)
    this.#deliver([...deliveries], now)
  }

  #add(instance: Instance, waitedFor: readonly ObjectId[]): void {
    const component = this.#plan.components.get(instance.componentId)
    if (component === undefined) throw new Error(`${instance.id} belongs to no component.`)
    this.instances.set(instance.id, new SimulatedInstance(instance, component, waitedFor))
    const accounts = { pipeline: this.#life, component: this.#component(component.id) }
    this.#account(component.id, accountBirth(accounts, instance))
  }

  #usersOf(resource: ObjectId) {
    return (this.#dependents.get(resource) ?? []).flatMap(({ kind, dependentId }) =>
      kind === 'runsOn' ? (this.instances.get(dependentId)?.instance ?? []) : [],
    )
  }

  #take({ id, event, condition }: Delivery, queue: Delivery[], now: Instant): void {
    const entry = this.instances.get(id)
    if (entry === undefined || (condition === 'ifLegal' && !isLegal(entry.instance, event))) return
    const { component, instance: before } = entry
    const { next, commands, signals } = advance(
      { instance: before, policy: component.policy, isPaused: false },
      event,
      now,
    )
    entry.instance = next
    if (next.state.kind !== 'waiting') entry.position ??= this.#positions++
    if (event.kind === 'dependency' && event.to === 'satisfied') entry.releasedBy = event.source
    this.#accountFor(component, { before, after: next }, now)
    if (next.state.kind === 'ended' && component.maxActiveInstances !== undefined) this.#makeRoom(component, now)
    for (const command of commands) this.#around.perform(command, entry, now)
    for (const signal of signals) queue.push(...this.#deliveriesOf(signal, entry))
  }

  #deliveriesOf(signal: Signal, { instance, component }: SimulatedInstance): readonly Delivery[] {
    const { id, occurrence } = instance
    switch (signal.kind) {
      case 'dependents': {
        const edges = this.#dependents.get(id) ?? []
        this.#keepDependents(id, edges, signal.to)
        return dependentDeliveries(edges, signal.to)
      }
      case 'resource':
      case 'preconditions':
        return neighbourDeliveries(this.#plan, instance, signal)
      case 'users':
        return userDeliveries(this.#dependents.get(id) ?? [], signal)
      case 'idle': {
        const isAwaited = scheduledUsersOf(this.#plan, component).some((scheduled) => {
          const { nextIndex } = this.#component(scheduled.leader.id)
          return isToCome(this.#plan, { component, occurrence }, { ...scheduled, nextIndex })
        })
        return isAwaited ? [] : [{ id, event: { kind: 'unneeded' } }]
      }
      default:
        return assertNever(signal)
    }
  }

  /** Nothing that was satisfied is undone in a simulation: it need not be kept. */
  #keepDependents(id: ObjectId, edges: readonly Edge[], state: DependencyState): void {
    const kept = edges.filter(({ kind }) => kind === 'runsOn' || state !== 'satisfied')
    if (kept.length === 0) this.#dependents.delete(id)
    else
      this.#dependents.set(
        id,
        kept.map((edge) => (edge.kind === 'runsOn' ? edge : { ...edge, state })),
      )
  }

  /** An instance has ended of a component that may only have so many: the schedule looks whether another one is due. */
  #makeRoom({ timing }: Component, now: Instant): void {
    if (timing.kind !== 'scheduled' || timing.recurrence.kind === 'onDemand') return
    this.#life = { ...this.#life, nextRunAt: now }
    this.#around.wakeSchedule(now)
  }

  #accountFor(
    { id }: Component,
    { before, after }: { readonly before: Instance; readonly after: Instance },
    now: Instant,
  ): void {
    const type = this.#plan.objects.get(id)?.type
    const isSame = before.state.kind !== 'ended' && after.state.kind !== 'ended'
    if (type === undefined || isSame || before.state === after.state) return
    const accounts = { pipeline: this.#life, component: this.#component(id) }
    this.#account(id, accountChange(accounts, { before, after, type }, now))
  }

  #account(
    id: ObjectId,
    { pipeline, component }: { readonly pipeline: PipelineLife & PipelineAccount; readonly component: ComponentState },
  ): void {
    this.#life = pipeline
    this.#components.set(id, component)
  }

  #component(id: ObjectId): ComponentState {
    return this.#components.get(id) ?? newComponent
  }
}

function addTo<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const known = lists.get(key)
  if (known === undefined) lists.set(key, [value])
  else known.push(value)
}

const nothing: readonly never[] = []

const newComponent: ComponentState = { nextIndex: 0, ...emptyAccount }

const unborn: PipelineLife & PipelineAccount = {
  state: 'PENDING',
  openInstances: 0,
  latestRunAt: undefined,
  nextRunAt: undefined,
  lastActivatedAt: undefined,
  lastDeactivatedAt: undefined,
  deletionRequestedAt: undefined,
  finishedAt: undefined,
}
