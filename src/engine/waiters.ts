/** A poll that is parked until its worker group has work. */
type Waiter = { readonly wake: () => void; readonly end: () => void }

/** The parked polls of all worker groups. A new task wakes exactly one of them, the one that has waited longest. */
export class Waiters {
  readonly #groups = new Map<string, Set<Waiter>>()
  #isClosed = false

  /** Wakes one waiter of the group; without one, the next poll finds the task by itself. */
  wake(workerGroup: string): void {
    const group = this.#groups.get(workerGroup)
    const [first] = group ?? []
    if (group === undefined || first === undefined) return
    this.#remove(workerGroup, first)
    first.wake()
  }

  /**
   * Parks until the group is woken, `waitMs` have passed (by `after`) or `signal` is aborted; says whether it was woken.
   */
  async park(
    workerGroup: string,
    until: { after: (wake: () => void) => () => void; signal: AbortSignal },
  ): Promise<'woken' | 'over'> {
    if (this.#isClosed || until.signal.aborted) return 'over'
    return await new Promise((resolve) => {
      const leave = (outcome: 'woken' | 'over') => {
        this.#remove(workerGroup, waiter)
        cancelTimer()
        until.signal.removeEventListener('abort', abort)
        resolve(outcome)
      }
      const abort = () => leave('over')
      const waiter: Waiter = { wake: () => leave('woken'), end: () => leave('over') }
      const cancelTimer = until.after(() => leave('over'))
      until.signal.addEventListener('abort', abort)
      this.#add(workerGroup, waiter)
    })
  }

  /** Ends every parked poll, and every later one at once: the engine stops. */
  close(): void {
    this.#isClosed = true
    for (const group of [...this.#groups.values()]) for (const waiter of [...group]) waiter.end()
  }

  #add(workerGroup: string, waiter: Waiter): void {
    const group = this.#groups.get(workerGroup) ?? new Set()
    group.add(waiter)
    this.#groups.set(workerGroup, group)
  }

  #remove(workerGroup: string, waiter: Waiter): void {
    const group = this.#groups.get(workerGroup)
    group?.delete(waiter)
    if (group?.size === 0) this.#groups.delete(workerGroup)
  }
}
