import type { Field } from '../core/definition/pipeline-object.ts'
import type { Client } from '../wire/client.ts'
import { encodeField } from '../wire/codec.ts'
import { ServiceException } from '../wire/errors.ts'
import { isRetryable } from '../wire/retry.ts'

/**
 * When a task is first reported on, in milliseconds after its hand-out. Most tasks have a result by then, which acknowledges as well;
 * the service waits two minutes.
 *
 * @source model: ReportTaskProgress
 */
const FIRST_REPORT_MS = 1000

/** How often it is reported on from then on, in milliseconds: so soon does a task learn that it is cancelled. */
const REPORT_MS = 10_000

/** The pause before a report is made again that did not arrive, in milliseconds. */
const RETRY_MS = 1000

/** A result that did not arrive is reported again after this, in milliseconds; it doubles up to {@link REPORT_MS}. */
const RESULT_RETRY_MS = 100

/** Why a task must stop though it has no result. */
export class LeaseOver extends Error {
  override readonly name = 'LeaseOver'
  /** `canceled`: the service said so. `lost`: it could not be told for so long that it has given the task to somebody else. */
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
  /** The longest silence that the service bears, in milliseconds. */
  readonly silenceMsMax: number
}

/** The right to work on one task: renewed by reports, ended by the service or by silence. */
export class Lease {
  readonly #terms: LeaseTerms
  readonly #over = new AbortController()
  readonly #fields = new Map<string, Field>()
  #timer: NodeJS.Timeout
  #renewedAtMs = performance.now()

  constructor(terms: LeaseTerms) {
    this.#terms = terms
    this.#timer = setTimeout(() => void this.#report(), Math.min(FIRST_REPORT_MS, this.#reportMs))
  }

  /** Aborted with a {@link LeaseOver} when the work must stop. */
  get signal(): AbortSignal {
    return this.#over.signal
  }

  /** Sets runtime fields of the attempt with the next report, which comes soon. */
  reportFields(fields: readonly Field[]): void {
    for (const field of fields) this.#fields.set(field.key, field)
  }

  /** Reports the result until it has arrived or the lease is over; says which. Nothing is reported afterwards. */
  async conclude(result: Result): Promise<'arrived' | 'refused' | 'over'> {
    clearTimeout(this.#timer)
    const { client, taskId } = this.#terms
    if (this.#fields.size > 0) await this.#reportLastFields()
    for (let delayMs = RESULT_RETRY_MS; !this.signal.aborted; delayMs = Math.min(2 * delayMs, REPORT_MS)) {
      try {
        await client.setTaskStatus({ taskId, ...result })
        return 'arrived'
      } catch (error) {
        if (!isRetryable(error)) return 'refused'
      }
      this.#endIfSilent()
      await new Promise((resolve) => setTimeout(resolve, delayMs))
    }
    return 'over'
  }

  /** Gives the lease up without a result. */
  drop(): void {
    clearTimeout(this.#timer)
  }

  get #reportMs(): number {
    return Math.min(REPORT_MS, this.#terms.silenceMsMax / 3)
  }

  async #report(): Promise<void> {
    const { client, taskId } = this.#terms
    const fields = [...this.#fields.values()]
    let nextMs = this.#reportMs
    try {
      const { canceled } = await client.reportTaskProgress({ taskId, fields: fields.map(encodeField) })
      for (const field of fields) if (this.#fields.get(field.key) === field) this.#fields.delete(field.key)
      this.#renewedAtMs = performance.now()
      if (canceled) this.#over.abort(new LeaseOver('canceled'))
    } catch (error) {
      // A task that the service does not know any more is somebody else's, or nobody's.
      if (error instanceof ServiceException && !isRetryable(error)) this.#over.abort(new LeaseOver('canceled'))
      nextMs = RETRY_MS
    }
    this.#endIfSilent()
    if (!this.signal.aborted) this.#timer = setTimeout(() => void this.#report(), nextMs)
  }

  /** What the attempt is to show goes before its result, once; it is not worth holding the result up. */
  async #reportLastFields(): Promise<void> {
    const { client, taskId } = this.#terms
    const fields = [...this.#fields.values()].map(encodeField)
    await client.reportTaskProgress({ taskId, fields }).catch(() => undefined)
  }

  #endIfSilent(): void {
    if (performance.now() - this.#renewedAtMs >= this.#terms.silenceMsMax) this.#over.abort(new LeaseOver('lost'))
  }
}
