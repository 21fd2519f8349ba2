import { buffer } from 'node:stream/consumers'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { object, ref } from '../../test/builders.ts'
import { s3Uri } from '../../test/s3.ts'
import { type ActivityBench, startActivityBench } from '../../test/task-context.ts'
import { getObject } from '../datanodes/s3/get-object.ts'
import { runCopyActivity } from './copy-activity.ts'

let bench: ActivityBench

beforeAll(async () => {
  bench = await startActivityBench()
})

afterAll(() => bench.stop())

type NodeFields = Record<string, string>

const csv = object('Csv', { type: 'CSV' })
const tsv = object('Tsv', { type: 'TSV', column: ['a', 'b'] })

/** Copies from one S3DataNode to another; `dataFormat` names one of the formats above. */
const copy = (input: NodeFields, output: NodeFields) =>
  runCopyActivity(
    bench.context([
      object('@Copy_Attempt=1', { type: 'CopyActivity', input: ref('In'), output: ref('Out') }),
      node('In', input),
      node('Out', output),
      csv,
      tsv,
    ]),
  )

const node = (id: string, { dataFormat, ...fields }: NodeFields) =>
  object(id, { type: 'S3DataNode', ...fields, ...(dataFormat === undefined ? {} : { dataFormat: ref(dataFormat) }) })

const bytes = async (uri: string) => buffer(await getObject(bench.s3.client, s3Uri(uri), new AbortController().signal))

test('a file becomes a file, byte by byte, whatever it holds', async () => {
  await bench.s3.put('s3://bucket/one/in', Buffer.from([0, 13, 10, 255]))
  await copy({ filePath: 's3://bucket/one/in' }, { filePath: 's3://bucket/one/out' })
  expect(await bytes('s3://bucket/one/out')).toEqual(Buffer.from([0, 13, 10, 255]))
  expect(bench.lines.at(-1)).toBe('Copied 1 objects with 4 bytes from In to Out')
})

test('a file keeps its name in a directory', async () => {
  await bench.s3.put('s3://bucket/two/in.txt', 'x')
  await copy({ filePath: 's3://bucket/two/in.txt' }, { directoryPath: 's3://bucket/two/out' })
  expect(await bench.s3.read('s3://bucket/two/out/in.txt')).toBe('x')
})

test('a directory becomes a directory with everything below it', async () => {
  for (const key of ['a', 'deep/b', 'deep//c', 'folder/']) await bench.s3.put(`s3://bucket/three/${key}`, key)
  await copy({ directoryPath: 's3://bucket/three' }, { directoryPath: 's3://bucket/three-out' })
  expect(await bench.s3.keys('s3://bucket/three-out/')).toEqual([
    'three-out/a',
    'three-out/deep//c',
    'three-out/deep/b',
  ])
})

test('a directory becomes a file record by record, in the order of its keys', async () => {
  await bench.s3.put('s3://bucket/four/1', 'a,b')
  await bench.s3.put('s3://bucket/four/2', 'c,d\ne,f\n')
  await copy({ directoryPath: 's3://bucket/four/' }, { filePath: 's3://bucket/four.csv' })
  expect(await bench.s3.read('s3://bucket/four.csv')).toBe('a,b\nc,d\ne,f\n')
})

test('records change their format on the way', async () => {
  await bench.s3.put('s3://bucket/five/in.tsv', 'a,b\tc\n')
  await copy(
    { filePath: 's3://bucket/five/in.tsv', dataFormat: 'Tsv' },
    { filePath: 's3://bucket/five/out.csv', dataFormat: 'Csv' },
  )
  expect(await bench.s3.read('s3://bucket/five/out.csv')).toBe('a\\,b,c\n')
  await copy(
    { directoryPath: 's3://bucket/five/', dataFormat: 'Csv' },
    { directoryPath: 's3://bucket/five-out/', dataFormat: 'Csv' },
  )
  expect(await bench.s3.keys('s3://bucket/five-out/')).toEqual(['five-out/in.tsv', 'five-out/out.csv'])
})

test('a data node without a format holds CSV where the other one has a format', async () => {
  await bench.s3.put('s3://bucket/six/in', 'a\tb\n')
  await copy({ filePath: 's3://bucket/six/in', dataFormat: 'Tsv' }, { filePath: 's3://bucket/six/out' })
  expect(await bench.s3.read('s3://bucket/six/out')).toBe('a,b\n')
})

