import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { CreateBucketCommand, type S3Client } from '@aws-sdk/client-s3'
import { getObject } from '../src/datanodes/s3/get-object.ts'
import { listObjects } from '../src/datanodes/s3/list-objects.ts'
import { putObject } from '../src/datanodes/s3/put-object.ts'
import { createS3Client } from '../src/datanodes/s3/s3-client.ts'
import type { S3Settings } from '../src/datanodes/s3/s3-settings.ts'
import { parseS3Uri, type S3Uri } from '../src/datanodes/s3/s3-uri.ts'
import { LocalS3 } from '../src/local-s3/local-s3.ts'

/** A whole S3 on a folder of its own, with one empty bucket, and short ways to look at it. */
export type TestS3 = {
  readonly settings: S3Settings
  readonly client: S3Client
  put(uriText: string, body: string | Buffer): Promise<void>
  read(uriText: string): Promise<string>
  /** The keys under a prefix, as S3 lists them. */
  keys(uriText: string): Promise<readonly string[]>
  stop(): Promise<void>
}

/** Starts S3 on a free port; the bucket `bucket` exists. */
export async function startS3(): Promise<TestS3> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-s3-'))
  const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'test-secret' }
  const server = new LocalS3({
    folder,
    secretOf: (accessKeyId) => (accessKeyId === credentials.accessKeyId ? credentials.secretAccessKey : undefined),
    onError: (error) => {
      throw error
    },
  })
  const port = await server.start({ host: '127.0.0.1', port: 0 })
  const settings = {
    region: 'us-east-1',
    endpoint: `http://127.0.0.1:${port}`,
    credentials,
    addressing: 'path',
  } as const
  const client = createS3Client(settings)
  await client.send(new CreateBucketCommand({ Bucket: 'bucket' }))
  const { signal } = new AbortController()
  return {
    settings,
    client,
    put: (uriText, body) => putObject(client, s3Uri(uriText), { body: Buffer.from(body), encryption: 'NONE', signal }),
    read: async (uriText) => text(await getObject(client, s3Uri(uriText), signal)),
    async keys(uriText) {
      const objects = await Array.fromAsync(listObjects(client, s3Uri(uriText)))
      return objects.map(({ uri }) => uri.key)
    },
    async stop() {
      client.destroy()
      await server.stop()
      await rm(folder, { recursive: true })
    },
  }
}

/** The location that `text` names. */
export function s3Uri(uriText: string): S3Uri {
  const uri = parseS3Uri(uriText)
  if (uri === undefined) throw new Error(`${uriText} is no S3 URI.`)
  return uri
}
