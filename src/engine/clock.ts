import { type Instant, instant } from '../core/instant.ts'

/** Time, as the engine sees it: the machine's in a server, a test's own in tests. */
export type Clock = {
  now(): Instant
  /** Calls `wake` once, `delayMs` milliseconds (≥ 0) from now, unless the answer is called before. */
  after(delayMs: number, wake: () => void): () => void
}

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => instant(Date.now()),
  after(delayMs, wake) {
    if (delayMs === 0) {
      const immediate = setImmediate(wake)
      return () => clearImmediate(immediate)
    }
    const timeout = setTimeout(wake, delayMs)
    return () => clearTimeout(timeout)
  },
}
