import { assertNever } from '../core/assert-never.ts'
import { type ObjectId, objectId } from '../core/definition/pipeline-object.ts'
import type { Instant } from '../core/instant.ts'
import {
  accountBirth,
  accountChange,
  emptyAccount,
  isFailedPrecondition,
  pipelineHealth,
} from '../core/lifecycle/accounting.ts'
import { advance, isLegal } from '../core/lifecycle/advance.ts'
import { recurrenceOf } from '../core/lifecycle/component.ts'
import type { Delivery } from '../core/lifecycle/delivery.ts'
import type { Command, Event } from '../core/lifecycle/event.ts'
import type { Attempt, Instance } from '../core/lifecycle/instance.ts'
import { componentOfInstance, type Plan } from '../core/lifecycle/plan.ts'
import { takerOf } from '../core/lifecycle/taker.ts'
import type { ComponentRow, InstanceRow, PipelineId, PipelineRow } from '../store/rows.ts'
import type { Transaction } from '../store/store.ts'
import { Changes, type Effects } from './changes.ts'
import { DeliveryQueue } from './delivery-queue.ts'
import type { Plans } from './plans.ts'
import { deliveriesOf } from './signals.ts'
import { workerGroupOf } from './worker-group.ts'

/** The subject of a pipeline's own timers: no instance. */
export const ofPipeline = objectId('')

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
  #adopted: { readonly version: number; readonly plan: Plan } | undefined
  readonly #loadedPipeline: PipelineRow
  #isHealthStale = false
  #hasAllComponents = false

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
    if (this.#adopted?.version === version) return this.#adopted.plan
    return await this.#plans.planOf(this.#pipeline, version, this.transaction)
  }

  /** Uses a plan whose definition this very unit of work stores: nobody else may see it before that is durable. */
  adoptPlan(version: number, plan: Plan): void {
    this.#adopted = { version, plan }
  }

  async instance(id: ObjectId): Promise<Instance | undefined> {
    return (await this.#instanceRow(id))?.instance
  }

  /** The instances under these ids, as far as they exist, read at once. */
  async load(ids: readonly ObjectId[]): Promise<readonly Instance[]> {
    const missing = ids.filter((id) => !this.#instances.has(id))
    const rows = missing.length === 0 ? [] : await this.transaction.findInstances(this.pipelineId, missing)
    for (const row of rows) this.#instances.set(row.instance.id, row)
    return ids.flatMap((id) => this.#instances.get(id)?.instance ?? [])
  }

  async component(id: ObjectId): Promise<ComponentRow> {
    const known = this.#components.get(id)
    if (known !== undefined) return known
    const found = this.#hasAllComponents ? undefined : await this.transaction.findComponent(this.pipelineId, id)
    const row = found ?? newComponent(this.pipelineId, id)
    this.#components.set(id, row)
    return row
  }

  /** Reads all components at once, for those who need most of them. */
  async loadComponents(): Promise<void> {
    if (this.#hasAllComponents) return
    for (const row of await this.transaction.listComponents(this.pipelineId)) {
      if (!this.#components.has(row.id)) this.#components.set(row.id, row)
    }
    this.#hasAllComponents = true
  }

  async setComponent(id: ObjectId, change: Partial<ComponentRow>): Promise<void> {
    this.#components.set(id, { ...(await this.component(id)), ...change })
    this.#changedComponents.add(id)
  }

  /** Takes in an instance that has come to be. */
  async enter(row: InstanceRow): Promise<void> {
    const { instance } = row
    this.#instances.set(instance.id, row)
    this.#changed.add(instance.id)
    const component = await this.component(instance.componentId)
    this.#account(accountBirth({ pipeline: this.#pipeline, component }, instance))
  }

  /** Delivers events, and the events that they lead to, until none is left. An event for an instance that is not there is dropped. */
  async deliver(deliveries: readonly Delivery[]): Promise<void> {
    const queue = new DeliveryQueue(deliveries)
    for (const delivery of queue) queue.add(await this.#take(delivery))
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

  async #take({ id, event, condition }: Delivery): Promise<readonly Delivery[]> {
    const before = await this.instance(id)
    if (before === undefined || (condition === 'ifLegal' && !isLegal(before, event))) return []
    const plan = await this.planOf(before.version)
    const component = plan.components.get(before.componentId)
    if (component === undefined) throw new Error(`${id} belongs to no component of version ${before.version}.`)
    const { isPaused } = await this.component(component.id)
    const { next, commands, signals } = advance(
      { instance: before, policy: component.policy, isPaused },
      await this.#informed(event, before),
      this.now,
    )
    if (before.state.kind === 'ended' && next.state !== before.state) this.changes.takeBackEnd(id)
    this.#replace(next)
    await this.#accountFor(before, next, plan)
    if (next.state.kind === 'ended') await this.#makeRoom(next.componentId)
    const deliveries: Delivery[] = []
    for (const command of commands) deliveries.push(...this.#note(command, next, plan))
    for (const signal of signals) {
      for (const delivery of await deliveriesOf(this, signal, { from: next, plan })) deliveries.push(delivery)
    }
    return deliveries
  }

  /** The event with what only the rows say: on which dependency, preconditions aside, something fails again that is to go on. */
  async #informed(event: Event, { id, failedDependencies }: Instance): Promise<Event> {
    const mayFailAgain = (event.kind === 'rerun' || event.kind === 'reactivate') && failedDependencies > 0
    if (!mayFailAgain) return event
    const edges = await this.transaction.listDependencies(this.pipelineId, id)
    const failed = edges.find(
      ({ targetId, kind, state }) =>
        kind !== 'runsOn' &&
        kind !== 'precondition' &&
        (this.changes.dependencyState(id, targetId) ?? state) === 'failed',
    )
    return { ...event, failedOn: failed?.targetId }
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
    const guarded = after.nodeId === undefined ? undefined : componentOfInstance(plan, after.nodeId)
    if (guarded === undefined || !isFailedPrecondition(after, type)) return
    await this.setComponent(guarded.id, { health: 'ERROR', healthInstanceId: after.id, healthUpdatedAt: this.now })
    this.#isHealthStale = true
  }

  #account({ pipeline, component }: { readonly pipeline: PipelineRow; readonly component: ComponentRow }): void {
    this.#pipeline = pipeline
    if (component.health !== this.#components.get(component.id)?.health) this.#isHealthStale = true
    this.#components.set(component.id, component)
    this.#changedComponents.add(component.id)
  }

  /** An instance has ended of a component that may only have so many by now: the schedule looks whether another one is due. */
  async #makeRoom(id: ObjectId): Promise<void> {
    if (this.#pipeline.state !== 'SCHEDULED') return
    const component = (await this.activePlan()).components.get(id)
    if (component?.maxActiveInstances === undefined || recurrenceOf(component) === undefined) return
    this.setPipeline({ nextRunAt: this.now })
    this.changes.setTimer(ofPipeline, 'schedule', this.now)
  }

  /** Notes what is to be done. An attempt that nobody could ever take fails at once. */
  #note(command: Command, instance: Instance, plan: Plan): readonly Delivery[] {
    switch (command.kind) {
      case 'setTimer':
        this.changes.setTimer(instance.id, command.timer, command.at)
        return []
      case 'clearTimer':
        this.changes.clearTimer(instance.id, command.timer)
        return []
      case 'clearAllTimers':
        this.changes.clearAllTimers(instance.id)
        return []
      case 'recordAttempt':
        return this.#noteAttempt(command.attempt, instance, plan)
      case 'check':
      case 'createMachine':
      case 'terminateMachine':
      case 'act':
        this.changes.command(instance.id, command)
        return []
      default:
        return assertNever(command)
    }
  }

  #noteAttempt(attempt: Attempt, instance: Instance, plan: Plan): readonly Delivery[] {
    const taker = instance.kind === 'task' ? takerOf(plan, instance) : undefined
    this.changes.recordAttempt({
      pipelineId: this.pipelineId,
      instanceId: instance.id,
      componentId: instance.componentId,
      scheduledStart: instance.occurrence.start,
      scheduledEnd: instance.occurrence.end,
      workerGroup: taker === undefined ? undefined : workerGroupOf(this.pipelineId, taker),
      queuedAt: this.now,
      attempt,
    })
    if (taker?.kind !== 'nobody' || attempt.status !== 'WAITING_FOR_RUNNER') return []
    const error = { id: 'Service_NoTaskRunner', message: taker.reason, stackTrace: undefined }
    // It may have ended otherwise by the time that this arrives.
    return [{ id: instance.id, event: { kind: 'unrunnable', error }, condition: 'ifLegal' }]
  }

  async #refreshHealth(): Promise<void> {
    if (!this.#isHealthStale) return
    const health = pipelineHealth(await this.transaction.listComponents(this.pipelineId))
    if (health !== this.#pipeline.health) this.setPipeline({ health, healthUpdatedAt: this.now })
  }
}

const newComponent = (pipelineId: PipelineId, id: ObjectId): ComponentRow => ({
  pipelineId,
  id,
  isPaused: false,
  nextIndex: 0,
  ...emptyAccount,
})
