import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { s3Uri, startS3, type TestS3 } from '../../../test/s3.ts'
import { copyObject } from './copy-object.ts'
import { getObject } from './get-object.ts'
import { headObject } from './head-object.ts'
import { listObjects } from './list-objects.ts'
import { putObject } from './put-object.ts'
import { downloadDirectory, uploadDirectory } from './transfer-directory.ts'

const { signal } = new AbortController()
const encryption = 'SERVER_SIDE_ENCRYPTION'
const MIB = 1024 * 1024

let s3: TestS3
let folder: string

beforeAll(async () => {
  s3 = await startS3()
  folder = await mkdtemp(join(tmpdir(), 'millrace-datanodes-'))
})

afterAll(async () => {
  await s3.stop()
  await rm(folder, { recursive: true })
})

test('keys may hold any character', async () => {
  const keys = ['a b', 'c+d', 'e?f=g&h', 'i#j', 'k%20l', 'ü/日本', "(m)*'!", 'n//o', 'p;q:r@s,t$u=v']
  for (const key of keys) await s3.put(`s3://bucket/odd/${key}`, key)
  expect(new Set(await s3.keys('s3://bucket/odd/'))).toEqual(new Set(keys.map((key) => `odd/${key}`)))
  for (const key of keys) {
    const source = { uri: s3Uri(`s3://bucket/odd/${key}`), sizeBytes: 1 }
    await copyObject(s3.client, { source, target: s3Uri(`s3://bucket/copied/${key}`), encryption, signal })
    expect(await s3.read(`s3://bucket/copied/${key}`)).toBe(key)
  }
})

test('lists every page', async () => {
  for (const name of ['a', 'b', 'c', 'd', 'e']) await s3.put(`s3://bucket/paged/${name}`, name)
  const objects = await Array.fromAsync(listObjects(s3.client, s3Uri('s3://bucket/paged/'), { pageSize: 2 }))
  expect(objects.map(({ uri, sizeBytes }) => [uri.key, sizeBytes])).toEqual(
    ['a', 'b', 'c', 'd', 'e'].map((name) => [`paged/${name}`, 1]),
  )
})

test('finds an object, and nothing where there is none', async () => {
  await s3.put('s3://bucket/head', 'four')
  expect(await headObject(s3.client, s3Uri('s3://bucket/head'))).toMatchObject({ sizeBytes: 4 })
  expect(await headObject(s3.client, s3Uri('s3://bucket/head/none'))).toBeUndefined()
  expect(await headObject(s3.client, s3Uri('s3://no-such-bucket/head'))).toBeUndefined()
})

test('a request that S3 refuses names the operation, the object and what S3 said', async () => {
  await expect(getObject(s3.client, s3Uri('s3://bucket/missing'), signal)).rejects.toMatchObject({
    name: 'TaskFailure',
    errorId: 'S3RequestFailed',
    message: expect.stringMatching(
      /^GetObject of s3:\/\/bucket\/missing failed: Status Code: 404, AWS Service: Amazon S3, .* AWS Error Code: NoSuchKey, /,
    ),
  })
})

test('stores a stream that is longer than a part', async () => {
  const block = Buffer.alloc(MIB, 'x')
  const body = Readable.from(Array.from({ length: 20 }, () => block))
  await putObject(s3.client, s3Uri('s3://bucket/long'), { body, encryption, signal, sizeBytesMax: 20 * MIB })
  expect(await headObject(s3.client, s3Uri('s3://bucket/long'))).toMatchObject({ sizeBytes: 20 * MIB })
})

test('fails with what the stream failed with, and stores nothing', async () => {
  async function* blocks() {
    for (let index = 0; index < 20; index++) yield Buffer.alloc(MIB)
    throw new Error('the source broke off')
  }
  const uri = s3Uri('s3://bucket/broken')
  const body = Readable.from(blocks())
  await expect(putObject(s3.client, uri, { body, encryption, signal, sizeBytesMax: MIB })).rejects.toThrow(
    'the source broke off',
  )
  expect(await headObject(s3.client, uri)).toBeUndefined()
})

test('an upload that is aborted ends at once', async () => {
  const controller = new AbortController()
  const body = new Readable({ read: () => undefined })
  const storing = putObject(s3.client, s3Uri('s3://bucket/aborted'), { body, encryption, signal: controller.signal })
  controller.abort()
  await expect(storing).rejects.toThrow('abort')
  body.destroy()
})

test('copies an object in parts when it is larger than S3 copies at once', async () => {
  const content = Buffer.from(Array.from({ length: 1_500_000 }, (_, index) => `${index}\n`).join(''))
  await s3.put('s3://bucket/big', content)
  await copyObject(s3.client, {
    source: { uri: s3Uri('s3://bucket/big'), sizeBytes: content.length },
    target: s3Uri('s3://bucket/big-copy'),
    encryption,
    signal,
    singleCopyBytesMax: 5 * MIB,
  })
  expect((await s3.read('s3://bucket/big-copy')) === content.toString()).toBe(true)
})

test('a directory comes back as it was stored', async () => {
  const source = join(folder, 'source')
  await s3.put('s3://bucket/tree/a.txt', 'a')
  await s3.put('s3://bucket/tree/b/c.txt', 'c')
  await s3.put('s3://bucket/tree/empty/', '')
  await s3.put('s3://bucket/tree-not-in-it', '')
  await downloadDirectory(s3.client, s3Uri('s3://bucket/tree/'), { folder: source, signal })
  expect(await readFile(join(source, 'b/c.txt'), 'utf8')).toBe('c')
  await writeFile(join(source, 'd.txt'), 'd')
  await symlink('d.txt', join(source, 'link'))
  await symlink('nowhere', join(source, 'dangling'))
  await uploadDirectory(s3.client, s3Uri('s3://bucket/again/'), { folder: source, encryption, signal })
  expect(await s3.keys('s3://bucket/again')).toEqual(['again/a.txt', 'again/b/c.txt', 'again/d.txt', 'again/link'])
  expect(await s3.read('s3://bucket/again/link')).toBe('d')
})

test('a key cannot lead out of the folder that it is fetched into', async () => {
  await s3.put('s3://bucket/trap/../../escaped', 'x')
  await expect(
    downloadDirectory(s3.client, s3Uri('s3://bucket/trap/'), { folder: join(folder, 'trap'), signal }),
  ).rejects.toMatchObject({ errorId: 'InvalidField' })
})
