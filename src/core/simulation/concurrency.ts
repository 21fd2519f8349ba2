import { type Instant, instant } from '../instant.ts'

/** The most that there was of something at one time, and when that was first so. */
export type Peak = { readonly count: number; readonly at: Instant }

/** Counts how much of something there is at one time. What ends in a moment is gone when something else begins in it. */
export class Concurrency {
  /** Ascending, as virtual time is. */
  readonly #begins: Instant[] = []
  readonly #ends: Instant[] = []
  #totalMs = 0

  begin(at: Instant): void {
    this.#begins.push(at)
  }

  /** Ends something that began at `begunAt`; what took no time does not count. */
  end(at: Instant, begunAt: Instant): void {
    if (at === begunAt) this.#begins.pop()
    else this.#ends.push(at)
    this.#totalMs += at - begunAt
  }

  /** All that has ended, one after the other, in milliseconds. */
  get totalMs(): number {
    return this.#totalMs
  }

  /** `undefined` if there was nothing. */
  peak(): Peak | undefined {
    let most: Peak = { count: 0, at: instant(0) }
    let ended = 0
    for (const [index, at] of this.#begins.entries()) {
      while ((this.#ends[ended] ?? Number.POSITIVE_INFINITY) <= at) ended += 1
      if (index + 1 - ended > most.count) most = { count: index + 1 - ended, at }
    }
    return most.count === 0 ? undefined : most
  }
}
