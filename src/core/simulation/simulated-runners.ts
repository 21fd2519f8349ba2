import type { ObjectId } from '../definition/pipeline-object.ts'
import { type Instant, plusMs } from '../instant.ts'
import type { Event } from '../lifecycle/event.ts'
import type { Attempt } from '../lifecycle/instance.ts'
import type { Plan } from '../lifecycle/plan.ts'
import { type Taker, takerOf } from '../lifecycle/taker.ts'
import { Concurrency } from './concurrency.ts'
import type { Happening } from './happening.ts'
import type { Outcomes } from './outcomes.ts'
import type { SimulatedInstance, Workplace } from './simulated-instance.ts'
import type { Timeline } from './timeline.ts'

/** What task runners need to know. */
type Place = {
  readonly plan: Plan
  readonly outcomes: Outcomes
  readonly timeline: Timeline<Happening>
  /** The instance with this id, if it exists. */
  find(id: ObjectId): SimulatedInstance | undefined
}

/** Task runners, of which there are enough for every task at once, and which report in time. */
export class SimulatedRunners {
  readonly all = new Concurrency()
  readonly #workerGroups = new Map<string, Workplace>()
  readonly #resources = new Map<string, Workplace>()
  readonly #place: Place
  /** For each machine that is not up: who waits for it. */
  readonly #waiting = new Map<ObjectId, SimulatedInstance[]>()

  constructor(place: Place) {
    this.#place = place
  }

  get workplaces(): readonly Workplace[] {
    return [...this.#workerGroups.values(), ...this.#resources.values()]
  }

  /** Takes note of an attempt: one that is offered is asked for at once. */
  noteAttempt(entry: SimulatedInstance, attempt: Attempt, now: Instant): void {
    const before = entry.attempts.at(-1)
    if (attempt.status === 'WAITING_FOR_RUNNER') {
      this.#poll(entry, attempt.number, now)
    } else if (attempt.status === 'RUNNING') {
      this.all.begin(now)
      entry.workplace?.tasks.begin(now)
    } else if (before?.number === attempt.number && before.status === 'RUNNING') {
      this.all.end(now, before.startedAt ?? now)
      entry.workplace?.tasks.end(now, before.startedAt ?? now)
    }
  }

  /** Takes an attempt, if it is still offered and its machine is up; says what that means to its instance. */
  take(entry: SimulatedInstance, attemptNumber: number, now: Instant): Event | undefined {
    const { instance } = entry
    if (instance.state.kind !== 'queued' || instance.state.attempt.number !== attemptNumber) return undefined
    const { attempt } = instance.state
    const taker = takerOf(this.#place.plan, instance)
    if (taker.kind === 'nobody') return unrunnable('Service_NoTaskRunner', taker.reason)
    if (taker.kind === 'resource' && !this.#isUp(taker.instanceId)) {
      this.#await(taker.instanceId, entry)
      return undefined
    }
    const flaw = this.#place.outcomes.taskFlaw(entry, attempt)
    if (flaw !== undefined) return unrunnable(flaw.id, flaw.message)
    const taskId = `${instance.id} ${attemptNumber} ${attempt.handOuts}`
    entry.begunAt ??= now
    entry.workplace = this.#workplaceOf(taker)
    this.#place.timeline.add(plusMs(now, this.#place.outcomes.workMs(entry, now)), { kind: 'result', entry, taskId })
    return { kind: 'handOut', taskId, hostname: undefined }
  }

  /** What a runner reports; nothing if its task has been taken from it. */
  report(entry: SimulatedInstance, taskId: string, now: Instant): Event | undefined {
    const { state } = entry.instance
    if (state.kind !== 'running' || state.taskId !== taskId) return undefined
    return this.#place.outcomes.taskResult(entry, state.attempt, now)
  }

  /** A machine has come up: those that have waited for it ask again. */
  admit(machine: ObjectId, now: Instant): void {
    if (!this.#isUp(machine)) return
    for (const entry of this.#waiting.get(machine) ?? []) this.#poll(entry, entry.instance.attemptCount, now)
    this.#waiting.delete(machine)
  }

  #poll(entry: SimulatedInstance, attemptNumber: number, now: Instant): void {
    this.#place.timeline.add(now, { kind: 'poll', entry, attemptNumber })
  }

  #isUp(machine: ObjectId): boolean {
    return this.#place.find(machine)?.instance.state.kind === 'up'
  }

  #await(machine: ObjectId, entry: SimulatedInstance): void {
    entry.awaitedMachine = machine
    const known = this.#waiting.get(machine)
    if (known === undefined) this.#waiting.set(machine, [entry])
    else known.push(entry)
  }

  #workplaceOf(taker: Exclude<Taker, { kind: 'nobody' }>): Workplace {
    const isGroup = taker.kind === 'workerGroup'
    const name = isGroup ? taker.name : (this.#place.find(taker.instanceId)?.component.id ?? taker.instanceId)
    const known = isGroup ? this.#workerGroups : this.#resources
    const workplace = known.get(name) ?? { kind: taker.kind, name, tasks: new Concurrency() }
    known.set(name, workplace)
    return workplace
  }
}

const unrunnable = (id: string, message: string): Event => ({
  kind: 'unrunnable',
  error: { id, message, stackTrace: undefined },
})
