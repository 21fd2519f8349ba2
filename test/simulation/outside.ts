import type { Notification } from '../../src/engine/actions/act.ts'
import type { CheckResult } from '../../src/preconditions/precondition-check.ts'
import { type MachineRequest, ResourceFailure } from '../../src/resources/resource-provider.ts'
import type { Agenda } from './agenda.ts'
import type { Rates } from './scenario.ts'
import { SeededChance } from './seeded-chance.ts'

const minuteMs = 60_000

type Machine = {
  readonly id: string
  readonly workerGroup: string
  state: 'coming' | 'up' | 'lost'
  /** When it was lost, by the clock of the run, in milliseconds since the epoch. */
  lostAt: number | undefined
  /** Those who wait for it to come up. */
  readonly waiting: { resolve(): void; reject(error: Error): void }[]
  /** Ends its task runner. */
  stopRunner: () => void
}

/** What happens outside of the server: machines, what preconditions ask about, subscribers. It outlives servers. */
export class Outside {
  readonly #agenda: Agenda
  readonly #seed: number
  readonly #startRunner: (workerGroup: string) => () => void
  readonly #machines = new Map<string, Machine>()
  readonly notifications: Notification[] = []
  rates: Rates
  /** Told of machines that are lost, while there is a server. */
  onLost: ((machineId: string, reason: string) => void) | undefined
  #asked = 0

  constructor(parts: {
    agenda: Agenda
    seed: number
    rates: Rates
    startRunner: (workerGroup: string) => () => void
  }) {
    this.#agenda = parts.agenda
    this.#seed = parts.seed
    this.rates = parts.rates
    this.#startRunner = parts.startRunner
  }

  /** The machines that are there, with what they are. */
  get machines(): ReadonlyMap<string, Pick<Machine, 'state'>> {
    return this.#machines
  }

  /** The machines that have ended by themselves and are not put away, each with how long ago that was, in milliseconds. */
  get lostForMs(): ReadonlyMap<string, number> {
    const lost = [...this.#machines.values()].flatMap(({ id, lostAt }): readonly [string, number][] =>
      lostAt === undefined ? [] : [[id, this.#agenda.now - lostAt]],
    )
    return new Map(lost)
  }

  async create({ machineId, workerGroup }: MachineRequest): Promise<{ resourceId: string }> {
    const known = this.#machines.get(machineId)
    const machine = known ?? this.#begin(machineId, workerGroup)
    if (machine.state === 'lost') throw new ResourceFailure('it has ended')
    if (machine.state === 'coming') {
      await new Promise<void>((resolve, reject) => machine.waiting.push({ resolve, reject }))
    }
    return { resourceId: `i-${machineId}` }
  }

  async terminate(machineId: string): Promise<void> {
    const chance = this.#chance('terminate')
    await this.#agenda.pass(chance.between(100, minuteMs))
    if (chance.happens(this.rates.terminationFails)) throw new Error('injected: the machine cannot be reached')
    this.#destroy(machineId)
  }

  async adopt(machineIds: ReadonlySet<string>): Promise<void> {
    for (const machine of [...this.#machines.values()]) {
      if (!machineIds.has(machine.id)) this.#destroy(machine.id)
      else if (machine.state === 'lost') this.onLost?.(machine.id, 'it ended while no server was there')
    }
  }

  /** Ends a machine that is up without anybody having asked for it. */
  lose(pick: number): void {
    const up = [...this.#machines.values()].filter(({ state }) => state === 'up')
    const machine = up[pick % up.length]
    if (machine === undefined) return
    machine.state = 'lost'
    machine.lostAt = this.#agenda.now
    machine.stopRunner()
    this.onLost?.(machine.id, 'it ended by itself')
  }

  async check(): Promise<CheckResult> {
    const chance = this.#chance('check')
    await this.#agenda.pass(chance.between(10, minuteMs))
    if (chance.happens(this.rates.checkFails)) throw new Error('injected: it cannot be found out')
    return chance.happens(this.rates.checkNotYet) ? { kind: 'notYet', message: 'not yet' } : { kind: 'met' }
  }

  async publish(notification: Notification): Promise<void> {
    const chance = this.#chance('publish')
    const fails = chance.happens(this.rates.publishFails)
    await this.#agenda.pass(chance.between(10, 10_000))
    // It may also have been published by the time that the call fails.
    if (!fails || chance.happens(0.5)) this.notifications.push(notification)
    if (fails) throw new Error('injected: the topic cannot be reached')
  }

  #begin(machineId: string, workerGroup: string): Machine {
    const machine: Machine = {
      id: machineId,
      workerGroup,
      state: 'coming',
      lostAt: undefined,
      waiting: [],
      stopRunner: () => undefined,
    }
    this.#machines.set(machineId, machine)
    const chance = this.#chance('machine')
    if (chance.happens(this.rates.machineNever)) return machine
    const fails = chance.happens(this.rates.machineFails)
    const takesMs = chance.happens(this.rates.machineLate)
      ? chance.between(20 * minuteMs, 60 * minuteMs)
      : chance.between(5000, 8 * minuteMs)
    this.#agenda.after(takesMs, () => {
      if (this.#machines.get(machineId) !== machine) return
      if (fails) this.#destroy(machineId)
      else this.#comeUp(machine)
    })
    return machine
  }

  #comeUp(machine: Machine): void {
    machine.state = 'up'
    machine.stopRunner = this.#startRunner(machine.workerGroup)
    for (const { resolve } of machine.waiting.splice(0)) resolve()
  }

  #destroy(machineId: string): void {
    const machine = this.#machines.get(machineId)
    if (machine === undefined) return
    this.#machines.delete(machineId)
    machine.stopRunner()
    for (const { reject } of machine.waiting.splice(0)) reject(new ResourceFailure('it cannot be had'))
  }

  #chance(what: string): SeededChance {
    this.#asked += 1
    return new SeededChance(this.#seed, what, this.#asked)
  }
}
