import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from '../wire/client.ts'
import { callWithin } from './call-within.ts'

/**
 * How often the runner says that it is there, in milliseconds.
 *
 * @source model: ReportTaskRunnerHeartbeat
 */
const INTERVAL_MS = 15 * 60_000

/** The pause before a heartbeat that failed is repeated, in milliseconds. */
const RETRY_MS = 10_000

/** How long one call may take, in milliseconds. */
const CALL_MS_MAX = 30_000

/** Who says that it is there, and who is told that it is not wanted. */
export type HeartbeatOptions = {
  readonly client: Client
  readonly taskrunnerId: string
  readonly workerGroup: string
  readonly hostname: string
  /** Called at most once: the service wants the runner to end. */
  readonly onTerminate: () => void
}

/** Tells the service from time to time that the runner is there, beginning at once. */
export class Heartbeat {
  readonly #options: HeartbeatOptions
  readonly #stopped = new AbortController()
  #beating: Promise<void> = Promise.resolve()

  constructor(options: HeartbeatOptions) {
    this.#options = options
  }

  start(): void {
    this.#beating = this.#beat()
  }

  /** May be called twice. */
  async stop(): Promise<void> {
    this.#stopped.abort()
    await this.#beating
  }

  async #beat(): Promise<void> {
    const { client, onTerminate, ...runner } = this.#options
    const { signal } = this.#stopped
    while (!signal.aborted) {
      const answer = await callWithin(CALL_MS_MAX, signal, (within) =>
        client.reportTaskRunnerHeartbeat(runner, within),
      ).catch(() => undefined)
      if (answer?.terminate) {
        onTerminate()
        return
      }
      const pauseMs = answer === undefined ? RETRY_MS : INTERVAL_MS
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined)
    }
  }
}
