import type { Instant } from '../core/instant.ts'
import type { Clock } from './clock.ts'

/** Worker groups that are remembered; of more, the one that has not been polled for the longest is forgotten. */
const groupsMax = 10_000

/** What is remembered of the polls for a worker group. */
export type Polled = {
  /** Polls that wait for a task. */
  readonly openCount: number
  /** When the latest poll began or ended, and which host it came from. */
  readonly at: Instant
  readonly hostname: string | undefined
}

/** Who has polled for which worker group since the engine came to be. It is memory only: it tells people why a task waits. */
export class PollLog {
  readonly since: Instant
  readonly #clock: Clock
  readonly #groups = new Map<string, Polled>()

  constructor(clock: Clock) {
    this.#clock = clock
    this.since = clock.now()
  }

  /** The latest poll for a worker group; `undefined` if there was none. */
  latest(workerGroup: string): Polled | undefined {
    return this.#groups.get(workerGroup)
  }

  /** Remembers a poll while it waits, and that there was one afterwards. */
  async during<T>(
    poll: { readonly workerGroup: string; readonly hostname: string | undefined },
    answer: () => Promise<T>,
  ): Promise<T> {
    this.#note(poll, 1)
    try {
      return await answer()
    } finally {
      this.#note(poll, -1)
    }
  }

  #note(
    { workerGroup, hostname }: { readonly workerGroup: string; readonly hostname: string | undefined },
    change: 1 | -1,
  ): void {
    const openCount = Math.max(0, (this.#groups.get(workerGroup)?.openCount ?? 0) + change)
    // Set anew, it is the last to be forgotten.
    this.#groups.delete(workerGroup)
    this.#groups.set(workerGroup, { openCount, at: this.#clock.now(), hostname })
    const [oldest] = this.#groups.keys()
    if (this.#groups.size > groupsMax && oldest !== undefined) this.#groups.delete(oldest)
  }
}
