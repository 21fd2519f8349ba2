import { randomBytes, randomInt } from 'node:crypto'

/** Chance, as the engine sees it: the machine's in a server; in a simulation it follows from a seed. */
export type Chance = {
  /** Bytes that cannot be guessed. */
  bytes(count: number): Uint8Array
  /** A whole number ≥ 0 and < `bound`. */
  below(bound: number): number
}

/** Chance that nobody can foresee. */
export const systemChance: Chance = { bytes: randomBytes, below: (bound) => randomInt(bound) }
