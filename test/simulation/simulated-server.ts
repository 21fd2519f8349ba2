import type { Logger } from 'pino'
import { performOperation } from '../../src/api/operations.ts'
import { defaultLimits } from '../../src/core/definition/limits.ts'
import { instant } from '../../src/core/instant.ts'
import type { Clock } from '../../src/engine/clock.ts'
import { createEngine, type RunningEngine } from '../../src/engine/create-engine.ts'
import type { World } from '../../src/engine/performers.ts'
import type { Store } from '../../src/store/store.ts'
import { ServiceException } from '../../src/wire/errors.ts'
import type { Input, OperationName } from '../../src/wire/inputs.ts'
import type { Output } from '../../src/wire/outputs.ts'
import type { Agenda } from './agenda.ts'
import type { Faults } from './faults.ts'
import type { Ledger } from './ledger.ts'
import type { Outside } from './outside.ts'
import type { SeededChance } from './seeded-chance.ts'
import type { Say } from './trace.ts'
import { watchStore } from './watched-store.ts'

/** What comes of a call; `lost` when no answer comes, whatever the server has done. */
export type Outcome<Name extends OperationName> =
  | { readonly kind: 'answer'; readonly output: Output<Name> | undefined }
  | { readonly kind: 'refused'; readonly error: Error }
  | { readonly kind: 'lost' }

/** What a server is made of, and who hears of it. */
export type ServerParts = {
  readonly agenda: Agenda
  readonly chance: SeededChance
  readonly ledger: Ledger
  readonly outside: Outside
  readonly faults: Faults
  readonly log: Logger
  readonly openStore: () => Promise<Store>
  /** Something that must never happen. */
  onViolation(text: string): void
  onUnit(mark: number): void
  onCommit(): void
  onRollback(): void
  readonly say: Say
}

/** The longest that something waits for a turn of the event loop, in milliseconds: others may arrive meanwhile. */
const turnMaxMs = 15

/** One process of the server, from its start to its end. */
type Life = {
  readonly engine: RunningEngine
  readonly number: number
  isReady: boolean
  isOver: boolean
  /** Ends the calls that have no answer yet. */
  readonly calls: Set<() => void>
}

/** The real server but for HTTP: its operations, its engine, its store. It crashes and starts again. */
export class SimulatedServer {
  readonly #parts: ServerParts
  #life: Life | undefined
  #lives = 0
  #store: Store | undefined
  /** How far the clock of the machine is from that of the run, in milliseconds. */
  #skewMs = 0
  /** Since when, by the clock of the run, nothing has kept the server from its work; `undefined` while it is down. */
  #wellSince: number | undefined
  /** How long the server is down after the crash that comes next. */
  #downMs = 0

  constructor(parts: ServerParts) {
    this.#parts = parts
  }

  /** The time of the machine's clock. */
  get now(): number {
    return this.#parts.agenda.now + this.#skewMs
  }

  /** For how long the server has been up with nothing wrong around it, in milliseconds. */
  get wellForMs(): number {
    return this.#wellSince === undefined ? 0 : this.#parts.agenda.now - this.#wellSince
  }

