import type { Instant } from '../core/instant.ts'

/** Time, as the engine sees it: the machine's in a server, a test's own in tests. */
export type Clock = {
  now(): Instant
  /** Calls `wake` once, `delayMs` milliseconds (≥ 0) from now, unless the answer is called before. */
  after(delayMs: number, wake: () => void): () => void
}
