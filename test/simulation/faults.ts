import type { Deed, NetworkFault } from './scenario.ts'
import type { Fate } from './watched-store.ts'

type Crash = Extract<Deed, { kind: 'crashAtCommit' | 'crashAtCall' }>

type Armed<D> = { readonly deed: D; left: number }

/** The faults that wait for the moment at which they strike. */
export class Faults {
  #crashes: Armed<Crash>[] = []
  #network: Armed<Extract<Deed, { kind: 'network' }>>[] = []
  /** Until when the disk is full, by the clock of the run. */
  diskFullUntil = 0
  /** Transactions that a full disk has not taken: every second one is refused in the middle. */
  #refused = 0

  arm(deed: Crash | Extract<Deed, { kind: 'network' }>): void {
    if (deed.kind === 'network') this.#network.push({ deed, left: deed.skip })
    else this.#crashes.push({ deed, left: deed.skip })
  }

  /** Nothing strikes any more. */
  disarm(): void {
    this.#crashes = []
    this.#network = []
    this.diskFullUntil = 0
  }

  /** What becomes of the next transaction; `onCrash` is told for how long the server is down then. */
  fateOfTransaction(now: number, onCrash: (downMs: number) => void): Fate {
    const crash = this.#strike(this.#crashes, ({ kind }) => kind === 'crashAtCommit')
    if (crash !== undefined) {
      onCrash(crash.downMs)
      return crash.place === 'before' ? 'crashBefore' : 'crashAfter'
    }
    if (now >= this.diskFullUntil) return 'commit'
    this.#refused += 1
    return this.#refused % 2 === 0 ? 'full' : 'fullAtWrite'
  }

  /** The crash that strikes at the next call of the world. */
  crashAtCall(): Crash | undefined {
    return this.#strike(this.#crashes, ({ kind }) => kind === 'crashAtCall')
  }

  /** What becomes of the next call of a client. */
  faultOfCall(): { readonly fault: NetworkFault; readonly delayMs: number } | undefined {
    return this.#strike(this.#network, () => true)
  }

  /** Counts down the faults of one kind; answers with the one whose turn it is. */
  #strike<D extends Crash | Extract<Deed, { kind: 'network' }>>(
    armed: Armed<D>[],
    isMeant: (deed: D) => boolean,
  ): D | undefined {
    let struck: Armed<D> | undefined
    for (const each of armed) {
      if (!isMeant(each.deed)) continue
      if (each.left === 0) struck ??= each
      else each.left -= 1
    }
    if (struck !== undefined) armed.splice(armed.indexOf(struck), 1)
    return struck?.deed
  }
}
