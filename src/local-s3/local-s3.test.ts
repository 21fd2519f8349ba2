import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import {
  AbortMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { LocalS3 } from './local-s3.ts'

const CREDENTIALS = { accessKeyId: 'AKIATEST', secretAccessKey: 'test-secret' }

let folder: string
let endpoint: string
let s3: LocalS3
let client: S3Client

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-s3-'))
  s3 = new LocalS3({
    folder,
    secretOf: (accessKeyId) => (accessKeyId === CREDENTIALS.accessKeyId ? CREDENTIALS.secretAccessKey : undefined),
    onError: (error) => {
      throw error
    },
  })
  endpoint = `http://127.0.0.1:${await s3.start({ host: '127.0.0.1', port: 0 })}`
  client = new S3Client({ endpoint, region: 'us-east-1', credentials: CREDENTIALS, maxAttempts: 1 })
})

afterAll(async () => {
  client.destroy()
  await s3.stop()
  await rm(folder, { recursive: true })
})

const put = (Bucket: string, Key: string, Body: string | Buffer) =>
  client.send(new PutObjectCommand({ Bucket, Key, Body }))

const read = async (Bucket: string, Key: string, Range?: string) =>
  (await client.send(new GetObjectCommand({ Bucket, Key, Range }))).Body?.transformToString()

const keysOf = async (Bucket: string, options: { Prefix?: string; MaxKeys?: number } = {}) => {
  const keys: (string | undefined)[] = []
  let token: string | undefined
  do {
    const page: { Contents?: { Key?: string }[]; NextContinuationToken?: string } = await client.send(
      new ListObjectsV2Command({ Bucket, ...options, ContinuationToken: token }),
    )
    keys.push(...(page.Contents ?? []).map(({ Key }) => Key))
    token = page.NextContinuationToken
  } while (token !== undefined)
  return keys
}

test('an object is a plain file in a plain folder, and a file put there by hand is an object', async () => {
  await put('plain', 'logs/2026-01-01/access.log', 'GET /')
  expect(await readFile(join(folder, 'plain/logs/2026-01-01/access.log'), 'utf8')).toBe('GET /')
  await mkdir(join(folder, 'plain/raw'))
  await writeFile(join(folder, 'plain/raw/by-hand.txt'), 'hello')
  expect(await read('plain', 'raw/by-hand.txt')).toBe('hello')
  expect(await keysOf('plain')).toEqual(['logs/2026-01-01/access.log', 'raw/by-hand.txt'])
})

test('a body of unknown length arrives whole', async () => {
  const parts = [Buffer.alloc(6_000_000, 1), Buffer.alloc(6_000_000, 2), Buffer.from('end')]
  const upload = new Upload({ client, params: { Bucket: 'streams', Key: 'long', Body: Readable.from(parts) } })
  await upload.done()
  const bytes = await readFile(join(folder, 'streams/long'))
  expect(bytes.equals(Buffer.concat(parts))).toBe(true)
  const head = await client.send(new HeadObjectCommand({ Bucket: 'streams', Key: 'long' }))
  expect(head.ETag).toMatch(/^"[0-9a-f]{32}-3"$/)
})

test('a file that is streamed arrives whole, checked by the checksum that follows it', async () => {
  const path = join(folder, 'streamed.bin')
  const bytes = Buffer.alloc(300_000, 'stream')
  await writeFile(path, bytes)
  await client.send(new PutObjectCommand({ Bucket: 'streams', Key: 'file', Body: createReadStream(path) }))
  expect((await readFile(join(folder, 'streams/file'))).equals(bytes)).toBe(true)
})

test('what an object was written with is what it is read with', async () => {
  const params = {
    Bucket: 'meta',
    Key: 'a',
    ContentType: 'text/csv',
    ContentEncoding: 'gzip',
    Metadata: { origin: 'x' },
  }
  const { ETag } = await client.send(new PutObjectCommand({ ...params, Body: 'abc' }))
  const head = await client.send(new HeadObjectCommand({ Bucket: 'meta', Key: 'a' }))
  expect(ETag).toBe(`"${createHash('md5').update('abc').digest('hex')}"`)
  expect(head).toMatchObject({ ContentType: 'text/csv', ContentEncoding: 'gzip', Metadata: { origin: 'x' }, ETag })
  expect(head.ContentLength).toBe(3)
})

