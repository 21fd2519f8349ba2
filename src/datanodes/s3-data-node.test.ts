import { expect, test } from 'vitest'
import { object, ref } from '../../test/builders.ts'
import type { PipelineObject } from '../core/definition/pipeline-object.ts'
import { toS3DataNode } from './s3-data-node.ts'

const read = (node: PipelineObject, ...others: readonly PipelineObject[]) =>
  toS3DataNode(node, new Map([node, ...others].map((each) => [each.id, each])))

test('a file is an uncompressed object that is encrypted, unless it says otherwise', () => {
  expect(read(object('Node', { type: 'S3DataNode', filePath: 's3://bucket/a//b' }))).toEqual({
    id: 'Node',
    location: { kind: 'file', uri: { bucket: 'bucket', key: 'a//b' } },
    compression: 'none',
    encryption: 'SERVER_SIDE_ENCRYPTION',
    dialect: undefined,
  })
  const fields = { filePath: 's3://bucket/a', compression: 'GZIP', s3EncryptionType: 'none' }
  expect(read(object('Node', fields))).toMatchObject({ compression: 'gzip', encryption: 'NONE' })
})

test('a directory is a prefix with a slash', () => {
  expect(read(object('Node', { directoryPath: 's3://bucket/a' })).location).toEqual({
    kind: 'directory',
    prefix: { bucket: 'bucket', key: 'a/' },
  })
})

test('the format comes with the node', () => {
  const node = object('Node', { filePath: 's3://bucket/a', dataFormat: ref('Format') })
  expect(read(node, object('Format', { type: 'CSV', column: ['a', 'b'] })).dialect?.columnCount).toBe(2)
})

test.each([
  [{}, "The S3DataNode 'Node' needs either a filePath that names an object, or a directoryPath."],
  [{ filePath: 's3://bucket/a', directoryPath: 's3://bucket' }, 'needs either a filePath'],
  [{ filePath: 's3://bucket' }, 'needs either a filePath that names an object'],
  [{ filePath: '/tmp/a' }, "'filePath' of 'Node' is '/tmp/a'"],
  [{ filePath: 's3://bucket/a', compression: 'lzo' }, "'compression' of 'Node' is 'lzo'. It may be none or gzip."],
  [{ filePath: 's3://bucket/a', dataFormat: ref('Gone') }, "The field 'dataFormat' of 'Node' refers to 'Gone'"],
])('refuses %j', (fields, message) => {
  expect(() => read(object('Node', fields))).toThrow(
    expect.objectContaining({ errorId: 'InvalidField', message: expect.stringContaining(message) }),
  )
})
