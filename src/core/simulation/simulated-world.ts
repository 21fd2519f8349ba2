import { assertNever } from '../assert-never.ts'
import { type Instant, plusMs } from '../instant.ts'
import type { Command, Event } from '../lifecycle/event.ts'
import type { Plan } from '../lifecycle/plan.ts'
import { Concurrency } from './concurrency.ts'
import type { Happening } from './happening.ts'
import type { Outcomes } from './outcomes.ts'
import type { SimulatedInstance } from './simulated-instance.ts'
import type { SimulatedRunners } from './simulated-runners.ts'
import type { Timeline } from './timeline.ts'

type Place = {
  readonly plan: Plan
  readonly outcomes: Outcomes
  readonly runners: SimulatedRunners
  readonly timeline: Timeline<Happening>
}

/** Performs the commands of a simulated pipeline: notes down when what comes of them happens. */
export class SimulatedWorld {
  readonly machines = new Concurrency()
  readonly #place: Place

  constructor(place: Place) {
    this.#place = place
  }

  perform(command: Command, entry: SimulatedInstance, now: Instant): void {
    const { runners, timeline } = this.#place
    switch (command.kind) {
      case 'setTimer':
        this.#setTimer(entry, command, now)
        break
      case 'clearTimer':
        entry.clearTimer(command.timer)
        break
      case 'clearAllTimers':
        entry.clearAllTimers()
        break
      case 'recordAttempt':
        if (entry.instance.kind === 'task') runners.noteAttempt(entry, command.attempt, now)
        entry.recordAttempt(command.attempt)
        break
      case 'check':
        entry.begunAt ??= now
        timeline.add(now, { kind: 'check', entry })
        break
      case 'createMachine':
        this.#createMachine(entry, command.machineNumber, now)
        break
      case 'terminateMachine':
        timeline.add(now, { kind: 'machineGone', entry, machineNumber: command.machineNumber })
        break
      case 'act':
        this.#act(entry, command, now)
        break
      default:
        assertNever(command)
    }
  }

  /** What becomes of a machine that was asked for. */
  machineStarted(entry: SimulatedInstance, machineNumber: number, now: Instant): Event {
    const flaw = this.#place.outcomes.machineFlaw(entry)
    if (flaw !== undefined) return { kind: 'machineFailed', machineNumber, message: flaw.message }
    entry.changeMachine(machineNumber, { upAt: now })
    return { kind: 'machineUp', machineNumber, resourceId: `${entry.instance.id} ${machineNumber}` }
  }

  machineGone(entry: SimulatedInstance, machineNumber: number, now: Instant): Event {
    const createdAt = entry.changeMachine(machineNumber, { goneAt: now })
    if (createdAt !== undefined) this.machines.end(now, createdAt)
    return { kind: 'machineGone', machineNumber }
  }

  #setTimer(entry: SimulatedInstance, { timer, at }: Extract<Command, { kind: 'setTimer' }>, now: Instant): void {
    // A runner that reports in time never loses its lease.
    if (timer === 'leaseExpired') return
    const isCheck = timer === 'retryDue' || timer === 'recheckDue'
    const firesAt = isCheck ? this.#place.outcomes.checkOfUse(entry, at, now) : at
    if (firesAt === undefined) return
    entry.setTimer(timer, firesAt)
    this.#place.timeline.add(firesAt, { kind: 'timer', entry, timer, at: firesAt })
  }

  #createMachine(entry: SimulatedInstance, machineNumber: number, now: Instant): void {
    entry.begunAt ??= now
    entry.recordMachine({ machineNumber, createdAt: now, upAt: undefined, goneAt: undefined })
    this.machines.begin(now)
    const at = plusMs(now, this.#place.outcomes.machineStartMs(entry))
    this.#place.timeline.add(at, { kind: 'machineStart', entry, machineNumber })
  }

  #act(entry: SimulatedInstance, { action, cause }: Extract<Command, { kind: 'act' }>, now: Instant): void {
    entry.recordAction({ at: now, action, cause })
    const type = this.#place.plan.objects.get(action)?.type?.name
    if (type === 'Terminate') this.#place.timeline.add(now, { kind: 'terminate', entry })
  }
}
