import type { SeededChance } from './seeded-chance.ts'

type Entry = { readonly at: number; readonly tie: number; run: (() => void) | undefined }

/**
 * Virtual time. Everything that happens in a run stands here with the moment of it; what stands at the same moment comes in an order
 * that chance decides. Time does not pass while something happens.
 */
export class Agenda {
  readonly #chance: SeededChance
  readonly #heap: Entry[] = []
  #now: number

  constructor(startMs: number, chance: SeededChance) {
    this.#now = startMs
    this.#chance = chance
  }

  /** Milliseconds since the epoch, by the clock of the run, which never jumps. */
  get now(): number {
    return this.#now
  }

  /** When the next thing happens; `undefined` if nothing ever does. */
  get nextAt(): number | undefined {
    while (this.#heap[0]?.run === undefined && this.#heap.length > 0) this.#takeFirst()
    return this.#heap[0]?.at
  }

  /** Lets something happen `delayMs` milliseconds (≥ 0) from now, unless the answer is called before. */
  after(delayMs: number, run: () => void): () => void {
    const entry: Entry = { at: this.#now + delayMs, tie: this.#chance.below(1_000_000), run }
    this.#insert(entry)
    return () => {
      entry.run = undefined
    }
  }

  /** Waits for `delayMs` milliseconds of virtual time. */
  async pass(delayMs: number): Promise<void> {
    await new Promise<void>((resolve) => this.after(delayMs, resolve))
  }

  /** Lets the next thing happen, with all that follows from it at once. Answers whether there was one. */
  async step(): Promise<boolean> {
    if (this.nextAt === undefined) return false
    const { at, run } = this.#takeFirst()
    this.#now = at
    run?.()
    // What follows at once are microtasks, since no part waits for a device: they are over when the event loop turns.
    await new Promise((resolve) => setImmediate(resolve))
    return true
  }

  #insert(entry: Entry): void {
    const heap = this.#heap
    let index = heap.push(entry) - 1
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (!isEarlier(entry, heap[parent])) break
      heap[index] = heap[parent] ?? entry
      index = parent
    }
    heap[index] = entry
  }

  #takeFirst(): Entry {
    const heap = this.#heap
    const [first] = heap
    const last = heap.pop()
    if (first === undefined || last === undefined) throw new Error('The agenda is empty.')
    if (heap.length === 0) return first
    let index = 0
    for (;;) {
      const left = 2 * index + 1
      const child = isEarlier(heap[left + 1], heap[left]) ? left + 1 : left
      if (!isEarlier(heap[child], last)) break
      heap[index] = heap[child] ?? last
      index = child
    }
    heap[index] = last
    return first
  }
}

function isEarlier(left: Entry | undefined, right: Entry | undefined): boolean {
  if (left === undefined || right === undefined) return left !== undefined
  return left.at === right.at ? left.tie < right.tie : left.at < right.at
}
