import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { S3Error } from './s3-error.ts'

/** How far a request's clock may be from the server's, in milliseconds: S3's own 15 minutes. */
const SKEW_MAX_MS = 15 * 60_000

/** The longest life of a presigned URL, in seconds: S3's own 7 days. */
const EXPIRES_MAX_SECONDS = 7 * 24 * 3600

const ALGORITHM = 'AWS4-HMAC-SHA256'

/** What of a request is signed, as it came over the wire: `path` and `query` still percent-encoded. */
export type SignedRequest = {
  readonly method: string
  readonly path: string
  readonly query: string
  readonly headers: IncomingHttpHeaders
}

/** The signature of the request's head, which the signature of the first chunk of its body continues. */
export type SignatureSeed = {
  readonly signature: string
  readonly signingKey: Buffer
  readonly amzDate: string
  readonly scope: string
}

/** What the signature promises about the body. */
export type PayloadPromise =
  | { readonly kind: 'sha256'; readonly hex: string }
  | { readonly kind: 'unsigned' }
  | { readonly kind: 'chunks'; readonly seed: SignatureSeed | undefined }

type Claim = {
  readonly accessKeyId: string
  readonly scope: readonly [date: string, region: string, service: string, terminator: string]
  readonly signedHeaders: readonly string[]
  readonly signature: string
  readonly amzDate: string
  /** How long the signature is valid; `undefined` for one in a header, which must be fresh. */
  readonly expiresSeconds: number | undefined
  readonly payload: string
}

/**
 * Checks the Signature Version 4 of a request, in its headers or, for a presigned URL, in its query.
 *
 * @throws S3Error AccessDenied when there is none, and S3's other codes when it is wrong, unknown or too old.
 */
export function verifySignature(
  request: SignedRequest,
  secretOf: (accessKeyId: string) => string | undefined,
  nowMs: number,
): PayloadPromise {
  const parameters = parseQuery(request.query)
  const claim = request.headers.authorization === undefined ? claimOfQuery(parameters) : claimOfHeaders(request.headers)
  checkTime(claim, nowMs)
  const secret = secretOf(claim.accessKeyId)
  if (secret === undefined) throw new S3Error('InvalidAccessKeyId')
  const signingKey = [...claim.scope].reduce<Buffer | string>((key, part) => hmac(key, part), `AWS4${secret}`)
  const scope = claim.scope.join('/')
  const canonical = canonicalRequest(request, parameters, claim)
  const signature = hmac(signingKey, [ALGORITHM, claim.amzDate, scope, sha256(canonical)].join('\n')).toString('hex')
  if (!isEqual(signature, claim.signature)) throw new S3Error('SignatureDoesNotMatch')
  return payloadPromise(claim.payload, {
    signature,
    signingKey: Buffer.from(signingKey),
    amzDate: claim.amzDate,
    scope,
  })
}

/** The signature of one chunk, or of the trailer, of a body that is signed in chunks. */
export function chunkSignature(seed: SignatureSeed, previous: string, digests: readonly string[]): string {
  const kind = digests.length === 1 ? 'TRAILER' : 'PAYLOAD'
  const text = [`${ALGORITHM}-${kind}`, seed.amzDate, seed.scope, previous, ...digests].join('\n')
  return hmac(seed.signingKey, text).toString('hex')
}

/** Whether two signatures are the same, in a time that does not tell where they differ. */
export function isEqual(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)]
  return a.length === b.length && timingSafeEqual(a, b)
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

const hmac = (key: Buffer | string, text: string): Buffer => createHmac('sha256', key).update(text).digest()

type Parameters = readonly (readonly [name: string, value: string])[]

function parseQuery(query: string): Parameters {
  if (query === '') return []
  return query.split('&').map((pair) => {
    const [name = '', ...value] = pair.split('=')
    return [decode(name), decode(value.join('='))]
  })
}

function claimOfHeaders(headers: IncomingHttpHeaders): Claim {
  const [algorithm, rest = ''] = (headers.authorization ?? '').split(/ (.*)/s)
  if (algorithm !== ALGORITHM) {
    throw new S3Error(
      'InvalidRequest',
      `The authorization mechanism you have provided is not supported. Use ${ALGORITHM}.`,
    )
  }
  const parts = new Map(rest.split(',').map((part) => pairOf(part.trim())))
  const signature = parts.get('Signature')
  const amzDate = headerText(headers, 'x-amz-date')
  const payload = headerText(headers, 'x-amz-content-sha256')
  if (signature === undefined) throw new S3Error('AuthorizationHeaderMalformed')
  if (amzDate === undefined) {
    throw new S3Error('AccessDenied', 'AWS authentication requires a valid x-amz-date header')
  }
  if (payload === undefined) {
    throw new S3Error('InvalidRequest', 'Missing required header for this request: x-amz-content-sha256')
  }
  const signedHeaders = (parts.get('SignedHeaders') ?? '').split(';')
  const credential = credentialOf(parts.get('Credential'), 'AuthorizationHeaderMalformed')
  return { ...credential, signedHeaders, signature, amzDate, payload, expiresSeconds: undefined }
}

