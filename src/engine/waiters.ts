/** How a poll left its place: a task has come for its worker group, or its time is over. */
type Outcome = 'woken' | 'over'

/** The place of a parked poll. */
export type Place = {
  /** Resolves when the poll is woken, or its time is over. */
  readonly outcome: Promise<Outcome>
  /** Gives the place up without having waited. What it was woken for meanwhile is another's. */
  leave(): void
}

/** Ends the wait of a parked poll. */
type Wake = (outcome: Outcome) => void

/** The parked polls of all worker groups. A new task wakes exactly one of them, the one that has waited longest. */
export class Waiters {
  readonly #groups = new Map<string, Set<Wake>>()
  #isClosed = false

  /** Wakes one waiter of the group; without one, the next poll finds the task by itself. */
  wake(workerGroup: string): void {
    const [first] = this.#groups.get(workerGroup) ?? []
    first?.('woken')
  }

  /** Parks until the group is woken, the time that `after` measures has passed, or `signal` is aborted. */
  park(workerGroup: string, until: { after: (wake: () => void) => () => void; signal: AbortSignal }): Place {
    let known: Outcome | undefined
    const { promise, resolve } = Promise.withResolvers<Outcome>()
    const wake = (outcome: Outcome): void => {
      if (known !== undefined) return
      known = outcome
      this.#remove(workerGroup, wake)
      cancelTimer()
      until.signal.removeEventListener('abort', abort)
      resolve(outcome)
    }
    const abort = () => wake('over')
    const cancelTimer = until.after(abort)
    until.signal.addEventListener('abort', abort)
    this.#add(workerGroup, wake)
    if (this.#isClosed || until.signal.aborted) wake('over')
    return {
      outcome: promise,
      leave: () => {
        if (known === 'woken') this.wake(workerGroup)
        wake('over')
      },
    }
  }

  /** Ends every parked poll, and every later one at once: the engine stops. */
  close(): void {
    this.#isClosed = true
    for (const group of [...this.#groups.values()]) for (const wake of [...group]) wake('over')
  }

  #add(workerGroup: string, wake: Wake): void {
    const group = this.#groups.get(workerGroup) ?? new Set()
    group.add(wake)
    this.#groups.set(workerGroup, group)
  }

  #remove(workerGroup: string, wake: Wake): void {
    const group = this.#groups.get(workerGroup)
    group?.delete(wake)
    if (group?.size === 0) this.#groups.delete(workerGroup)
  }
}
