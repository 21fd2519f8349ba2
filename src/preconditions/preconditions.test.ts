import { afterAll, beforeAll, expect, test } from 'vitest'
import { object, ref } from '../../test/builders.ts'
import { startS3, type TestS3 } from '../../test/s3.ts'
import type { PipelineObject } from '../core/definition/pipeline-object.ts'
import { checkExists } from './exists.ts'
import { checkS3KeyExists } from './s3-key-exists.ts'
import { checkS3PrefixNotEmpty } from './s3-prefix-not-empty.ts'
import { checkShellCommand } from './shell-command-precondition.ts'

let s3: TestS3

beforeAll(async () => {
  s3 = await startS3()
  await s3.put('s3://bucket/logs/day-1', '')
})

afterAll(() => s3.stop())

const keyExists = (s3Key: string) => checkS3KeyExists(new Map([['s3Key', [s3Key]]]), s3.client)
const prefixNotEmpty = (s3Prefix: string) => checkS3PrefixNotEmpty(new Map([['s3Prefix', [s3Prefix]]]), s3.client)

test('S3KeyExists holds for an object, even an empty one, and for nothing else', async () => {
  expect(await keyExists('s3://bucket/logs/day-1')).toEqual({ kind: 'met' })
  expect(await keyExists('s3://bucket/logs')).toEqual({ kind: 'notYet', message: 's3://bucket/logs does not exist.' })
})

test('S3PrefixNotEmpty holds when any key begins so', async () => {
  expect(await prefixNotEmpty('s3://bucket/logs/da')).toEqual({ kind: 'met' })
  expect(await prefixNotEmpty('s3://bucket/logs/x')).toEqual({
    kind: 'notYet',
    message: 'There is no object under s3://bucket/logs/x.',
  })
})

test('what cannot be found out is an error', async () => {
  await expect(keyExists('/logs/day-1')).rejects.toThrow("'s3Key' is '/logs/day-1'. Write an S3 location")
  await expect(prefixNotEmpty('s3://no-such-bucket/logs')).rejects.toThrow('NoSuchBucket')
})

function exists(node: PipelineObject) {
  const precondition = object('@Exists_Attempt=1', { type: 'Exists', node: ref(node.id) })
  const { signal } = new AbortController()
  return checkExists(precondition, new Map([[node.id, node]]), { s3: s3.client, signal })
}

test('Exists asks for the file or the directory of the data node that it guards', async () => {
  const node = (fields: Record<string, string>) => object('Node', { type: 'S3DataNode', ...fields })
  expect(await exists(node({ filePath: 's3://bucket/logs/day-1' }))).toEqual({ kind: 'met' })
  expect(await exists(node({ filePath: 's3://bucket/logs/day-2' }))).toMatchObject({ kind: 'notYet' })
  expect(await exists(node({ directoryPath: 's3://bucket/logs' }))).toEqual({ kind: 'met' })
  expect(await exists(node({ directoryPath: 's3://bucket/log' }))).toMatchObject({ kind: 'notYet' })
})

test('Exists names what it cannot look for', async () => {
  await expect(exists(object('Table', { type: 'DynamoDBDataNode' }))).rejects.toMatchObject({
    errorId: 'Unsupported',
    message: expect.stringContaining("'@Exists_Attempt=1' guards 'Table', which is a DynamoDBDataNode"),
  })
})

test('a command that fails means not yet', async () => {
  expect(await checkShellCommand(async () => ({ kind: 'succeeded' }))).toEqual({ kind: 'met' })
  const failed = { kind: 'failed', message: 'The command exited with status 1.' } as const
  expect(await checkShellCommand(async () => failed)).toEqual({ kind: 'notYet', message: failed.message })
})
