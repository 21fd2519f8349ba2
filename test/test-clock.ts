import { type Instant, instant } from '../src/core/instant.ts'
import type { Clock } from '../src/engine/clock.ts'

/** A clock that stands still until the test moves it. */
export class TestClock implements Clock {
  #now: number
  readonly #alarms = new Set<{ readonly at: number; readonly wake: () => void }>()

  constructor(startMs: number) {
    this.#now = startMs
  }

  now(): Instant {
    return instant(this.#now)
  }

  after(delayMs: number, wake: () => void): () => void {
    const alarm = { at: this.#now + delayMs, wake }
    this.#alarms.add(alarm)
    if (delayMs === 0) setImmediate(() => this.#ring())
    return () => this.#alarms.delete(alarm)
  }

  /** Lets `durationMs` pass; what is due on the way is woken in its order. */
  advance(durationMs: number): void {
    const until = this.#now + durationMs
    for (let next = this.#next(until); next !== undefined; next = this.#next(until)) {
      this.#now = Math.max(this.#now, next.at)
      this.#ring()
    }
    this.#now = until
  }

  #next(until: number) {
    const due = [...this.#alarms].filter(({ at }) => at <= until)
    return due.sort((left, right) => left.at - right.at)[0]
  }

  #ring(): void {
    for (const alarm of [...this.#alarms]) {
      if (alarm.at > this.#now || !this.#alarms.delete(alarm)) continue
      alarm.wake()
    }
  }
}
