import { IncompleteSignatureException, InvalidSignatureException } from '../wire/errors.ts'
import { type CredentialScope, signingAlgorithm, signingService } from '../wire/signature.ts'

/** What the `Authorization` header of a signed request says. */
export type Authorization = {
  readonly accessKeyId: string
  readonly scope: CredentialScope
  /** In lower case, in the order in which they were signed. */
  readonly signedHeaders: readonly string[]
  readonly signature: string
}

/**
 * Reads `AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…`.
 *
 * @throws IncompleteSignatureException when a part is missing or malformed.
 * @throws InvalidSignatureException when the scope is another service's.
 */
export function parseAuthorization(header: string): Authorization {
  const [algorithm, ...rest] = header.split(' ')
  if (algorithm !== signingAlgorithm) {
    throw new IncompleteSignatureException(`Unsupported AWS 'algorithm': '${algorithm}'.`)
  }
  const parameters = parseParameters(rest.join(''))
  const [credential, signedHeaders, signature] = requireParameters(parameters)
  return { ...parseCredential(credential), signedHeaders: signedHeaders.split(';'), signature }
}

function parseParameters(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split(',').map((parameter) => {
      const [name = '', ...value] = parameter.split('=')
      return [name, value.join('=')]
    }),
  )
}

function requireParameters(parameters: ReadonlyMap<string, string>): readonly [string, string, string] {
  const [credential, signedHeaders, signature] = ['Credential', 'SignedHeaders', 'Signature'].map((n) =>
    parameters.get(n),
  )
  if (credential && signedHeaders && signature) return [credential, signedHeaders, signature]
  const missing = Object.entries({ Credential: credential, SignedHeaders: signedHeaders, Signature: signature })
  throw new IncompleteSignatureException(
    missing.flatMap(([name, value]) => (value ? [] : [`Authorization header requires '${name}' parameter.`])).join(' '),
  )
}

function parseCredential(credential: string): Pick<Authorization, 'accessKeyId' | 'scope'> {
  const [accessKeyId, date, region, service, terminator, ...more] = credential.split('/')
  if (!(accessKeyId && date && region && service && terminator) || more.length > 0) {
    throw new IncompleteSignatureException(
      `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential}'`,
    )
  }
  if (service !== signingService) {
    throw new InvalidSignatureException(`Credential should be scoped to correct service: '${signingService}'.`)
  }
  if (terminator !== 'aws4_request') {
    throw new InvalidSignatureException(
      `Credential should be scoped with a valid terminator: 'aws4_request', not '${terminator}'.`,
    )
  }
  return { accessKeyId, scope: { date, region } }
}
