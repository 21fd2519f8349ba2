import type { Instant } from '../instant.ts'

type Entry<T> = { readonly at: Instant; readonly sequence: number; readonly item: T }

/** What is to happen, by virtual time; of several things at one time, what was planned first comes first. A binary heap. */
export class Timeline<T> {
  readonly #heap: Entry<T>[] = []
  #sequence = 0

  /** Plans something. */
  add(at: Instant, item: T): void {
    const entry = { at, sequence: this.#sequence, item }
    this.#sequence += 1
    let index = this.#heap.length
    for (let parent = above(index); index > 0; parent = above(index)) {
      const higher = this.#heap[parent]
      if (higher === undefined || isEarlier(higher, entry)) break
      this.#heap[index] = higher
      index = parent
    }
    this.#heap[index] = entry
  }

  /** Takes out what happens next, if it happens before `until`. */
  takeBefore(until: Instant): { readonly at: Instant; readonly item: T } | undefined {
    const first = this.#heap[0]
    if (first === undefined || first.at >= until) return undefined
    const last = this.#heap.pop()
    if (last !== undefined && last !== first) this.#sink(last)
    return first
  }

  #sink(entry: Entry<T>): void {
    let index = 0
    for (let child = this.#earlierChild(index); child !== undefined; child = this.#earlierChild(index)) {
      if (isEarlier(entry, child.entry)) break
      this.#heap[index] = child.entry
      index = child.index
    }
    this.#heap[index] = entry
  }

  #earlierChild(index: number): { readonly index: number; readonly entry: Entry<T> } | undefined {
    const left = this.#heap[2 * index + 1]
    const right = this.#heap[2 * index + 2]
    if (left === undefined) return undefined
    return right !== undefined && isEarlier(right, left)
      ? { index: 2 * index + 2, entry: right }
      : { index: 2 * index + 1, entry: left }
  }
}

const above = (index: number): number => (index - 1) >> 1

const isEarlier = (left: Entry<unknown>, right: Entry<unknown>): boolean =>
  left.at < right.at || (left.at === right.at && left.sequence < right.sequence)
