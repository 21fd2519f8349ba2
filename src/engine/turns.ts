import type { PipelineId } from '../store/rows.ts'

/** Worker groups whose turns are kept; of more than these, those that nobody has polled for longest begin anew. */
const groupsMax = 10_000

/**
 * Which pipeline of each worker group was served last. The one after it comes next, so that a pipeline with one task waits for one task
 * of each other pipeline at most, however many they have.
 */
export class Turns {
  readonly #served = new Map<string, PipelineId>()

  /** The empty string, which stands before all pipelines, for a group that has not been served. */
  lastServed(workerGroup: string): PipelineId | '' {
    return this.#served.get(workerGroup) ?? ''
  }

  serve(workerGroup: string, pipelineId: PipelineId): void {
    this.#served.delete(workerGroup)
    const [oldest] = this.#served.keys()
    if (this.#served.size >= groupsMax && oldest !== undefined) this.#served.delete(oldest)
    this.#served.set(workerGroup, pipelineId)
  }

  /** The group has no task left: it does not matter who is first the next time. */
  forget(workerGroup: string): void {
    this.#served.delete(workerGroup)
  }
}
