import type { AccessKey } from './access-key.ts'

/** What a person needs to know of a server that has started. */
export type StartedServer = {
  readonly endpoint: string
  readonly s3Endpoint: string
  readonly dataFolder: string
  readonly consoleUrl: string
  readonly region: string
  readonly workerGroups: readonly string[]
  readonly key: AccessKey
}

/** What `millrace server` prints when it is ready. */
export function banner(server: StartedServer): string {
  return `Millrace is ready.

  Endpoint      ${server.endpoint}
  S3            ${server.s3Endpoint}
  Data          ${server.dataFolder}
  Worker group  ${server.workerGroups.join(', ')}
  Console       ${server.consoleUrl} (works once)

To make the AWS CLI and the SDKs talk to it:

${exports(server).join('\n')}

Ctrl-C stops it.
`
}

function exports({ endpoint, s3Endpoint, region, key }: StartedServer): readonly string[] {
  const variables = {
    AWS_ENDPOINT_URL_DATA_PIPELINE: endpoint,
    AWS_ENDPOINT_URL_S3: s3Endpoint,
    AWS_ACCESS_KEY_ID: key.accessKeyId,
    AWS_SECRET_ACCESS_KEY: key.secretAccessKey,
    AWS_DEFAULT_REGION: region,
    AWS_REGION: region,
  }
  return Object.entries(variables).map(([name, value]) => `export ${name}=${value}`)
}
