import type { Field } from '../core/definition/pipeline-object.ts'
import type { Client } from '../wire/client.ts'
import { encodeField } from '../wire/codec.ts'
import {
  InvalidRequestException,
  PipelineDeletedException,
  PipelineNotFoundException,
  SerializationException,
  TaskNotFoundException,
  ValidationException,
} from '../wire/errors.ts'
import { callWithin } from './call-within.ts'

/**
 * How soon the service must hear of a task, in milliseconds after its hand-out; then it gives the task to somebody else.
 *
 * @source model: ReportTaskProgress
 */
const ACKNOWLEDGE_MS_MAX = 2 * 60_000

/** When a task is first reported on, in milliseconds: most have a result by then, which acknowledges as well. */
const FIRST_REPORT_MS = 1000

/** How often it is reported on from then on, in milliseconds: so soon does a task learn that it is cancelled. */
const REPORT_MS = 10_000

/** The pause before a report is made again that did not arrive, in milliseconds. */
const REPORT_RETRY_MS = 1000

/** The first pause before a result is reported again that did not arrive, in milliseconds; it doubles up to {@link RESULT_RETRY_MS_MAX}. */
const RESULT_RETRY_MS = 100

const RESULT_RETRY_MS_MAX = 5000

/** How long one call may take, in milliseconds. */
const CALL_MS_MAX = 30_000

/** How long before the service gives the task away the work is ended, in milliseconds: commands take a while to stop. */
const MARGIN_MS = 10_000

/** Why a task must stop though nobody waits for its result. */
export class LeaseOver extends Error {
  override readonly name = 'LeaseOver'
  /** `canceled`: the service said so. `lost`: it could not be told for so long that it gives the task to somebody else. */
  readonly kind: 'canceled' | 'lost'

  constructor(kind: 'canceled' | 'lost') {
    super(
      kind === 'canceled'
        ? 'The service has cancelled the task.'
        : 'The service could not be told of the task in time.',
    )
    this.kind = kind
  }
}

/** A result, as SetTaskStatus takes it. */
export type Result = {
  readonly taskStatus: 'FINISHED' | 'FAILED' | 'FALSE'
  readonly errorId?: string | undefined
  readonly errorMessage?: string | undefined
  readonly errorStackTrace?: string | undefined
}

/** What a lease is for. */
export type LeaseTerms = {
  readonly client: Client
  readonly taskId: string
  /** The longest silence that the service bears, in milliseconds, > {@link MARGIN_MS}. */
  readonly silenceMsMax: number
}

/** The right to work on one task: renewed by reports, ended by the service or by silence. */
export class Lease {
  readonly #terms: LeaseTerms
  readonly #over = new AbortController()
  readonly #fields = new Map<string, Field>()
  #state: 'working' | 'ended' = 'working'
  #reportTimer: NodeJS.Timeout
  #expiryTimer: NodeJS.Timeout

  /** Begins when the task is handed out. It must be concluded or dropped. */
  constructor(terms: LeaseTerms) {
    this.#terms = terms
    this.#reportTimer = setTimeout(() => void this.#report(), FIRST_REPORT_MS)
    this.#expiryTimer = this.#expireAfter(Math.min(ACKNOWLEDGE_MS_MAX, terms.silenceMsMax))
  }

  /** Aborted with a {@link LeaseOver} when the work must stop. */
  get signal(): AbortSignal {
    return this.#over.signal
  }

  /** Sets runtime fields of the attempt with the next report, which comes soon. */
  reportFields(fields: readonly Field[]): void {
    for (const field of fields) this.#fields.set(field.key, field)
  }

