/** An HTTP request with everything that is sent, signature included. Names of headers are in lower case. */
export type TransportRequest = {
  readonly method: 'POST'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** An HTTP response, whatever its status. */
export type TransportAnswer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: string
}

/**
 * Sends one request and reads its whole response. Rejects with {@link TransportError} when there is none, and with the signal's reason
 * when the signal is aborted.
 */
export type Transport = (request: TransportRequest, signal: AbortSignal | undefined) => Promise<TransportAnswer>

/** No response arrived: whether the service has done what it was asked is not known. `cause` is what the connection said. */
export class TransportError extends Error {
  override readonly name = 'TransportError'
}
