import type { IncomingHttpHeaders } from 'node:http'
import { type Instant, instant } from '../core/instant.ts'
import { IncompleteSignatureException } from '../wire/errors.ts'
import { signingTimestamp } from '../wire/signature.ts'

/** When a request was signed, and how that is spelled in what was signed. */
export type SigningTime = { readonly time: Instant; readonly timestamp: string }

/**
 * The time of signing: from `X-Amz-Date`, or else from `Date`.
 *
 * @throws IncompleteSignatureException when there is neither, or it is no time.
 * @source guide: dp-make-http-request
 */
export function signingTime(headers: IncomingHttpHeaders): SigningTime {
  const timestamp = headers['x-amz-date']
  if (typeof timestamp === 'string') return { time: fromBasicFormat(timestamp), timestamp }
  if (headers.date === undefined) {
    throw new IncompleteSignatureException(
      "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
    )
  }
  const time = fromHttpDate(headers.date)
  return { time, timestamp: signingTimestamp(time) }
}

const basicFormat = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/

function fromBasicFormat(timestamp: string): Instant {
  // Date reads the extended format, and reads it in a fraction of the time that calendar objects take; this runs in every request.
  const epochMs = basicFormat.test(timestamp)
    ? Date.parse(timestamp.replace(basicFormat, '$1-$2-$3T$4:$5:$6Z'))
    : Number.NaN
  if (!Number.isNaN(epochMs)) return instant(epochMs)
  throw new IncompleteSignatureException(
    `Date must be in ISO-8601 'basic format'. Got '${timestamp}'. See http://en.wikipedia.org/wiki/ISO_8601`,
  )
}

function fromHttpDate(text: string): Instant {
  const epochMs = Date.parse(text)
  if (!Number.isNaN(epochMs)) return instant(epochMs)
  throw new IncompleteSignatureException(`The 'Date' header holds no date: '${text}'.`)
}
