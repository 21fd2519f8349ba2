import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { CommandLine } from '../../../test/command-line.ts'
import { startS3, type TestS3 } from '../../../test/s3.ts'
import { runAws } from './aws.ts'

let s3: TestS3
let folder: string

beforeAll(async () => {
  s3 = await startS3()
})

afterAll(() => s3.stop())

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-aws-'))
})

afterEach(async () => {
  await aws('s3', 'rm', 's3://bucket', '--recursive')
  await rm(folder, { recursive: true })
})

/** Runs one command; what it printed, what went to standard output as data, and its status. */
async function aws(...args: string[]) {
  return awsWithInput('', ...args)
}

async function awsWithInput(input: string, ...args: string[]) {
  const line = new CommandLine({ s3: s3.client })
  const output = new PassThrough()
  await runAws(args, line.context, { input: Readable.from([Buffer.from(input)]), output })
  output.end()
  return { printed: line.output, errors: line.errors, data: await text(output), status: line.status }
}

const local = (...names: string[]) => join(folder, ...names)

test('a file goes up under its own name or another, and comes down again', async () => {
  await writeFile(local('a.txt'), 'hello')
  const up = await aws('s3', 'cp', local('a.txt'), 's3://bucket/in/')
  expect(up).toMatchObject({ printed: `upload: ${local('a.txt')} to s3://bucket/in/a.txt\n`, status: 0 })
  await aws('s3', 'cp', 's3://bucket/in/a.txt', 's3://bucket/copy')
  await aws('s3', 'cp', 's3://bucket/copy', local('b.txt'), '--quiet')
  expect(await readFile(local('b.txt'), 'utf8')).toBe('hello')
  expect((await aws('s3', 'cp', 's3://bucket/copy', folder)).printed).toContain(local('copy'))
})

test('a stream goes up from standard input and comes down to standard output', async () => {
  await awsWithInput('piped', 's3', 'cp', '-', 's3://bucket/stream')
  expect(await aws('s3', 'cp', 's3://bucket/stream', '-')).toMatchObject({ data: 'piped', printed: '', status: 0 })
})

test('a folder goes up and down with its subfolders, without what is excluded', async () => {
  await mkdir(local('in/sub'), { recursive: true })
  for (const name of ['in/a.txt', 'in/b.log', 'in/sub/c.txt']) await writeFile(local(name), name)
  await aws('s3', 'cp', local('in'), 's3://bucket/folder', '--recursive', '--exclude', '*', '--include', '*.txt')
  expect(await s3.keys('s3://bucket/')).toEqual(['folder/a.txt', 'folder/sub/c.txt'])
  await aws('s3', 'cp', 's3://bucket/folder/', local('out'), '--recursive')
  expect(await readFile(local('out/sub/c.txt'), 'utf8')).toBe('in/sub/c.txt')
})

test('sync carries only what is new, and deletes only when told to', async () => {
  await mkdir(local('in'))
  for (const name of ['a', 'b']) await writeFile(local('in', name), name)
  await aws('s3', 'sync', local('in'), 's3://bucket/synced')
  expect((await aws('s3', 'sync', local('in'), 's3://bucket/synced')).printed).toBe('')
  await writeFile(local('in/a'), 'changed')
  await rm(local('in/b'))
  const again = await aws('s3', 'sync', local('in'), 's3://bucket/synced')
  expect(again.printed).toBe(`upload: ${local('in/a')} to s3://bucket/synced/a\n`)
  await aws('s3', 'sync', local('in'), 's3://bucket/synced', '--delete')
  expect(await s3.keys('s3://bucket/')).toEqual(['synced/a'])
})

test('what is moved is gone from where it was', async () => {
  await s3.put('s3://bucket/old', 'x')
  await aws('s3', 'mv', 's3://bucket/old', 's3://bucket/new')
  expect(await s3.keys('s3://bucket/')).toEqual(['new'])
})

test('a listing shows prefixes as folders, or every key', async () => {
  for (const key of ['l/a', 'l/sub/b', 'l/sub/c']) await s3.put(`s3://bucket/${key}`, 'xyz')
  const { printed } = await aws('s3', 'ls', 's3://bucket/l/')
  expect(printed.split('\n').map((line) => line.slice(20))).toEqual(['         3 a', '       PRE sub/', ''])
  expect((await aws('s3', 'ls', 's3://bucket/l/', '--recursive')).printed).toContain('3 l/sub/c\n')
  expect((await aws('s3', 'ls', 's3://bucket/none')).status).toBe(1)
  expect((await aws('s3', 'ls')).printed).toMatch(/ bucket\n$/)
})

test('a transfer that fails is named, and the others go on', async () => {
  const missing = await aws('s3', 'cp', 's3://bucket/none', local('x'))
  expect(missing).toMatchObject({ status: 1, errors: expect.stringContaining('download failed: s3://bucket/none') })
})

test('a key cannot lead out of the folder that it is copied to', async () => {
  await s3.put('s3://bucket/evil/../../outside', 'x')
  await expect(aws('s3', 'cp', 's3://bucket/evil', local('out'), '--recursive')).rejects.toThrow('cannot be the name')
})

test('options that say where to ask are understood, wherever they stand', async () => {
  await s3.put('s3://bucket/a', 'x')
  const { data } = await aws('--region', 'eu-west-1', 's3', 'cp', '--no-progress', 's3://bucket/a', '-')
  expect(data).toBe('x')
})

test('what the stand-in does not offer is refused by name', async () => {
  await expect(aws('ec2', 'describe-instances')).rejects.toThrow("not 'aws ec2'")
  await expect(aws('s3', 'website')).rejects.toThrow("'aws s3 website'")
  await expect(aws('s3', 'cp', 'a', 'b', '--grants', 'x')).rejects.toThrow('--grants')
})
