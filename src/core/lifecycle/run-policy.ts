import type { ObjectId } from '../definition/pipeline-object.ts'
import type { Period } from '../schedule/period.ts'

/** What the definition says about the running of one component, with defaults filled in. */
export type RunPolicy = {
  /**
   * Tries after the first, ≥ 0.
   *
   * @defaultValue 2
   */
  readonly retriesMax: number
  /** The pause between two tries, in milliseconds. */
  readonly retryDelayMs: number
  /** The pause between two checks of a precondition that does not hold yet, in milliseconds. */
  readonly recheckDelayMs: number
  /** The time that one attempt may take, from its hand-out. Unlimited if absent. */
  readonly attemptTimeout: Period | undefined
  /** The longest silence between two reports of a runner; if absent the attempt is handed out again after the service's own. */
  readonly reportProgressTimeout: Period | undefined
  /** From the scheduled start, after which an instance that has not ended is late. Never if absent. */
  readonly lateAfterTimeout: Period | undefined
  /** The time after which a precondition that does not hold has failed. Never if absent. */
  readonly preconditionTimeout: Period | undefined
  /** The time in which a machine must be up. */
  readonly initTimeout: Period
  /** The lifetime of a machine. Unlimited if absent. */
  readonly terminateAfter: Period | undefined
  /** What a failed dependency does to this object: nothing (it goes on waiting), or fail it too. */
  readonly failureAndRerunMode: 'none' | 'cascade'
  /** Whether a resource goes down with the first task that fails on it, or stays for the others. */
  readonly actionOnTaskFailure: 'continue' | 'terminate'
  /** Whether a resource that could not be had is tried again. */
  readonly actionOnResourceFailure: 'retryAll' | 'retryNone'
  readonly onSuccess: readonly ObjectId[]
  readonly onFail: readonly ObjectId[]
  readonly onLateAction: readonly ObjectId[]
}
