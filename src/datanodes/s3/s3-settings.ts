/** Where S3 is and who asks. */
export type S3Settings = {
  readonly region: string
  /** The URL of an S3 endpoint other than the region's own. */
  readonly endpoint?: string | undefined
  /** Without them, the SDK's default chain applies: environment, shared files, the machine's role. */
  readonly credentials?: AwsCredentials | undefined
  /** `path` puts the bucket into the path of the URL, `host` into its host name. */
  readonly addressing: 'path' | 'host'
  /** The proxy that requests go through, `http://user:password@host:port`; none to loopback addresses. */
  readonly proxyUrl?: string | undefined
}

/** The keys of one caller; a session token comes with the temporary ones of a role. */
export type AwsCredentials = {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string | undefined
}

/**
 * The environment that makes the AWS CLI and the SDKs inside a command reach the same S3 in the same name.
 *
 * @source ours: on EC2 the original's commands found all this in the instance's metadata
 */
export function s3Environment({ region, endpoint, credentials }: S3Settings): Readonly<Record<string, string>> {
  return {
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    ...(endpoint === undefined
      ? {}
      : {
          AWS_ENDPOINT_URL_S3: endpoint,
          AWS_REQUEST_CHECKSUM_CALCULATION: 'when_required',
          AWS_RESPONSE_CHECKSUM_VALIDATION: 'when_required',
        }),
    ...(credentials === undefined
      ? {}
      : {
          AWS_ACCESS_KEY_ID: credentials.accessKeyId,
          AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
          ...(credentials.sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: credentials.sessionToken }),
        }),
  }
}
