import { TransportError } from '../wire/transport.ts'

/**
 * Makes a call that must be answered in time: a connection whose other end vanished says nothing, and would be waited for for ever.
 *
 * @throws TransportError when the time is over; the signal's reason when that is aborted; whatever the call fails with.
 */
export async function callWithin<Answer>(
  timeoutMs: number,
  signal: AbortSignal | undefined,
  call: (signal: AbortSignal) => Promise<Answer>,
): Promise<Answer> {
  const controller = new AbortController()
  const abort = () => controller.abort(signal?.reason)
  const expire = () => controller.abort(new TransportError(`No answer came within ${timeoutMs} ms.`))
  const timer = setTimeout(expire, timeoutMs)
  if (signal?.aborted) abort()
  else signal?.addEventListener('abort', abort, { once: true })
  try {
    return await call(controller.signal)
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
  }
}
