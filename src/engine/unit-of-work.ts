import { assertNever } from '../core/assert-never.ts'
import { type ObjectId, objectId } from '../core/definition/pipeline-object.ts'
import type { Instant } from '../core/instant.ts'
import { advance, isLegal } from '../core/lifecycle/advance.ts'
import { type Birth, dependenciesOf } from '../core/lifecycle/birth.ts'
import type { Component } from '../core/lifecycle/component.ts'
import type { Command, DependencyState, Event, Signal } from '../core/lifecycle/event.ts'
import type { Instance } from '../core/lifecycle/instance.ts'
import type { Plan } from '../core/lifecycle/plan.ts'
import type { ComponentRow, InstanceRow, PipelineId, PipelineRow } from '../store/rows.ts'
import type { Transaction } from '../store/store.ts'
import { type Accounts, accountBirth, accountChange, pipelineHealth } from './accounting.ts'
import { Changes, type Effects } from './changes.ts'
import type { Plans } from './plans.ts'
import { workerGroupOf } from './worker-group.ts'

/** The subject of a pipeline's own timers: no instance. */
export const ofPipeline = objectId('')

/** An event on its way to an instance. */
export type Delivery = { readonly id: ObjectId; readonly event: Event }

/**
 * One unit of work on one pipeline: loads what its events touch, lets it advance until no signal is left, and writes everything at
 * once. Its cost is that of what changes, whatever else is open.
 */
export class UnitOfWork {
  readonly transaction: Transaction
  readonly now: Instant
  readonly changes: Changes
  readonly #plans: Plans
  readonly #instances = new Map<ObjectId, InstanceRow>()
  readonly #changed = new Set<ObjectId>()
  readonly #components = new Map<ObjectId, ComponentRow>()
  readonly #changedComponents = new Set<ObjectId>()
  #pipeline: PipelineRow
  readonly #loadedPipeline: PipelineRow
  #isHealthStale = false

  constructor(place: { transaction: Transaction; plans: Plans; now: Instant; pipeline: PipelineRow }) {
    this.transaction = place.transaction
    this.now = place.now
    this.#plans = place.plans
    this.#pipeline = place.pipeline
    this.#loadedPipeline = place.pipeline
    this.changes = new Changes(place.pipeline.id)
  }

  get pipeline(): PipelineRow {
    return this.#pipeline
  }

  get pipelineId(): PipelineId {
    return this.#pipeline.id
  }

  setPipeline(change: Partial<PipelineRow>): void {
    this.#pipeline = { ...this.#pipeline, ...change }
  }

  /** The plan of the version in which the pipeline is active. */
  async activePlan(): Promise<Plan> {
    const { activeVersion } = this.#pipeline
    if (activeVersion === undefined) throw new Error(`${this.pipelineId} has never been activated.`)
    return await this.planOf(activeVersion)
  }

  async planOf(version: number): Promise<Plan> {
    return await this.#plans.planOf(this.#pipeline, version, this.transaction)
  }

