import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from '../wire/client.ts'
import { type DecodedTask, decodeTask } from '../wire/codec.ts'
import { callWithin } from './call-within.ts'

/**
 * The most tasks that are under way at once, unless more polls are asked for.
 *
 * @source observed: 8.5
 */
const TASKS_UNDER_WAY_MAX = 10

/** How long a poll may take, in milliseconds; the service answers after 90 seconds at most. */
const POLL_MS_MAX = 120_000

/** The first pause after a poll that failed, in milliseconds; it doubles up to {@link PAUSE_MS_MAX}. */
const FIRST_PAUSE_MS = 50

const PAUSE_MS_MAX = 10_000

/** For what a poller polls, and what becomes of what it gets. */
export type PollerOptions = {
  readonly client: Client
  readonly workerGroup: string
  readonly hostname: string
  /** Polls that are parked at once, ≥ 1. */
  readonly polls: number
  /** Does a task; resolves when another one may take its place, and never rejects. */
  readonly work: (task: DecodedTask) => Promise<void>
  /** Told of each poll that failed, and for how many milliseconds none has succeeded. */
  readonly onFailure: (error: unknown, failingMs: number) => void
}

/** Polls for tasks and begins them as they come. */
export class TaskPoller {
  readonly #options: PollerOptions
  readonly #stopped = new AbortController()
  readonly #underWay = new Set<Promise<void>>()
  #polls: readonly Promise<void>[] = []
  /** Tasks under way, and polls that may bring one. */
  #taken = 0
  #succeededAtMs = performance.now()

  constructor(options: PollerOptions) {
    this.#options = options
  }

  start(): void {
    this.#polls = Array.from({ length: this.#options.polls }, () => this.#poll())
  }

  /** Polls no more, and resolves when no task is under way. May be called twice. */
  async stop(): Promise<void> {
    this.#stopped.abort()
    await Promise.all(this.#polls)
    await Promise.all(this.#underWay)
  }

  async #poll(): Promise<void> {
    const { signal } = this.#stopped
    const takenMax = Math.max(TASKS_UNDER_WAY_MAX, this.#options.polls)
    let pauseMs = FIRST_PAUSE_MS
    while (!signal.aborted) {
      while (this.#taken >= takenMax) await Promise.race(this.#underWay)
      try {
        await this.#pollOnce()
        pauseMs = FIRST_PAUSE_MS
      } catch (error) {
        if (signal.aborted) return
        this.#options.onFailure(error, performance.now() - this.#succeededAtMs)
        // Those who lost the service together do not come back together.
        await sleep(pauseMs * (1 + Math.random()) * 0.5, undefined, { signal }).catch(() => undefined)
        pauseMs = Math.min(2 * pauseMs, PAUSE_MS_MAX)
      }
    }
  }

  async #pollOnce(): Promise<void> {
    const { client, workerGroup, hostname } = this.#options
    this.#taken += 1
    const leave = () => {
      this.#taken -= 1
    }
    try {
      const answer = await callWithin(POLL_MS_MAX, this.#stopped.signal, (signal) =>
        client.pollForTask({ workerGroup, hostname }, signal),
      )
      this.#succeededAtMs = performance.now()
      const task = decodeTask(answer.taskObject)
      if (task === undefined) leave()
      else this.#begin(task, leave)
    } catch (error) {
      leave()
      throw error
    }
  }

  #begin(task: DecodedTask, leave: () => void): void {
    const work = this.#options.work(task).finally(() => {
      this.#underWay.delete(work)
      leave()
    })
    this.#underWay.add(work)
  }
}
