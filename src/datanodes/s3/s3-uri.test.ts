import { expect, test } from 'vitest'
import { TaskFailure } from '../../core/task-failure.ts'
import { baseName, childUri, directoryPrefix, formatS3Uri, parseS3Uri, requireS3Uri } from './s3-uri.ts'

test.each([
  ['s3://bucket/a/b.txt', { bucket: 'bucket', key: 'a/b.txt' }],
  ['s3://bucket//a//b/', { bucket: 'bucket', key: '/a//b/' }],
  ['s3://my.bucket-1/what? #1+1 100%25 ü\n', { bucket: 'my.bucket-1', key: 'what? #1+1 100%25 ü\n' }],
  ['s3n://bucket/key', { bucket: 'bucket', key: 'key' }],
  ['s3://bucket', { bucket: 'bucket', key: '' }],
])('takes %j apart without changing the key', (text, uri) => {
  expect(parseS3Uri(text)).toEqual(uri)
})

test.each(['', 's3://', 's3:///key', 'bucket/key', 'http://bucket/key', 'file:///tmp/x'])('refuses %j', (text) => {
  expect(parseS3Uri(text)).toBeUndefined()
})

test('prints what it read', () => {
  expect(formatS3Uri({ bucket: 'bucket', key: '/a//b' })).toBe('s3://bucket//a//b')
})

test('names the field of a URI that is none', () => {
  const read = () => requireS3Uri('/tmp/x', "'filePath' of 'Node'")
  expect(read).toThrow(TaskFailure)
  expect(read).toThrow("'filePath' of 'Node' is '/tmp/x'. Write an S3 location: s3://bucket/path.")
})

test('gives a directory one slash at its end, unless it is the bucket or has one', () => {
  const prefixKey = (key: string) => directoryPrefix({ bucket: 'bucket', key }).key
  expect([prefixKey('a'), prefixKey('a/'), prefixKey('a//'), prefixKey('')]).toEqual(['a/', 'a/', 'a//', ''])
})

test('names objects in a directory', () => {
  const child = childUri(directoryPrefix({ bucket: 'bucket', key: 'a' }), 'b/c.txt')
  expect([child.key, baseName(child)]).toEqual(['a/b/c.txt', 'c.txt'])
})
