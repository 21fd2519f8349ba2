import { createHmac, hash } from 'node:crypto'
import { formatInstant, type Instant } from '../core/instant.ts'

/** The name under which requests to the service are signed. */
export const signingService = 'datapipeline'

/** The signing method, the only one there is. */
export const signingAlgorithm = 'AWS4-HMAC-SHA256'

/** What a signature holds for: one day, one region, one service. */
export type CredentialScope = {
  /** `YYYYMMDD`, UTC. */
  readonly date: string
  readonly region: string
}

/** What a signature covers. */
export type SignedRequest = {
  readonly method: string
  readonly path: string
  /** The query string without its question mark; in the canonical order already. */
  readonly query: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** The names of the headers that are covered: in lower case, sorted. */
  readonly signedHeaders: readonly string[]
  readonly body: string | Uint8Array
  /** The value of `x-amz-date`: `YYYYMMDDTHHMMSSZ`. */
  readonly timestamp: string
  readonly scope: CredentialScope
}

/**
 * The signature of a request, in hexadecimal.
 *
 * @source https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signature(request: SignedRequest, signingKey: Uint8Array): string {
  return createHmac('sha256', signingKey).update(stringToSign(request)).digest('hex')
}

/** The key with which one secret signs the requests of one scope. Costly to derive and good for a day: keep it. */
export function signingKey(secretAccessKey: string, scope: CredentialScope): Uint8Array {
  const hmac = (key: string | Uint8Array, text: string) => createHmac('sha256', key).update(text).digest()
  const dateKey = hmac(`AWS4${secretAccessKey}`, scope.date)
  return hmac(hmac(hmac(dateKey, scope.region), signingService), 'aws4_request')
}

/** An instant as `x-amz-date` spells it: `YYYYMMDDTHHMMSSZ`. */
export const signingTimestamp = (time: Instant): string => `${formatInstant(time).replaceAll(/[-:]/g, '')}Z`

/** The scope as `Credential=` spells it after the access key id. */
export const scopeText = (scope: CredentialScope): string =>
  `${scope.date}/${scope.region}/${signingService}/aws4_request`

function stringToSign(request: SignedRequest): string {
  return [
    signingAlgorithm,
    request.timestamp,
    scopeText(request.scope),
    hash('sha256', canonicalRequest(request), 'hex'),
  ].join('\n')
}

function canonicalRequest(request: SignedRequest): string {
  const headers = request.signedHeaders.map((name) => `${name}:${canonicalValue(request.headers[name])}\n`)
  return [
    request.method,
    request.path,
    request.query,
    headers.join(''),
    request.signedHeaders.join(';'),
    hash('sha256', request.body, 'hex'),
  ].join('\n')
}

function canonicalValue(value: string | readonly string[] | undefined): string {
  const text = typeof value === 'object' ? value.join(',') : (value ?? '')
  return text.trim().replace(/ {2,}/g, ' ')
}
