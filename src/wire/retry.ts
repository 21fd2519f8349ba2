import { ServiceException } from './errors.ts'
import { TransportError } from './transport.ts'

/** Makes an attempt, and more of them if it fails in a way that a later one may not. Rejects with the last failure. */
export type Retry = <Answer>(attempt: () => Promise<Answer>, signal?: AbortSignal) => Promise<Answer>

/** How often and how patiently to retry, and where sleep and chance come from. */
export type Backoff = {
  /** At least 1, the first attempt included; `Infinity` retries until the signal is aborted. */
  readonly attemptsMax: number
  /** Milliseconds; the longest wait before the second attempt. It doubles with each further one. */
  readonly firstDelayMs: number
  /** Milliseconds; no wait is longer. */
  readonly delayMaxMs: number
  /** Resolves after the delay; rejects with the signal's reason when that is aborted before. */
  readonly sleep: (delayMs: number, signal: AbortSignal | undefined) => Promise<void>
  /** A number from 0 up to but not including 1. */
  readonly random: () => number
}

/**
 * Retries what may succeed later: a lost connection, a status of 500 or more, throttling. Each wait is a random part of a bound that
 * doubles, so that clients who failed together do not return together.
 */
export function retryWithBackoff(backoff: Backoff): Retry {
  return async (attempt, signal) => {
    for (let attemptsMade = 1; ; attemptsMade++) {
      try {
        return await attempt()
      } catch (error) {
        if (attemptsMade >= backoff.attemptsMax || !isRetryable(error)) throw error
      }
      const boundMs = Math.min(backoff.delayMaxMs, backoff.firstDelayMs * 2 ** (attemptsMade - 1))
      await backoff.sleep(boundMs * backoff.random(), signal)
    }
  }
}

/** Whether the same call may succeed later. */
export function isRetryable(error: unknown): boolean {
  if (error instanceof TransportError) return true
  return error instanceof ServiceException && (error.status >= 500 || throttlingNames.has(error.name))
}

/** The names under which AWS services refuse a caller who calls too often. */
const throttlingNames: ReadonlySet<string> = new Set([
  'RequestLimitExceeded',
  'RequestThrottledException',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
])
