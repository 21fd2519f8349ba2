import type { ObjectId } from '../definition/pipeline-object.ts'
import type { Instant } from '../instant.ts'
import type { Component } from '../lifecycle/component.ts'
import type { ActionCause, TimerKind } from '../lifecycle/event.ts'
import type { Attempt, Instance } from '../lifecycle/instance.ts'
import type { Concurrency } from './concurrency.ts'

/** An action that an instance has triggered. */
export type SimulatedAction = { readonly at: Instant; readonly action: ObjectId; readonly cause: ActionCause }

/** Where tasks are done: by the runners of a worker group, or on the machines of a resource. */
export type Workplace = {
  readonly kind: 'workerGroup' | 'resource'
  /** The name of the worker group, the id of the resource's component. */
  readonly name: string
  readonly tasks: Concurrency
}

/** A machine of a resource. */
export type SimulatedMachine = {
  readonly machineNumber: number
  /** When it was asked for. */
  readonly createdAt: Instant
  readonly upAt: Instant | undefined
  readonly goneAt: Instant | undefined
}

/** An instance in a simulation, with what has happened to it. There may be a million of them: lists are not made before they have something in them. */
export class SimulatedInstance {
  readonly component: Component
  /** What it had to wait for when it came to be. */
  readonly waitedFor: readonly ObjectId[]
  instance: Instance
  attempts: readonly Attempt[] = none
  actions: readonly SimulatedAction[] = none
  machines: readonly SimulatedMachine[] = none
  /** When it first did something: was handed out, was asked about, asked for a machine. */
  begunAt: Instant | undefined = undefined
  /** Its place among all instances in the order in which they ceased to wait; absent while it waits. */
  position: number | undefined = undefined
  /** The latest of its dependencies that let it go on. */
  releasedBy: ObjectId | undefined = undefined
  /** Where it has worked. */
  workplace: Workplace | undefined = undefined
  /** The machine that it has waited for. */
  awaitedMachine: ObjectId | undefined = undefined
  #timers: Map<TimerKind, Instant> | undefined = undefined

  constructor(instance: Instance, component: Component, waitedFor: readonly ObjectId[]) {
    this.instance = instance
    this.component = component
    this.waitedFor = waitedFor
  }

  /** When it ended; absent while it is open. */
  get endedAt(): Instant | undefined {
    return this.instance.state.kind === 'ended' ? this.instance.state.endedAt : undefined
  }

  setTimer(timer: TimerKind, at: Instant): void {
    this.#timers ??= new Map()
    this.#timers.set(timer, at)
  }

  clearTimer(timer: TimerKind): void {
    this.#timers?.delete(timer)
  }

  clearAllTimers(): void {
    this.#timers = undefined
  }

  /** Whether a timer is still set to this time. */
  hasTimer(timer: TimerKind, at: Instant): boolean {
    return this.#timers?.get(timer) === at
  }

  /** Keeps what is known of an attempt. */
  recordAttempt(attempt: Attempt): void {
    const others = this.attempts.filter(({ number }) => number !== attempt.number)
    this.attempts = [...others, attempt]
  }

  recordAction(action: SimulatedAction): void {
    this.actions = [...this.actions, action]
  }

  recordMachine(machine: SimulatedMachine): void {
    this.machines = [...this.machines, machine]
  }

  /** Keeps what has become of a machine that is not gone yet, and says when it was asked for. */
  changeMachine(
    machineNumber: number,
    change: Pick<Partial<SimulatedMachine>, 'upAt' | 'goneAt'>,
  ): Instant | undefined {
    const known = this.machines.find((machine) => machine.machineNumber === machineNumber)
    if (known === undefined || known.goneAt !== undefined) return undefined
    this.machines = this.machines.map((machine) => (machine === known ? { ...known, ...change } : machine))
    return known.createdAt
  }
}

const none: readonly never[] = []