test('compression is undone and done as declared', async () => {
  await bench.s3.put('s3://bucket/seven/in.gz', gzipSync('a\tb\n'))
  const input = { filePath: 's3://bucket/seven/in.gz', compression: 'gzip', dataFormat: 'Tsv' }
  await copy(input, { filePath: 's3://bucket/seven/out' })
  expect(await bench.s3.read('s3://bucket/seven/out')).toBe('a,b\n')
  await copy({ filePath: 's3://bucket/seven/out' }, { filePath: 's3://bucket/seven/out.gz', compression: 'gzip' })
  expect(gunzipSync(await bytes('s3://bucket/seven/out.gz')).toString()).toBe('a,b\n')
})

test('a record that is not in its format ends the copy with its place, and leaves no output', async () => {
  await bench.s3.put('s3://bucket/eight/in', 'a\tb\nc\n')
  await expect(
    copy({ filePath: 's3://bucket/eight/in', dataFormat: 'Tsv' }, { filePath: 's3://bucket/eight/out' }),
  ).rejects.toMatchObject({
    errorId: 'MalformedRecord',
    kind: 'terminal',
    message:
      's3://bucket/eight/in: the record that begins at byte 4 and ends on line 2 has 1 columns where the format declares 2.',
  })
  expect(await bench.s3.keys('s3://bucket/eight/')).toEqual(['eight/in'])
})

test('data that is not compressed as declared is named', async () => {
  await bench.s3.put('s3://bucket/nine/in', 'a,b\n')
  const input = { directoryPath: 's3://bucket/nine/', compression: 'gzip' }
  const refusal = { errorId: 'MalformedRecord', message: expect.stringContaining('s3://bucket/nine/in is not gzip') }
  await expect(copy(input, { directoryPath: 's3://bucket/nine-out/' })).rejects.toMatchObject(refusal)
  await expect(copy(input, { filePath: 's3://bucket/nine-out' })).rejects.toMatchObject(refusal)
})

test('an input that is missing is a failure that another attempt may mend', async () => {
  await expect(copy({ filePath: 's3://bucket/none' }, { filePath: 's3://bucket/out' })).rejects.toMatchObject({
    kind: 'retryable',
    message: "The input 'In' (s3://bucket/none) does not exist.",
  })
})

test.each([
  [{ filePath: 's3://bucket/x' }, { filePath: 's3://bucket/x' }],
  [{ filePath: 's3://bucket/x/y' }, { directoryPath: 's3://bucket/x' }],
  [{ directoryPath: 's3://bucket/x' }, { directoryPath: 's3://bucket/x/y' }],
  [{ directoryPath: 's3://bucket/x' }, { filePath: 's3://bucket/x/y' }],
])('refuses to copy %j into itself, %j', async (input, output) => {
  await expect(copy(input, output)).rejects.toMatchObject({
    errorId: 'InvalidField',
    message: expect.stringContaining("lies in the input 'In'"),
  })
})

test('refuses formats with different numbers of columns', async () => {
  const wide = object('Wide', { type: 'CSV', column: ['a', 'b', 'c'] })
  const objects = [
    object('@Copy_Attempt=1', { type: 'CopyActivity', input: ref('In'), output: ref('Out') }),
    node('In', { filePath: 's3://bucket/a', dataFormat: 'Tsv' }),
    node('Out', { filePath: 's3://bucket/b', dataFormat: 'Wide' }),
    tsv,
    wide,
  ]
  await expect(runCopyActivity(bench.context(objects))).rejects.toThrow(
    "The format of the input 'In' declares 2 columns, that of the output 'Out' 3.",
  )
})

test('refuses what is no S3DataNode, and more or less than one data node on a side', async () => {
  const activity = (fields: Parameters<typeof object>[1]) =>
    object('@Copy_Attempt=1', { type: 'CopyActivity', ...fields })
  const table = object('Table', { type: 'SqlDataNode' })
  await expect(
    runCopyActivity(bench.context([activity({ input: ref('Table'), output: ref('Table') }), table])),
  ).rejects.toMatchObject({
    errorId: 'Unsupported',
    message:
      "The input 'Table' is a SqlDataNode. This task runner copies from S3DataNode to S3DataNode; for databases it has no drivers.",
  })
  await expect(runCopyActivity(bench.context([activity({})]))).rejects.toThrow('needs exactly one input')
})