function claimOfQuery(parameters: Parameters): Claim {
  const values = new Map(parameters)
  if (!values.has('X-Amz-Algorithm')) throw new S3Error('AccessDenied')
  const amzDate = values.get('X-Amz-Date')
  const signature = values.get('X-Amz-Signature')
  const expiresSeconds = Number(values.get('X-Amz-Expires'))
  const isValid = expiresSeconds >= 1 && expiresSeconds <= EXPIRES_MAX_SECONDS
  if (values.get('X-Amz-Algorithm') !== ALGORITHM || amzDate === undefined || signature === undefined || !isValid) {
    throw new S3Error('AuthorizationQueryParametersError')
  }
  return {
    ...credentialOf(values.get('X-Amz-Credential'), 'AuthorizationQueryParametersError'),
    signedHeaders: (values.get('X-Amz-SignedHeaders') ?? '').split(';'),
    signature,
    amzDate,
    expiresSeconds,
    payload: values.get('X-Amz-Content-Sha256') ?? 'UNSIGNED-PAYLOAD',
  }
}

function credentialOf(
  text: string | undefined,
  code: 'AuthorizationHeaderMalformed' | 'AuthorizationQueryParametersError',
): Pick<Claim, 'accessKeyId' | 'scope'> {
  const [accessKeyId, date, region, service, terminator, ...others] = (text ?? '').split('/')
  if (accessKeyId === undefined || date === undefined || region === undefined || others.length > 0)
    throw new S3Error(code)
  if (service !== 's3' || terminator !== 'aws4_request') throw new S3Error(code)
  return { accessKeyId, scope: [date, region, service, terminator] }
}

function checkTime(claim: Claim, nowMs: number): void {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(claim.amzDate)
  const [, year, month, day, hour, minute, second] = (match ?? []).map(Number)
  const signedAtMs = Date.UTC(year ?? Number.NaN, (month ?? 0) - 1, day, hour, minute, second)
  if (Number.isNaN(signedAtMs) || !claim.amzDate.startsWith(claim.scope[0])) {
    throw new S3Error('AccessDenied', 'AWS authentication requires a valid x-amz-date header')
  }
  if (claim.expiresSeconds !== undefined && nowMs > signedAtMs + claim.expiresSeconds * 1000) {
    throw new S3Error('AccessDenied', 'Request has expired')
  }
  const isTooOld = claim.expiresSeconds === undefined && nowMs - signedAtMs > SKEW_MAX_MS
  if (isTooOld || signedAtMs - nowMs > SKEW_MAX_MS) throw new S3Error('RequestTimeTooSkewed')
}

function canonicalRequest(request: SignedRequest, parameters: Parameters, claim: Claim): string {
  const query = parameters
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([nameA, valueA], [nameB, valueB]) => compare(nameA, nameB) || compare(valueA, valueB))
    .map(([name, value]) => `${name}=${value}`)
  const headers = claim.signedHeaders.map((name) => {
    const value = headerText(request.headers, name) ?? ''
    return `${name}:${value.trim().replace(/ +/g, ' ')}\n`
  })
  return [
    request.method,
    request.path.split('/').map(decode).map(encode).join('/'),
    query.join('&'),
    headers.join(''),
    claim.signedHeaders.join(';'),
    claim.payload,
  ].join('\n')
}

function payloadPromise(payload: string, seed: SignatureSeed): PayloadPromise {
  switch (payload) {
    case 'UNSIGNED-PAYLOAD':
      return { kind: 'unsigned' }
    case 'STREAMING-UNSIGNED-PAYLOAD-TRAILER':
      return { kind: 'chunks', seed: undefined }
    case 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD':
    case 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER':
      return { kind: 'chunks', seed }
    default:
      if (/^[0-9a-f]{64}$/.test(payload)) return { kind: 'sha256', hex: payload }
      throw new S3Error('InvalidArgument', 'x-amz-content-sha256 names a kind of payload that is not supported.')
  }
}

function headerText(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name]
  return Array.isArray(value) ? value.join(',') : value
}

function pairOf(text: string): [string, string] {
  const at = text.indexOf('=')
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}

// Percent-encoded text is ASCII, so its order is that of its bytes.
function compare(left: string, right: string): number {
  if (left === right) return 0
  return left < right ? -1 : 1
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // decodeURIComponent throws for a stray percent sign; to the caller that is an address like any other, only wrong.
    throw new S3Error('InvalidURI')
  }
}

const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
