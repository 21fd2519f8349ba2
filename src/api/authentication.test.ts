import { describe, expect, it } from 'vitest'
import { type Instant, instant, plusMs } from '../core/instant.ts'
import { createSigner } from '../wire/signer.ts'
import { createAuthentication, type ReceivedRequest } from './authentication.ts'

const now = instant(Date.UTC(2026, 0, 31, 12))
const caller = { userId: 'AIDAEXAMPLE', accountId: '123456789012' }
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' }
const authenticate = createAuthentication({
  credentials: { lookup: (id) => (id === 'AKIDEXAMPLE' ? { secretAccessKey: 'secret', caller } : undefined) },
  now: () => now,
})

describe('accepts', () => {
  it('a request that its access key has signed, and tells whose key it is', () => {
    expect(authenticate(signed())).toEqual(caller)
  })

  it('any region', () => {
    expect(authenticate(signed({ region: 'mars-north-1' }))).toEqual(caller)
  })

  it('a time of signing up to five minutes ago and ahead', () => {
    expect(authenticate(signed({ time: plusMs(now, -300_000) }))).toEqual(caller)
    expect(authenticate(signed({ time: plusMs(now, 300_000) }))).toEqual(caller)
  })
})

describe('refuses', () => {
  it('a request without a signature', () => {
    const request = signed()
    const { authorization: _, ...headers } = request.headers
    const refusal = { name: 'MissingAuthenticationTokenException', message: 'Request is missing Authentication Token' }
    expect(refusalOf({ ...request, headers })).toMatchObject(refusal)
  })

  it('an access key that no one has', () => {
    const request = signed({ credentials: { accessKeyId: 'AKIDOTHER', secretAccessKey: 'secret' } })
    const message = 'The security token included in the request is invalid.'
    expect(refusalOf(request)).toMatchObject({ name: 'UnrecognizedClientException', message })
  })

  it.each<[string, (request: ReceivedRequest) => Partial<ReceivedRequest>]>([
    ['another secret', () => signed({ credentials: { ...credentials, secretAccessKey: 'guess' } })],
    ['another body', () => ({ body: Buffer.from('{"marker":"x"}') })],
    ['another path', () => ({ url: '/other' })],
    ['a query string', () => ({ url: '/?marker=x' })],
    ['another method', () => ({ method: 'PUT' })],
    ['another operation', withHeader('x-amz-target', 'DataPipeline.DeletePipeline')],
    ['another host', withHeader('host', 'evil.example')],
    [
      'a shorter signature',
      ({ headers }) => ({ headers: { ...headers, authorization: `${headers.authorization}`.slice(0, -1) } }),
    ],
  ])('a signature that was made for %s', (_, change) => {
    const request = signed()
    const message = expect.stringMatching(/^The request signature we calculated does not match/)
    const refusal = { name: 'InvalidSignatureException', message }
    expect(refusalOf({ ...request, ...change(request) })).toMatchObject(refusal)
  })

  it.each([
    [-300_001, 'Signature expired: 20260131T115459Z is now earlier than 20260131T115500Z (20260131T120000Z - 5 min.)'],
    [
      301_000,
      'Signature not yet current: 20260131T120501Z is still later than 20260131T120500Z (20260131T120000Z + 5 min.)',
    ],
  ])('a time of signing %i ms from now', (offsetMs, message) => {
    const request = signed({ time: plusMs(now, offsetMs) })
    expect(refusalOf(request)).toMatchObject({ name: 'InvalidSignatureException', message })
  })

  it('a scope of another day than the time of signing', () => {
    const request = signed()
    const message = expect.stringContaining("'20260131' != '20260130', from '20260130T120000Z'")
    const refusal = { name: 'InvalidSignatureException', message }
    expect(refusalOf({ ...request, ...withHeader('x-amz-date', '20260130T120000Z')(request) })).toMatchObject(refusal)
  })

  it.each(['host', 'x-amz-date', 'x-amz-target'])('a signature that does not cover %s', (name) => {
    const request = signed()
    const authorization = request.headers.authorization?.replace(new RegExp(`${name};|;${name}`), '')
    const message = `'${name}' must be a 'SignedHeader' in the AWS Authorization.`
    const refusal = { name: 'InvalidSignatureException', message }
    expect(refusalOf({ ...request, ...withHeader('authorization', authorization)(request) })).toMatchObject(refusal)
  })
})

type Signing = { time: Instant; region: string; credentials: typeof credentials }

function signed(signing: Partial<Signing> = {}): ReceivedRequest {
  const time = signing.time ?? now
  const endpoint = 'http://127.0.0.1:8040'
  const sign = createSigner({ credentials, region: 'us-east-1', endpoint, now: () => time, ...signing })
  return { method: 'POST', url: '/', headers: sign('ListPipelines', '{}'), body: Buffer.from('{}') }
}

function withHeader(name: string, value: string | undefined) {
  return ({ headers }: ReceivedRequest): Partial<ReceivedRequest> => ({ headers: { ...headers, [name]: value } })
}

function refusalOf(request: ReceivedRequest): Error {
  try {
    authenticate(request)
  } catch (error) {
    if (error instanceof Error) return error
  }
  throw new Error('Nothing was refused.')
}
