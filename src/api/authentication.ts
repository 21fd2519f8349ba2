import { timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { type Instant, plusMs } from '../core/instant.ts'
import type { Caller } from '../engine/engine.ts'
import {
  InvalidSignatureException,
  MissingAuthenticationTokenException,
  UnrecognizedClientException,
} from '../wire/errors.ts'
import { type CredentialScope, signature, signingKey, signingTimestamp } from '../wire/signature.ts'
import { type Authorization, parseAuthorization } from './authorization-header.ts'
import type { CredentialStore } from './credential-store.ts'
import { signingTime } from './signing-time.ts'

/** What a signature is checked against. */
export type ReceivedRequest = {
  readonly method: string
  /** Path and query string as they were sent. */
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: Uint8Array
}

/**
 * Tells who sent a request. The exceptions and their texts are AWS's, and so is the status 400: services of this protocol answer 403
 * to none of these.
 *
 * @throws MissingAuthenticationTokenException when the request is not signed.
 * @throws IncompleteSignatureException when a part of the signature is missing or malformed.
 * @throws UnrecognizedClientException when no one has the access key.
 * @throws InvalidSignatureException when the signature is another request's, or another time's.
 */
export type Authenticate = (request: ReceivedRequest) => Caller

/**
 * Checks signatures of version 4, in the header, for any region: a service of one's own is in none of AWS's.
 *
 * @source guide: dp-make-http-request; ours: differences#signatures
 */
export function createAuthentication(options: {
  readonly credentials: CredentialStore
  readonly now: () => Instant
}): Authenticate {
  const signingKeys = createSigningKeys()

  return (request) => {
    const { headers } = request
    if (headers.authorization === undefined) {
      throw new MissingAuthenticationTokenException('Request is missing Authentication Token')
    }
    const authorization = parseAuthorization(headers.authorization)
    const { time, timestamp } = signingTime(headers)
    requireScopeOf(timestamp, authorization.scope)
    requireSigned(headers, authorization.signedHeaders)

    const accessKey = options.credentials.lookup(authorization.accessKeyId)
    if (accessKey === undefined) {
      throw new UnrecognizedClientException('The security token included in the request is invalid.')
    }
    requireTimely(time, options.now())
    requireSignature(request, {
      ...authorization,
      timestamp,
      key: signingKeys(accessKey.secretAccessKey, authorization.scope),
    })
    return accessKey.caller
  }
}

/** Signing keys kept at a time. Each belongs to one access key, day and region, so a service of any size uses a few. */
const signingKeysMax = 1000

function createSigningKeys(): (secretAccessKey: string, scope: CredentialScope) => Uint8Array {
  const keys = new Map<string, Uint8Array>()
  return (secretAccessKey, scope) => {
    const name = `${scope.date}/${scope.region}/${secretAccessKey}`
    const known = keys.get(name)
    if (known !== undefined) return known
    // The keys of past days are never asked for again, so starting over costs little and needs no bookkeeping.
    if (keys.size === signingKeysMax) keys.clear()
    const key = signingKey(secretAccessKey, scope)
    keys.set(name, key)
    return key
  }
}

function requireScopeOf(timestamp: string, scope: CredentialScope): void {
  const date = timestamp.slice(0, 'YYYYMMDD'.length)
  if (scope.date === date) return
  throw new InvalidSignatureException(
    'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: ' +
      `'${scope.date}' != '${date}', from '${timestamp}'.`,
  )
}

/** Headers that decide where a request goes, when and to what: unsigned, they could be exchanged. */
const requiredSignedHeaders = ['host', 'x-amz-date', 'x-amz-target']

function requireSigned(headers: IncomingHttpHeaders, signedHeaders: readonly string[]): void {
  const unsigned = requiredSignedHeaders.find((name) => headers[name] !== undefined && !signedHeaders.includes(name))
  if (unsigned === undefined) return
  throw new InvalidSignatureException(`'${unsigned}' must be a 'SignedHeader' in the AWS Authorization.`)
}

/** Minutes by which the clocks of caller and service may differ. AWS's figure; a signature cannot be replayed for longer. */
const clockSkewMaxMinutes = 5

function requireTimely(time: Instant, now: Instant): void {
  const skewMs = clockSkewMaxMinutes * 60_000
  const [oldest, newest] = [plusMs(now, -skewMs), plusMs(now, skewMs)]
  if (time < oldest) {
    const limit = `${signingTimestamp(oldest)} (${signingTimestamp(now)} - ${clockSkewMaxMinutes} min.)`
    throw new InvalidSignatureException(`Signature expired: ${signingTimestamp(time)} is now earlier than ${limit}`)
  }
  if (time > newest) {
    const limit = `${signingTimestamp(newest)} (${signingTimestamp(now)} + ${clockSkewMaxMinutes} min.)`
    throw new InvalidSignatureException(
      `Signature not yet current: ${signingTimestamp(time)} is still later than ${limit}`,
    )
  }
}

function requireSignature(
  request: ReceivedRequest,
  claim: Authorization & { readonly timestamp: string; readonly key: Uint8Array },
): void {
  const queryStart = request.url.indexOf('?')
  const path = queryStart < 0 ? request.url : request.url.slice(0, queryStart)
  // No operation has a query string; one that is there is taken as it is, so that none can be added to a signed request.
  const query = queryStart < 0 ? '' : request.url.slice(queryStart + 1)
  const expected = Buffer.from(signature({ ...request, ...claim, path, query }, claim.key))
  const given = Buffer.from(claim.signature)
  if (given.length === expected.length && timingSafeEqual(given, expected)) return
  throw new InvalidSignatureException(
    'The request signature we calculated does not match the signature you provided. ' +
      'Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
  )
}
