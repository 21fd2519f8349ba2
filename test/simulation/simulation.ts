import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { assertNever } from '../../src/core/assert-never.ts'
import { openSqliteStore } from '../../src/store/sqlite/open-sqlite-store.ts'
import type { Store } from '../../src/store/store.ts'
import { Agenda } from './agenda.ts'
import { Faults } from './faults.ts'
import { Judge } from './judge.ts'
import { Ledger } from './ledger.ts'
import { Network } from './network.ts'
import { Operator } from './operator.ts'
import { Outside } from './outside.ts'
import { workerGroups } from './random-definition.ts'
import { calm, type Happening, type Scenario } from './scenario.ts'
import { SeededChance } from './seeded-chance.ts'
import { SimulatedServer } from './simulated-server.ts'
import { TaskRunner } from './task-runner.ts'
import { Trace } from './trace.ts'

/** When a run begins: 2026-01-01T00:00:00Z, milliseconds since the epoch. */
const startMs = Date.UTC(2026, 0, 1)

/** How long the users wait between two looks at what is left, in milliseconds. */
const tidyEveryMs = 20 * 60_000

/** How long after all is left alone calls may still arrive that were delayed, in milliseconds. */
const stragglersMs = 50 * 60_000

/** Looks after which everything must be over: more than the longest schedule and all retries take. */
const tidiesMax = 1000

/** The most events of a run: one that goes on for longer goes round in circles. */
const eventsMax = 60_000

/** What a run has come to. */
export type Verdict = {
  /** What is broken, in the order in which it was found; empty if nothing is. */
  readonly violations: readonly string[]
  readonly trace: readonly string[]
  readonly commits: number
  readonly events: number
}

/** How a run is watched. */
export type Watching = {
  /**
   * @defaultValue dropped
   */
  readonly trace?: 'kept' | 'dropped'
  /**
   * The events after which a run is given up, as one that has no end.
   *
   * @defaultValue {@link eventsMax}
   */
  readonly eventsMost?: number
}

/** Runs a scenario to its end, or to the first law that is broken. */
export async function simulate(scenario: Scenario, watching: Watching = {}): Promise<Verdict> {
  const folder = scenario.store === 'disk' ? await mkdtemp(join(tmpdir(), 'millrace-simulation-')) : undefined
  const simulation = new Simulation({ scenario, folder, watching })
  try {
    return await simulation.run()
  } finally {
    if (folder !== undefined) await rm(folder, { recursive: true })
  }
}

type Run = {
  readonly scenario: Scenario
  /** Where the database lies; absent for one in memory. */
  readonly folder: string | undefined
  readonly watching: Watching
}

class Simulation {
  readonly #scenario: Scenario
  readonly #agenda: Agenda
  readonly #ledger = new Ledger()
  readonly #faults = new Faults()
  readonly #outside: Outside
  readonly #server: SimulatedServer
  readonly #network: Network
  readonly #operator: Operator
  readonly #judge: Judge
  readonly #trace: Trace
  readonly #eventsMost: number
  readonly #violations: string[] = []
  #store: Store | undefined
  #runners = 0
  #commits = 0
  #events = 0

  constructor({ scenario, folder, watching }: Run) {
    this.#eventsMost = watching.eventsMost ?? eventsMax
    const { seed, rates, definitions } = scenario
    this.#scenario = scenario
    const chanceOf = (what: string) => new SeededChance(seed, what)
    this.#agenda = new Agenda(startMs, chanceOf('agenda'))
    this.#trace = new Trace(() => this.#agenda.now, watching.trace ?? 'dropped')
    const { say } = this.#trace
    const agenda = this.#agenda
    const faults = this.#faults
    const ledger = this.#ledger
    this.#outside = new Outside({ agenda, seed, rates, startRunner: (workerGroup) => this.#startRunner(workerGroup) })
    this.#server = new SimulatedServer({
      agenda,
      chance: chanceOf('server'),
      ledger,
      outside: this.#outside,
      faults,
      log: pino({ level: 'error' }, { write: (line) => this.#readLog(line) }),
      openStore: async () => await this.#openStore(folder),
      onViolation: (text) => this.#violate([text]),
      onUnit: (mark) => this.#violate(this.#judge.judgeUnit(mark)),
      onCommit: () => this.#onCommit(),
      onRollback: () => this.#judge.forgetPending(),
      say,
    })
    this.#network = new Network({ agenda, server: this.#server, faults, chance: chanceOf('network'), say })
    this.#operator = new Operator({ agenda, network: this.#network, ledger, definitions })
    this.#judge = new Judge({ ledger, server: this.#server, outside: this.#outside, operator: this.#operator, say })
  }

