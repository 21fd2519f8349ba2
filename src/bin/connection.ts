import { S3Client } from '@aws-sdk/client-s3'
import { type Connection, type ConnectionFlags, Unusable } from '../cli/command-context.ts'
import { instant } from '../core/instant.ts'
import { createHttpTransport } from '../transport/http-transport.ts'
import { createClient } from '../wire/client.ts'
import type { Credentials } from '../wire/signer.ts'
import { readAccessKey } from './access-key.ts'
import { type Environment, parseUrl, resolveDataFolder, SERVER_DEFAULTS } from './config.ts'
import { readServerRecord } from './server-record.ts'

/** Where requests go and in whose name. */
type Target = {
  readonly endpoint: string
  readonly s3Endpoint: string | undefined
  readonly region: string
  readonly credentials: Credentials
}

/**
 * Finds the server that is meant and a key for it: an endpoint that is named goes with the keys of the environment, else with those of
 * the data folder; with no endpoint named, it is the server of the data folder.
 *
 * @throws Unusable when there is no such server or no key.
 */
export async function connect(flags: ConnectionFlags, environment: Environment): Promise<Connection> {
  const { endpoint, s3Endpoint, region, credentials } = await findTarget(flags, environment)
  const transport = createHttpTransport()
  const now = () => instant(Date.now())
  const s3 = new S3Client({
    region,
    ...(s3Endpoint === undefined ? {} : { endpoint: s3Endpoint, forcePathStyle: true, credentials }),
  })
  return {
    client: createClient({ transport: transport.send, endpoint, region, credentials, now }),
    s3,
    close: () => {
      transport.close()
      s3.destroy()
    },
  }
}

async function findTarget(flags: ConnectionFlags, environment: Environment): Promise<Target> {
  const dataFolder = resolveDataFolder(flags.data, environment)
  const record = await readServerRecord(dataFolder)
  const key = await readAccessKey(dataFolder)
  const { AWS_ENDPOINT_URL_DATA_PIPELINE, AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_S3 } = environment
  const named =
    flags.endpoint ?? (flags.data === undefined ? (AWS_ENDPOINT_URL_DATA_PIPELINE ?? AWS_ENDPOINT_URL) : undefined)
  const region = flags.region ?? environment.AWS_REGION ?? environment.AWS_DEFAULT_REGION ?? record?.region
  if (named !== undefined) {
    const credentials = credentialsOf(environment) ?? key
    if (credentials === undefined) {
      throw new Unusable('There is no access key. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.')
    }
    return {
      endpoint: parseUrl('The endpoint', named),
      s3Endpoint: AWS_ENDPOINT_URL_S3 ?? AWS_ENDPOINT_URL,
      region: region ?? SERVER_DEFAULTS.region,
      credentials,
    }
  }
  if (record === undefined || key === undefined) {
    throw new Unusable(
      `No server runs on ${dataFolder}. Start one with 'millrace server', or name another one with --endpoint or --data.`,
    )
  }
  return { ...record, region: region ?? record.region, credentials: key }
}

function credentialsOf(environment: Environment): Credentials | undefined {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN } = environment
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined
  return { accessKeyId, secretAccessKey, sessionToken: AWS_SESSION_TOKEN }
}