test('a file changed by hand does not keep the metadata of the object it was', async () => {
  await client.send(new PutObjectCommand({ Bucket: 'meta', Key: 'edited', Body: 'abc', ContentType: 'text/csv' }))
  await writeFile(join(folder, 'meta/edited'), 'abcdef')
  const head = await client.send(new HeadObjectCommand({ Bucket: 'meta', Key: 'edited' }))
  expect(head).toMatchObject({ ContentType: 'binary/octet-stream', ContentLength: 6 })
  expect(head.ETag).toMatch(/-1"$/)
})

test('keys are what they are: escapes, doubled slashes, dots, names that are folders as well', async () => {
  const keys = [
    '..',
    '../../outside',
    'a',
    'a/',
    'a//b',
    'a/b',
    'a/b/c',
    'dt=2026-01-01/x:y+z#q?.log',
    'p%20q',
    'ü/€ 𝄞',
  ]
  for (const key of keys) await put('keys', key, key)
  for (const key of keys) expect(await read('keys', key)).toBe(key)
  expect((await keysOf('keys')).sort()).toEqual([...keys].sort())
  for (const key of keys) await client.send(new DeleteObjectCommand({ Bucket: 'keys', Key: key }))
  expect(await readdir(join(folder, 'keys'))).toEqual([])
})

test('a listing is in the order of bytes, whatever the size of its pages', async () => {
  const keys = ['a', 'a-b', 'a/1', 'a/2', 'a0', 'b/', 'b/x/y', 'm-', 'm/1', 'z', 'é', '\u{ffff}', '𝄞']
  for (const key of [...keys].reverse()) await put('order', key, 'x')
  for (const MaxKeys of [1, 2, 5, 1000]) expect(await keysOf('order', { MaxKeys })).toEqual(keys)
  expect(await keysOf('order', { Prefix: 'a/', MaxKeys: 1 })).toEqual(['a/1', 'a/2'])
  expect(await keysOf('order', { Prefix: 'b/', MaxKeys: 1 })).toEqual(['b/', 'b/x/y'])
})

test('keys that share what stands before a delimiter are rolled up, across pages too', async () => {
  for (const key of ['a', 'b/1', 'b/2', 'c/1', 'c/2', 'd', 'x//1']) await put('rolled', key, 'x')
  const pages: string[][] = []
  let token: string | undefined
  do {
    const page: {
      Contents?: { Key?: string }[]
      CommonPrefixes?: { Prefix?: string }[]
      NextContinuationToken?: string
    } = await client.send(
      new ListObjectsV2Command({ Bucket: 'rolled', Delimiter: '/', MaxKeys: 2, ContinuationToken: token }),
    )
    const items = [...(page.Contents ?? []).map(({ Key }) => Key), ...(page.CommonPrefixes ?? []).map((p) => p.Prefix)]
    pages.push(items.map(String))
    token = page.NextContinuationToken
  } while (token !== undefined)
  expect(pages).toEqual([['a', 'b/'], ['d', 'c/'], ['x/']])
  const old = await client.send(new ListObjectsCommand({ Bucket: 'rolled', Delimiter: '/', Marker: 'b/', MaxKeys: 1 }))
  expect([old.CommonPrefixes, old.NextMarker]).toEqual([[{ Prefix: 'c/' }], 'c/'])
})

test('a copy has the bytes and the metadata of its source, whatever the key', async () => {
  const Key = 'dt=2026-01-01/x:y+z#q?.log'
  await client.send(new PutObjectCommand({ Bucket: 'copies', Key, Body: 'abc', ContentType: 'text/csv' }))
  const CopySource = `copies/${encodeURIComponent(Key)}`
  await client.send(new CopyObjectCommand({ Bucket: 'copies', Key: 'kept', CopySource }))
  await client.send(
    new CopyObjectCommand({
      Bucket: 'copies',
      Key,
      CopySource,
      MetadataDirective: 'REPLACE',
      ContentType: 'text/plain',
    }),
  )
  const kept = await client.send(new GetObjectCommand({ Bucket: 'copies', Key: 'kept' }))
  expect([await kept.Body?.transformToString(), kept.ContentType]).toEqual(['abc', 'text/csv'])
  const replaced = await client.send(new HeadObjectCommand({ Bucket: 'copies', Key }))
  expect(replaced.ContentType).toBe('text/plain')
  const missing = client.send(new CopyObjectCommand({ Bucket: 'copies', Key: 'b', CopySource: 'copies/none' }))
  await expect(missing).rejects.toMatchObject({ name: 'NoSuchKey' })
})

test('a copy can be made to depend on the version of its source', async () => {
  const { ETag } = await put('copies', 'versioned', 'abc')
  const target = { Bucket: 'copies', Key: 'copy', CopySource: 'copies/versioned' }
  await client.send(new CopyObjectCommand({ ...target, CopySourceIfMatch: ETag }))
  const other = client.send(new CopyObjectCommand({ ...target, CopySourceIfNoneMatch: ETag }))
  await expect(other).rejects.toMatchObject({ name: 'PreconditionFailed' })
})

test('a reader who has the object already is not sent it again', async () => {
  const { ETag } = await put('conditions', 'known', 'abc')
  const again = client.send(new GetObjectCommand({ Bucket: 'conditions', Key: 'known', IfNoneMatch: ETag }))
  await expect(again).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } })
})