  /**
   * Reports the result until it has arrived, the service does not want it, or nothing can be expected of more patience: the lease is
   * over or the signal aborted. Nothing is reported afterwards.
   */
  async conclude(result: Result, patience: AbortSignal): Promise<'arrived' | 'unwanted' | 'undelivered'> {
    this.#state = 'ended'
    clearTimeout(this.#reportTimer)
    const over = AbortSignal.any([this.signal, patience])
    await this.#reportLastFields(over)
    try {
      for (let delayMs = RESULT_RETRY_MS; ; delayMs = Math.min(2 * delayMs, RESULT_RETRY_MS_MAX)) {
        const outcome = await this.#deliver(result, over)
        if (outcome !== 'failed') return outcome
        if (over.aborted || !(await elapses(delayMs, over))) return 'undelivered'
      }
    } finally {
      this.drop()
    }
  }

  /** Gives the lease up without a result. */
  drop(): void {
    this.#state = 'ended'
    clearTimeout(this.#reportTimer)
    clearTimeout(this.#expiryTimer)
  }

  async #report(): Promise<void> {
    const { client, taskId, silenceMsMax } = this.#terms
    const fields = [...this.#fields.values()]
    const sentAtMs = performance.now()
    let nextMs = Math.min(REPORT_MS, silenceMsMax / 3)
    try {
      const { canceled } = await callWithin(CALL_MS_MAX, this.signal, (signal) =>
        client.reportTaskProgress({ taskId, fields: fields.map(encodeField) }, signal),
      )
      if (this.#state === 'ended') return
      for (const field of fields) if (this.#fields.get(field.key) === field) this.#fields.delete(field.key)
      this.#renew(sentAtMs)
      if (canceled) this.#over.abort(new LeaseOver('canceled'))
    } catch (error) {
      // A task that the service does not know any more is somebody else's, or nobody's. Anything else may pass before the lease ends.
      if (isGone(error)) this.#over.abort(new LeaseOver('canceled'))
      nextMs = REPORT_RETRY_MS
    }
    if (this.#state === 'working' && !this.signal.aborted) {
      this.#reportTimer = setTimeout(() => void this.#report(), nextMs)
    }
  }

  /** The service counts from when it heard, which was not before the report was sent. */
  #renew(sentAtMs: number): void {
    clearTimeout(this.#expiryTimer)
    this.#expiryTimer = this.#expireAfter(this.#terms.silenceMsMax - (performance.now() - sentAtMs))
  }

  #expireAfter(silenceMs: number): NodeJS.Timeout {
    return setTimeout(() => this.#over.abort(new LeaseOver('lost')), silenceMs - MARGIN_MS)
  }

  /** What the attempt is to show goes before its result, once; it is not worth holding the result up for long. */
  async #reportLastFields(over: AbortSignal): Promise<void> {
    if (this.#fields.size === 0) return
    const { client, taskId } = this.#terms
    const fields = [...this.#fields.values()].map(encodeField)
    await callWithin(CALL_MS_MAX, over, (signal) => client.reportTaskProgress({ taskId, fields }, signal)).catch(
      () => undefined,
    )
  }

  async #deliver(result: Result, over: AbortSignal): Promise<'arrived' | 'unwanted' | 'failed'> {
    const { client, taskId } = this.#terms
    try {
      await callWithin(CALL_MS_MAX, over, (signal) => client.setTaskStatus({ taskId, ...result }, signal))
      return 'arrived'
    } catch (error) {
      return isGone(error) || isRefusal(error) ? 'unwanted' : 'failed'
    }
  }
}

const isGone = (error: unknown): boolean =>
  error instanceof TaskNotFoundException ||
  error instanceof PipelineNotFoundException ||
  error instanceof PipelineDeletedException

/** Whether the service says that the same call will never do. */
const isRefusal = (error: unknown): boolean =>
  error instanceof InvalidRequestException ||
  error instanceof SerializationException ||
  error instanceof ValidationException

/** Resolves when the time is over or the signal aborted, and tells which. */
function elapses(delayMs: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop)
      resolve(true)
    }, delayMs)
    const stop = () => {
      clearTimeout(timer)
      resolve(false)
    }
    signal.addEventListener('abort', stop, { once: true })
  })
}
