import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { S3Client } from '@aws-sdk/client-s3'
import type { AwsCredentials, S3Settings } from './s3-settings.ts'

/** Attempts at one request, the first included: enough to sit out a throttled second. */
const ATTEMPTS_MAX = 5

/** Connections to S3 that are open at once; transfers in parallel need several each. */
const CONNECTIONS_MAX = 64

/** Makes the client that all access to S3 goes through. */
export function createS3Client({ region, endpoint, credentials, addressing, proxyUrl }: S3Settings): S3Client {
  const agentOptions = {
    keepAlive: true,
    maxSockets: CONNECTIONS_MAX,
    ...(proxyUrl === undefined ? {} : { proxyEnv: proxyEnvironment(proxyUrl) }),
  }
  return new S3Client({
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials: withoutAbsent(credentials) }),
    forcePathStyle: addressing === 'path',
    maxAttempts: ATTEMPTS_MAX,
    requestHandler: { httpAgent: new HttpAgent(agentOptions), httpsAgent: new HttpsAgent(agentOptions) },
    // Checksums in trailers are younger than most S3-compatible servers, which answer them with an error or store them as data.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  })
}

const proxyEnvironment = (proxyUrl: string) => ({
  HTTP_PROXY: proxyUrl,
  HTTPS_PROXY: proxyUrl,
  NO_PROXY: 'localhost,127.0.0.1,::1',
})

const withoutAbsent = ({ accessKeyId, secretAccessKey, sessionToken }: AwsCredentials) => ({
  accessKeyId,
  secretAccessKey,
  ...(sessionToken === undefined ? {} : { sessionToken }),
})