test('ranges are read as HTTP defines them', async () => {
  await put('ranges', 'a', '0123456789')
  expect(await read('ranges', 'a', 'bytes=0-0')).toBe('0')
  expect(await read('ranges', 'a', 'bytes=7-')).toBe('789')
  expect(await read('ranges', 'a', 'bytes=-3')).toBe('789')
  expect(await read('ranges', 'a', 'bytes=5-100')).toBe('56789')
  await expect(read('ranges', 'a', 'bytes=10-')).rejects.toMatchObject({ name: 'InvalidRange' })
})

test('a write can be made to depend on what is there', async () => {
  const params = { Bucket: 'conditions', Key: 'once', Body: 'first' }
  const { ETag } = await client.send(new PutObjectCommand({ ...params, IfNoneMatch: '*' }))
  const again = client.send(new PutObjectCommand({ ...params, Body: 'second', IfNoneMatch: '*' }))
  await expect(again).rejects.toMatchObject({ name: 'PreconditionFailed' })
  expect(await read('conditions', 'once')).toBe('first')
  await client.send(new PutObjectCommand({ ...params, Body: 'third', IfMatch: ETag }))
  expect(await read('conditions', 'once')).toBe('third')
})

test('a multipart upload is joined from its parts, or leaves nothing behind', async () => {
  const target = { Bucket: 'parts', Key: 'joined' }
  await put('parts', 'source', Buffer.alloc(5 * 1024 * 1024, 's'))
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(target))
  await client.send(new UploadPartCopyCommand({ ...target, UploadId, PartNumber: 1, CopySource: 'parts/source' }))
  await client.send(new UploadPartCommand({ ...target, UploadId, PartNumber: 2, Body: 'tail' }))
  const listed = await client.send(new ListPartsCommand({ ...target, UploadId }))
  expect(listed.Parts?.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([
    [1, 5 * 1024 * 1024],
    [2, 4],
  ])
  await client.send(new AbortMultipartUploadCommand({ ...target, UploadId }))
  expect(await keysOf('parts')).toEqual(['source'])
  await expect(client.send(new ListPartsCommand({ ...target, UploadId }))).rejects.toMatchObject({
    name: 'NoSuchUpload',
  })
})

test('several objects are deleted in one request, those that are not there included', async () => {
  for (const key of ['a&b', 'c', 'd']) await put('deleted', key, 'x')
  const Objects = ['a&b', 'c', 'none'].map((Key) => ({ Key }))
  const { Deleted } = await client.send(new DeleteObjectsCommand({ Bucket: 'deleted', Delete: { Objects } }))
  expect(Deleted?.map(({ Key }) => Key)).toEqual(['a&b', 'c', 'none'])
  expect(await keysOf('deleted')).toEqual(['d'])
})

test('keys with blanks, line ends and what XML gives a meaning to are deleted as they are', async () => {
  const keys = [' blank ', 'line\r\nend', '&amp;<b>', '00123', '1e3', 'true']
  for (const key of keys) await put('odd', key, 'x')
  await client.send(new DeleteObjectsCommand({ Bucket: 'odd', Delete: { Objects: keys.map((Key) => ({ Key })) } }))
  expect(await keysOf('odd')).toEqual([])
})

