import { expect, it } from 'vitest'
import { parseAuthorization } from './authorization-header.ts'

const credential = 'Credential=AKID/20260131/eu-west-1/datapipeline/aws4_request'

it.each([', ', ','])('reads parameters separated by %j', (separator) => {
  const parameters = [credential, 'SignedHeaders=host;x-amz-date', 'Signature=ab12'].join(separator)
  expect(parseAuthorization(`AWS4-HMAC-SHA256 ${parameters}`)).toEqual({
    accessKeyId: 'AKID',
    scope: { date: '20260131', region: 'eu-west-1' },
    signedHeaders: ['host', 'x-amz-date'],
    signature: 'ab12',
  })
})

it.each([
  ['Basic dXNlcjpwYXNz', "Unsupported AWS 'algorithm': 'Basic'."],
  [`AWS4-HMAC-SHA256 ${credential}, SignedHeaders=host`, "Authorization header requires 'Signature' parameter."],
  [
    'AWS4-HMAC-SHA256',
    "Authorization header requires 'Credential' parameter. Authorization header requires 'SignedHeaders' parameter. Authorization header requires 'Signature' parameter.",
  ],
  [
    'AWS4-HMAC-SHA256 Credential=AKID/20260131, SignedHeaders=host, Signature=ab12',
    "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'AKID/20260131'",
  ],
])('finds %s incomplete', (header, message) => {
  expect(refusalOf(header)).toMatchObject({ name: 'IncompleteSignatureException', message })
})

it.each([
  ['s3/aws4_request', "Credential should be scoped to correct service: 'datapipeline'."],
  ['datapipeline/x', "Credential should be scoped with a valid terminator: 'aws4_request', not 'x'."],
])('refuses a scope of %s', (scope, message) => {
  const header = `AWS4-HMAC-SHA256 Credential=AKID/20260131/eu-west-1/${scope}, SignedHeaders=host, Signature=ab12`
  expect(refusalOf(header)).toMatchObject({ name: 'InvalidSignatureException', message })
})

function refusalOf(header: string): Error {
  try {
    parseAuthorization(header)
  } catch (error) {
    if (error instanceof Error) return error
  }
  throw new Error('Nothing was refused.')
}