  async instance(id: ObjectId): Promise<Instance | undefined> {
    return (await this.#instanceRow(id))?.instance
  }

  async component(id: ObjectId): Promise<ComponentRow> {
    const known = this.#components.get(id)
    if (known !== undefined) return known
    const row = (await this.transaction.findComponent(this.pipelineId, id)) ?? newComponent(this.pipelineId, id)
    this.#components.set(id, row)
    return row
  }

  async setComponent(id: ObjectId, change: Partial<ComponentRow>): Promise<void> {
    this.#components.set(id, { ...(await this.component(id)), ...change })
    this.#changedComponents.add(id)
  }

  /**
   * Stores new instances and lets them begin; those that exist already are left out. `eventFor` says what happens to each first:
   * it is created, or skipped.
   */
  async bear(births: readonly Birth[], eventFor: (birth: Birth) => 'created' | 'skip'): Promise<void> {
    const fresh = await this.#unknown(births)
    for (const birth of fresh) await this.#enter(birth)
    const failures: Delivery[] = []
    await this.transaction.insertDependencies(await this.#dependencyRows(fresh, failures))
    await this.deliver(fresh.map((birth) => ({ id: birth.instance.id, event: { kind: eventFor(birth) } })))
    await this.deliver(failures)
  }

  /** Delivers events, and the events that they lead to, until none is left. An event for an instance that is not there is dropped. */
  async deliver(deliveries: readonly Delivery[]): Promise<void> {
    const queue = [...deliveries]
    // The loop reaches what it appends: the events that an event leads to come after those that wait already.
    for (const delivery of queue) queue.push(...(await this.#take(delivery)))
  }

  /** Writes everything, and says what is to be done once it is durable. */
  async flush(): Promise<Effects> {
    const { transaction } = this
    if (this.#changed.size > 0) {
      const rows = [...this.#changed].flatMap((id) => this.#instances.get(id) ?? [])
      await transaction.saveInstances(rows)
    }
    if (this.#changedComponents.size > 0) {
      await transaction.saveComponents([...this.#changedComponents].flatMap((id) => this.#components.get(id) ?? []))
      await this.#refreshHealth()
    }
    if (this.#pipeline !== this.#loadedPipeline) await transaction.updatePipeline(this.#pipeline)
    return await this.changes.write(transaction)
  }

  async #instanceRow(id: ObjectId): Promise<InstanceRow | undefined> {
    const known = this.#instances.get(id)
    if (known !== undefined) return known
    const row = await this.transaction.findInstance(this.pipelineId, id)
    if (row !== undefined) this.#instances.set(id, row)
    return row
  }

  async #unknown(births: readonly Birth[]): Promise<readonly Birth[]> {
    const byId = new Map(births.map((birth) => [birth.instance.id, birth]))
    const existing = await this.transaction.findInstances(this.pipelineId, [...byId.keys()])
    for (const { instance } of existing) byId.delete(instance.id)
    return [...byId.values()].filter(({ instance }) => !this.#instances.has(instance.id))
  }

  async #enter({ instance, name }: Birth): Promise<void> {
    this.#instances.set(instance.id, { pipelineId: this.pipelineId, name, instance })
    this.#changed.add(instance.id)
    this.#account(
      accountBirth({ pipeline: this.#pipeline, component: await this.component(instance.componentId) }, instance),
    )
  }

  /** The edges of new instances. What they depend on may have ended already, or may not exist yet. */
  async #dependencyRows(births: readonly Birth[], failures: Delivery[]) {
    const targets = new Set(births.flatMap(({ dependencies }) => dependencies.map(({ targetId }) => targetId)))
    const missing = [...targets].filter((id) => !this.#instances.has(id))
    for (const row of await this.transaction.findInstances(this.pipelineId, missing))
      this.#instances.set(row.instance.id, row)
    return births.flatMap(({ instance, dependencies }) => {
      const states = dependencies.map(({ kind, targetId }) => (kind === 'runsOn' ? 'satisfied' : this.#known(targetId)))
      const openDependencies = states.filter((state) => state !== 'satisfied').length
      this.#replace({ ...instance, openDependencies })
      return dependencies.map(({ kind, targetId }, index) => {
        const isFailed = states[index] === 'failed'
        if (isFailed) failures.push(failedDependency(instance.id, targetId))
        const state = kind === 'runsOn' ? 'open' : (states[index] ?? 'open')
        return { pipelineId: this.pipelineId, dependentId: instance.id, targetId, kind, state }
      })
    })
  }

  #known(targetId: ObjectId): DependencyState {
    const state = this.#instances.get(targetId)?.instance.state
    if (state?.kind !== 'ended') return 'open'
    return state.status === 'FINISHED' || state.status === 'SKIPPED' ? 'satisfied' : 'failed'
  }

  async #take({ id, event }: Delivery): Promise<readonly Delivery[]> {
    const before = await this.instance(id)
    if (before === undefined) return []
    const plan = await this.planOf(before.version)
    const component = plan.components.get(before.componentId)
    if (component === undefined) throw new Error(`${id} belongs to no component of version ${before.version}.`)
    const { isPaused } = await this.component(component.id)
    const { next, commands, signals } = advance(
      { instance: before, policy: component.policy, isPaused },
      event,
      this.now,
    )
    this.#replace(next)
    await this.#accountFor(before, next, plan)
    if (next.state.kind === 'ended' && component.maxActiveInstances !== undefined) this.#makeRoom()
    for (const command of commands) this.#note(command, next, { plan, component })
    const deliveries: Delivery[] = []
    for (const signal of signals) deliveries.push(...(await this.#route(signal, next, { plan, component })))
    return deliveries
  }

  #replace(instance: Instance): void {
    const row = this.#instances.get(instance.id)
    if (row === undefined || row.instance === instance) return
    this.#instances.set(instance.id, { ...row, instance })
    this.#changed.add(instance.id)
  }

  async #accountFor(before: Instance, after: Instance, plan: Plan): Promise<void> {
    const type = plan.objects.get(after.componentId)?.type
    const isSame = before.state.kind !== 'ended' && after.state.kind !== 'ended'
    if (type === undefined || isSame || before.state === after.state) return
    const component = await this.component(after.componentId)
    this.#account(accountChange({ pipeline: this.#pipeline, component }, { before, after, type }, this.now))
  }

  #account({ pipeline, component }: Accounts): void {
    this.#pipeline = pipeline
    if (component.health !== this.#components.get(component.id)?.health) this.#isHealthStale = true
    this.#components.set(component.id, component)
    this.#changedComponents.add(component.id)
  }

  /** An instance has ended of a component that may only have so many: the schedule looks whether another one is due. */
  #makeRoom(): void {
    if (this.#pipeline.state !== 'SCHEDULED') return
    this.setPipeline({ nextRunAt: this.now })
    this.changes.setTimer(ofPipeline, 'schedule', this.now)
  }

  #note(command: Command, instance: Instance, place: { plan: Plan; component: Component }): void {
    switch (command.kind) {
      case 'setTimer':
        this.changes.setTimer(instance.id, command.timer, command.at)
        break
      case 'clearTimer':
        this.changes.clearTimer(instance.id, command.timer)
        break
      case 'clearAllTimers':
        this.changes.clearAllTimers(instance.id)
        break
      case 'recordAttempt':
        this.changes.recordAttempt({
          pipelineId: this.pipelineId,
          instanceId: instance.id,
          componentId: instance.componentId,
          scheduledStart: instance.occurrence.start,
          scheduledEnd: instance.occurrence.end,
          workerGroup: instance.kind === 'task' ? workerGroupOf(place.plan, instance) : undefined,
          queuedAt: this.now,
          attempt: command.attempt,
        })
        break
      // What is left goes out to the world.
      default:
        this.changes.command(instance.id, command)
    }
  }

  /** Turns a signal into events for the instances that it is meant for. */
  async #route(
    signal: Signal,
    from: Instance,
    { plan, component }: { plan: Plan; component: Component },
  ): Promise<readonly Delivery[]> {
    const around = dependenciesOf(plan, component, from.occurrence)
    switch (signal.kind) {
      case 'dependents':
        return await this.#tellDependents(from.id, signal.to)
      case 'resource':
        return around.flatMap(({ kind, targetId }) =>
          kind === 'runsOn' ? [{ id: targetId, event: signal.event }] : [],
        )
      case 'preconditions': {
        const ids = around.flatMap(({ kind, targetId }) => (kind === 'precondition' ? [targetId] : []))
        return await this.#thoseThatCan(ids, signal.event)
      }
      case 'users': {
        const dependents = await this.transaction.listDependents(this.pipelineId, from.id)
        const ids = dependents.flatMap(({ kind, dependentId }) => (kind === 'runsOn' ? [dependentId] : []))
        return await this.#thoseThatCan(ids, signal.event)
      }
      default:
        return assertNever(signal)
    }
  }

  async #tellDependents(targetId: ObjectId, to: DependencyState): Promise<readonly Delivery[]> {
    const rows = await this.transaction.listDependents(this.pipelineId, targetId)
    const deliveries: Delivery[] = []
    for (const { dependentId, kind, state } of rows) {
      if (kind === 'runsOn') continue
      const from = this.changes.dependencyState(dependentId, targetId) ?? state
      if (from === to) continue
      this.changes.setDependency({ dependentId, targetId, state: to })
      deliveries.push({ id: dependentId, event: { kind: 'dependency', source: targetId, from, to } })
    }
    return deliveries
  }

  /** Events that reach only those in whose state they have a meaning; what is done already is not set back. */
  async #thoseThatCan(ids: readonly ObjectId[], event: Event): Promise<readonly Delivery[]> {
    const deliveries: Delivery[] = []
    for (const id of ids) {
      const instance = await this.instance(id)
      const isDone = instance?.state.kind === 'ended' && instance.state.status === 'FINISHED'
      const spares = isDone && event.kind === 'rerun' && event.by === 'cascade'
      if (instance !== undefined && !spares && isLegal(instance, event)) deliveries.push({ id, event })
    }
    return deliveries
  }

  async #refreshHealth(): Promise<void> {
    if (!this.#isHealthStale) return
    const health = pipelineHealth(await this.transaction.listComponents(this.pipelineId))
    if (health !== this.#pipeline.health) this.setPipeline({ health, healthUpdatedAt: this.now })
  }
}

const failedDependency = (id: ObjectId, source: ObjectId): Delivery => ({
  id,
  event: { kind: 'dependency', source, from: 'open', to: 'failed' },
})

const newComponent = (pipelineId: PipelineId, id: ObjectId): ComponentRow => ({
  pipelineId,
  id,
  isPaused: false,
  nextIndex: 0,
  activeInstances: 0,
  health: undefined,
  healthInstanceId: undefined,
  healthUpdatedAt: undefined,
  latestRunAt: undefined,
  latestCompletedRunAt: undefined,
})