  async run(): Promise<Verdict> {
    const { happenings, hecticMs, runners } = this.#scenario
    void this.#server.start()
    for (const workerGroup of workerGroups) {
      for (let count = 0; count < runners; count += 1) this.#startRunner(workerGroup)
    }
    for (const happening of happenings) this.#agenda.after(happening.afterMs, () => this.#happen(happening))
    await this.#until(() => this.#agenda.now >= startMs + hecticMs)
    this.#calmDown()
    let isOver = false
    const tidyUp = async (): Promise<void> => {
      for (let tidies = 0; tidies < tidiesMax && !isOver; tidies += 1) {
        const isTidy = await this.#operator.tidyUp()
        isOver = isTidy && this.#agenda.now >= startMs + hecticMs + stragglersMs
        await this.#agenda.pass(tidyEveryMs)
      }
      if (!isOver) this.#violate(this.#judge.whyNotOver())
    }
    void tidyUp()
    await this.#until(() => isOver)
    if (this.#violations.length === 0) await this.#end()
    await this.#server.close()
    return { violations: this.#violations, trace: this.#trace.lines, commits: this.#commits, events: this.#events }
  }

  /** Everything is over: nothing may be left. */
  async #end(): Promise<void> {
    const until = this.#agenda.now + 2 * tidyEveryMs
    await this.#until(() => this.#agenda.now >= until)
    if (this.#violations.length === 0 && this.#store !== undefined)
      this.#violate(await this.#judge.judgeEnd(this.#store))
  }

  /** Lets things happen until something is the case, or a law is broken. */
  async #until(isReached: () => boolean): Promise<void> {
    while (!isReached() && this.#violations.length === 0) {
      this.#events += 1
      if (this.#events > this.#eventsMost) this.#violate(['there is no end of it'])
      const { nextAt } = this.#agenda
      if (nextAt !== undefined && nextAt > this.#agenda.now) this.#violate(this.#judge.judgeMoment())
      if (!(await this.#agenda.step())) this.#violate(['nothing happens any more'])
    }
  }

  #happen(happening: Happening): void {
    this.#trace.say(() => `happens: ${JSON.stringify(happening)}`)
    switch (happening.kind) {
      case 'crash':
        this.#server.crash(happening.downMs)
        break
      case 'restart':
        void this.#server.restart(happening.downMs)
        break
      case 'network':
        if (happening.fault === 'abandoned') this.#judge.hasAbandonedPolls = true
        this.#faults.arm(happening)
        break
      case 'crashAtCommit':
      case 'crashAtCall':
        this.#faults.arm(happening)
        break
      case 'loseMachine':
        this.#outside.lose(happening.pick)
        break
      case 'fillDisk':
        this.#faults.diskFullUntil = this.#agenda.now + happening.forMs
        break
      case 'setClock':
        this.#server.setClock(happening.byMs)
        break
      case 'create':
      case 'setStatus':
      case 'deactivate':
      case 'activate':
      case 'edit':
      case 'delete':
      case 'look':
        void this.#operator.act(happening)
        break
      default:
        assertNever(happening)
    }
  }

  /** Nothing goes wrong any more. */
  #calmDown(): void {
    this.#trace.say(() => 'all is left alone')
    this.#faults.disarm()
    this.#outside.rates = calm
    this.#server.disturb()
  }

  #startRunner(workerGroup: string): () => void {
    this.#runners += 1
    const runner = new TaskRunner({
      agenda: this.#agenda,
      network: this.#network,
      seed: this.#scenario.seed,
      workerGroup,
      hostname: `host-${this.#runners}`,
      rates: () => this.#outside.rates,
      onWord: (taskId, word) => this.#judge.results.add(`${taskId} ${word}`),
    })
    void runner.run()
    return () => runner.stop()
  }

  async #openStore(folder: string | undefined): Promise<Store> {
    this.#store = await openSqliteStore({ file: folder === undefined ? ':memory:' : join(folder, 'millrace.db') })
    return this.#store
  }

  #onCommit(): void {
    this.#commits += 1
    this.#violate(this.#judge.judgeCommit())
  }

  #readLog(line: string): void {
    if (!line.includes('injected')) this.#violate([`the log says ${line}`])
  }

  #violate(violations: readonly string[]): void {
    for (const violation of violations) {
      this.#trace.say(() => `BROKEN: ${violation}`)
      this.#violations.push(violation)
    }
  }
}