test('buckets are created, listed and deleted when empty', async () => {
  await client.send(new CreateBucketCommand({ Bucket: 'made' }))
  await expect(client.send(new CreateBucketCommand({ Bucket: 'made' }))).rejects.toMatchObject({
    name: 'BucketAlreadyOwnedByYou',
  })
  const { Buckets } = await client.send(new ListBucketsCommand({}))
  expect(Buckets?.map(({ Name }) => Name)).toContain('made')
  await put('made', 'a/b', 'x')
  await expect(client.send(new DeleteBucketCommand({ Bucket: 'made' }))).rejects.toMatchObject({
    name: 'BucketNotEmpty',
  })
  await client.send(new DeleteObjectCommand({ Bucket: 'made', Key: 'a/b' }))
  await client.send(new DeleteBucketCommand({ Bucket: 'made' }))
  await expect(keysOf('made')).rejects.toMatchObject({ name: 'NoSuchBucket' })
})

test('a bucket that is only read does not come into being', async () => {
  await expect(read('never', 'a')).rejects.toMatchObject({ name: 'NoSuchBucket' })
  expect(await readdir(folder)).not.toContain('never')
})

test('nobody reads or writes without a right signature', async () => {
  await put('guarded', 'a', 'secret')
  const unsigned = await fetch(`${endpoint}/guarded/a`)
  expect([unsigned.status, await unsigned.text()]).toEqual([403, expect.stringContaining('<Code>AccessDenied</Code>')])
  const removal = await fetch(`${endpoint}/guarded/a`, { method: 'DELETE' })
  expect(removal.status).toBe(403)
  const stranger = new S3Client({
    endpoint,
    region: 'us-east-1',
    credentials: { ...CREDENTIALS, secretAccessKey: 'no' },
  })
  const stolen = stranger.send(new GetObjectCommand({ Bucket: 'guarded', Key: 'a' }))
  await expect(stolen).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' })
  stranger.destroy()
  expect(await read('guarded', 'a')).toBe('secret')
})

test('a signature with characters that no signature has is a wrong one, and no failure of the endpoint', async () => {
  const amzDate = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '')
  const scope = `${CREDENTIALS.accessKeyId}/${amzDate.slice(0, 8)}/us-east-1/s3/aws4_request`
  const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=${'é'.repeat(64)}`
  const headers = { authorization, 'x-amz-date': amzDate, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }
  const answer = await fetch(`${endpoint}/guarded/a`, { headers })
  expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining('SignatureDoesNotMatch')])
})

test('a reader chooses headers of the answer, but none that no header can be', async () => {
  await put('headers', 'a', 'abc')
  const get = (ResponseContentDisposition: string) =>
    client.send(new GetObjectCommand({ Bucket: 'headers', Key: 'a', ResponseContentDisposition }))
  const chosen = await get('attachment; filename="a.txt"')
  expect([chosen.ContentDisposition, await chosen.Body?.transformToString()]).toEqual([
    'attachment; filename="a.txt"',
    'abc',
  ])
  await expect(get('a\r\nx-injected: b')).rejects.toMatchObject({ name: 'InvalidArgument' })
})

test('an operation that is missing says so', async () => {
  const tagging = client.send(new GetObjectTaggingCommand({ Bucket: 'guarded', Key: 'a' }))
  await expect(tagging).rejects.toMatchObject({ name: 'NotImplemented', $metadata: { httpStatusCode: 501 } })
})

test('a body that is not what its digest says does not become an object', async () => {
  const wrong = new PutObjectCommand({
    Bucket: 'digests',
    Key: 'a',
    Body: 'abc',
    ContentMD5: '1B2M2Y8AsgTpgAmY7PhCfg==',
  })
  await expect(client.send(wrong)).rejects.toMatchObject({ name: 'BadDigest' })
  const checksum = new PutObjectCommand({ Bucket: 'digests', Key: 'a', Body: 'abc', ChecksumCRC32: 'AAAAAA==' })
  await expect(client.send(checksum)).rejects.toMatchObject({ name: 'BadDigest' })
  expect(await readdir(folder)).not.toContain('digests')
})
