import type { Chance } from '../../src/engine/chance.ts'

/** Chance that follows from a seed: the same seed and the same questions give the same answers, on every machine. */
export class SeededChance implements Chance {
  #state: number

  /** What tells this chance from others of the same run: texts and numbers, hashed into one state. */
  constructor(...seeds: readonly (string | number)[]) {
    this.#state = hash(seeds.join('\n'))
  }

  below(bound: number): number {
    return Math.floor(this.#next() * bound)
  }

  bytes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => this.below(256))
  }

  /** A whole number, both ends included. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1)
  }

  /** Whether something happens that happens in this share of all cases. */
  happens(probability: number): boolean {
    return this.#next() < probability
  }

  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.below(items.length)]
    if (item === undefined) throw new Error('There is nothing to pick from.')
    return item
  }

  /** One of the texts, or `undefined` in half of the cases. */
  maybe<Item>(items: readonly Item[], probability = 0.5): Item | undefined {
    return this.happens(probability) ? this.pick(items) : undefined
  }

  /** Each of the items with this probability, in their order. */
  some<Item>(items: readonly Item[], probability: number): readonly Item[] {
    return items.filter(() => this.happens(probability))
  }

  /**
   * A number ≥ 0 and < 1.
   *
   * @source external: Mulberry32
   */
  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** FNV-1a with a final mix, so that texts that differ in their last letter differ everywhere. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193)
  }
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  return value ^ (value >>> 13)
}