  /** Something goes wrong around the server: it may be late with what is due. */
  disturb(): void {
    if (this.#wellSince !== undefined) this.#wellSince = this.#parts.agenda.now
  }

  setClock(byMs: number): void {
    this.#skewMs += byMs
    this.disturb()
  }

  async start(): Promise<void> {
    if (this.#life !== undefined) return
    this.#lives += 1
    this.#store ??= await this.#parts.openStore()
    const life = this.#createLife(this.#store)
    this.#life = life
    this.#parts.outside.onLost = undefined
    this.#parts.say(() => `server ${life.number} starts`)
    try {
      await life.engine.start()
    } catch (error) {
      if (!life.isOver) this.#parts.onViolation(`the engine does not start: ${String(error)}`)
      return
    }
    // It may have crashed with the first thing that it took up.
    if (life.isOver) return
    life.isReady = true
    this.#wellSince = this.#parts.agenda.now
  }

  /** The process ends at once; it is started again after `downMs` milliseconds. */
  crash(downMs: number): void {
    const life = this.#life
    if (life === undefined) return
    this.#parts.say(() => `server ${life.number} crashes`)
    this.#end(life)
    this.#parts.agenda.after(downMs, () => void this.start())
  }

  /** The process is told to end; it is started again after `downMs` milliseconds. */
  async restart(downMs: number): Promise<void> {
    const life = this.#life
    if (life?.isReady !== true) return
    this.#parts.say(() => `server ${life.number} stops`)
    this.#wellSince = undefined
    await life.engine.stop()
    if (life.isOver) return
    this.#end(life)
    this.#parts.agenda.after(downMs, () => void this.start())
  }

  /** The run is over, and with it whatever the server was about to do. */
  async close(): Promise<void> {
    if (this.#life !== undefined) this.#end(this.#life)
    await this.#store?.close()
  }

  /** Performs an operation, if there is a server to do it. */
  async perform<Name extends OperationName>(
    name: Name,
    input: Input<Name>,
    signal: AbortSignal,
  ): Promise<Outcome<Name>> {
    const life = this.#life
    if (life?.isReady !== true) return { kind: 'lost' }
    const { engine } = life
    const caller = { userId: 'user', accountId: 'account' }
    const context = { engine, caller, abandoned: () => signal }
    return await new Promise((resolve) => {
      const lose = () => resolve({ kind: 'lost' })
      life.calls.add(lose)
      const settle = (outcome: Outcome<Name>) => {
        life.calls.delete(lose)
        resolve(outcome)
      }
      performOperation({ name, body: JSON.stringify(input) }, context).then(
        (output) => settle({ kind: 'answer', output }),
        (error: Error) => {
          this.#judgeError(name, error)
          settle({ kind: 'refused', error })
        },
      )
    })
  }

  /** Whether an error in the log, or of an operation, is one that was made on purpose. */
  #judgeError(name: string, error: Error): void {
    if (error instanceof ServiceException || error.message.startsWith('injected')) return
    if (this.#wellSince === undefined && error.message === 'The engine has been stopped.') return
    this.#parts.onViolation(`${name} fails: ${error.stack ?? error.message}`)
  }

  #end(life: Life): void {
    life.isOver = true
    this.#life = undefined
    this.#wellSince = undefined
    this.#parts.outside.onLost = undefined
    for (const lose of life.calls) lose()
  }

  #createLife(store: Store): Life {
    const { chance, log } = this.#parts
    const state = { isReady: false, isOver: false, number: this.#lives, calls: new Set<() => void>() }
    const engine = createEngine({
      store: this.#watchedStore(store, state),
      clock: this.#clock(state),
      chance,
      world: this.#world(state),
      limits: defaultLimits,
      defaults: { retryDelayMs: 600_000, recheckDelayMs: 420_000 },
      log,
    })
    return Object.assign(state, { engine })
  }

  #watchedStore(store: Store, life: Pick<Life, 'isOver'>): Store {
    const { agenda, faults, ledger, onUnit, onCommit, onRollback } = this.#parts
    return watchStore(store, {
      ledger,
      isCutOff: () => life.isOver,
      fateOfNext: () => {
        const fate = faults.fateOfTransaction(agenda.now, (downMs) => {
          this.#downMs = downMs
        })
        if (fate === 'full' || fate === 'fullAtWrite') this.disturb()
        return fate
      },
      crash: () => this.crash(this.#downMs),
      onUnit,
      onCommit,
      onRollback,
    })
  }

  #clock(life: Pick<Life, 'isOver'>): Clock {
    const { agenda, chance } = this.#parts
    return {
      now: () => instant(this.now),
      after: (delayMs, wake) =>
        // A delay of nothing is a turn of the event loop, which takes as long as the others' work takes.
        agenda.after(delayMs === 0 ? chance.below(turnMaxMs) : delayMs, () => {
          if (!life.isOver) wake()
        }),
    }
  }

  #world(life: Pick<Life, 'isOver'>): World {
    const { outside } = this.#parts
    const beyond = <T>(call: () => Promise<T>) => this.#callOutside(life, call)
    return {
      checkPrecondition: async () => await beyond(() => outside.check()),
      publisher: { publish: async (notification) => await beyond(() => outside.publish(notification)) },
      provider: {
        create: async (request) => await beyond(() => outside.create(request)),
        terminate: async (machineId) => await beyond(() => outside.terminate(machineId)),
        adopt: async (machineIds) => await beyond(() => outside.adopt(machineIds)),
        onLost: (listener) => {
          outside.onLost = (machineId, reason) => {
            if (!life.isOver) listener(machineId, reason)
          }
        },
        stop: async () => undefined,
      },
    }
  }

  /** A call of the world by one process: nothing of it reaches the world, or comes back, once the process has ended. */
  async #callOutside<T>(life: Pick<Life, 'isOver'>, call: () => Promise<T>): Promise<T> {
    const crash = life.isOver ? undefined : this.#parts.faults.crashAtCall()
    if (crash?.place === 'before') this.crash(crash.downMs)
    if (life.isOver) return await new Promise<T>(() => undefined)
    try {
      return await call()
    } finally {
      if (crash?.place === 'after' && !life.isOver) this.crash(crash.downMs)
      // Whoever has called is dead, and never learns how it went.
      if (life.isOver) await new Promise<never>(() => undefined)
    }
  }
}
