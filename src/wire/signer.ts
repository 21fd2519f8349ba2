import type { Instant } from '../core/instant.ts'
import type { OperationName } from './inputs.ts'
import { scopeText, signature, signingAlgorithm, signingKey, signingTimestamp } from './signature.ts'

/** Who signs. */
export type Credentials = {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Comes with the temporary keys of a role. */
  readonly sessionToken?: string | undefined
}

/** The headers of a signed request for an operation with this body. */
export type Signer = (operation: OperationName, body: string) => Record<string, string>

/** Signs requests in the name of one caller; keeps the day's signing key. */
export function createSigner(options: {
  readonly credentials: Credentials
  readonly region: string
  readonly endpoint: string
  readonly now: () => Instant
}): Signer {
  const { credentials, region } = options
  const { host } = new URL(options.endpoint)
  let day: { date: string; key: Uint8Array } = { date: '', key: new Uint8Array() }

  return (operation, body) => {
    const timestamp = signingTimestamp(options.now())
    const scope = { date: timestamp.slice(0, 8), region }
    if (day.date !== scope.date) day = { date: scope.date, key: signingKey(credentials.secretAccessKey, scope) }

    const headers: Record<string, string> = {
      'content-type': 'application/x-amz-json-1.1',
      host,
      'x-amz-date': timestamp,
      ...(credentials.sessionToken !== undefined && { 'x-amz-security-token': credentials.sessionToken }),
      'x-amz-target': `DataPipeline.${operation}`,
    }
    const signedHeaders = Object.keys(headers)
    const request = { method: 'POST', path: '/', query: '', headers, signedHeaders, body, timestamp, scope }
    headers.authorization =
      `${signingAlgorithm} Credential=${credentials.accessKeyId}/${scopeText(scope)}, ` +
      `SignedHeaders=${signedHeaders.join(';')}, Signature=${signature(request, day.key)}`
    return headers
  }
}
