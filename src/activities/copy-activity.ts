import { pipeline, Readable, type Transform } from 'node:stream'
import { createGunzip, createGzip } from 'node:zlib'
import { TaskFailure } from '../core/task-failure.ts'
import { forEachConcurrently } from '../datanodes/for-each-concurrently.ts'
import { createRecordTranscoder } from '../datanodes/formats/record-transcoder.ts'
import { copyObject } from '../datanodes/s3/copy-object.ts'
import { getObject } from '../datanodes/s3/get-object.ts'
import { headObject, type S3Object } from '../datanodes/s3/head-object.ts'
import { listObjects } from '../datanodes/s3/list-objects.ts'
import { putObject } from '../datanodes/s3/put-object.ts'
import { toS3Failure } from '../datanodes/s3/s3-failure.ts'
import { formatS3Uri, type S3Uri } from '../datanodes/s3/s3-uri.ts'
import { type S3DataNode, toS3DataNode } from '../datanodes/s3-data-node.ts'
import { objectType, referencedObjects } from '../datanodes/task-objects.ts'
import type { Activity, TaskContext } from './activity.ts'
import { type Conversion, planCopy, targetOf } from './copy-plan.ts'

/** Objects that S3 copies at once: each costs a round trip and nothing else. */
const COPIES_IN_FLIGHT = 16

/** Objects that are converted at once: each keeps parts of an upload in memory. */
const CONVERSIONS_IN_FLIGHT = 4

/**
 * Copies what one S3 data node holds to another.
 *
 * @source guide: dp-object-copyactivity
 */
export const runCopyActivity: Activity = async (context) => {
  const input = onlyNode(context, 'input')
  const output = onlyNode(context, 'output')
  const { objects, conversion } = planCopy(input, output)
  let count = 0
  let bytes = 0
  async function* sources(): AsyncGenerator<S3Object> {
    for await (const source of sourceObjects(context, input)) {
      count++
      bytes += source.sizeBytes
      yield source
    }
  }
  if (conversion === undefined) await copyEach(context, sources(), { input, output })
  else if (objects === 'joined') await convertJoined(context, sources(), { output, conversion })
  else await convertEach(context, sources(), { input, output, conversion })
  context.log(`Copied ${count} objects with ${bytes} bytes from ${input.id} to ${output.id}`)
}

function onlyNode({ attempt, objects }: TaskContext, key: 'input' | 'output'): S3DataNode {
  const [object, ...others] = referencedObjects(objects, attempt, key)
  if (object === undefined || others.length > 0) {
    throw new TaskFailure('InvalidField', `The CopyActivity '${attempt.id}' needs exactly one ${key}.`)
  }
  const type = objectType(object)
  if (type !== 'S3DataNode') {
    throw new TaskFailure(
      'Unsupported',
      `The ${key} '${object.id}' is a ${type}. This task runner copies from S3DataNode to S3DataNode; ` +
        'for databases it has no drivers.',
    )
  }
  return toS3DataNode(object, objects)
}

async function* sourceObjects(context: TaskContext, { location, id }: S3DataNode): AsyncGenerator<S3Object> {
  const s3 = await context.s3()
  const { signal } = context
  if (location.kind === 'file') {
    const object = await headObject(s3, location.uri, signal)
    if (object === undefined) {
      throw new TaskFailure('S3RequestFailed', `The input '${id}' (${formatS3Uri(location.uri)}) does not exist.`)
    }
    yield object
    return
  }
  for await (const object of listObjects(s3, location.prefix, { signal })) {
    // Consoles and file systems keep empty folders as objects like this; they hold no data.
    if (!object.uri.key.endsWith('/')) yield object
  }
}

type CopyEnds = { readonly input: S3DataNode; readonly output: S3DataNode }

async function copyEach(
  context: TaskContext,
  sources: AsyncIterable<S3Object>,
  { input, output }: CopyEnds,
): Promise<void> {
  const s3 = await context.s3()
  const { signal } = context
  await forEachConcurrently(sources, COPIES_IN_FLIGHT, async (source) => {
    const target = targetOf(source.uri, input.location, output.location)
    await copyObject(s3, { source, target, encryption: output.encryption, signal })
  })
}

async function convertEach(
  context: TaskContext,
  sources: AsyncIterable<S3Object>,
  { input, output, conversion }: CopyEnds & { readonly conversion: Conversion },
): Promise<void> {
  const s3 = await context.s3()
  const { signal } = context
  await forEachConcurrently(sources, CONVERSIONS_IN_FLIGHT, async (source) => {
    const target = targetOf(source.uri, input.location, output.location)
    const body = chain(await getObject(s3, source.uri, signal), [
      ...decoders(source.uri, conversion),
      ...encoders(conversion),
    ])
    // Escapes at most double the text; how far compressed text expands is not known.
    const sizeBytesMax = conversion.decompress === undefined ? 2 * source.sizeBytes + 1 : undefined
    await naming(source.uri, () => putObject(s3, target, { body, encryption: output.encryption, signal, sizeBytesMax }))
  })
}

async function convertJoined(
  context: TaskContext,
  sources: AsyncIterable<S3Object>,
  { output, conversion }: { readonly output: S3DataNode; readonly conversion: Conversion },
): Promise<void> {
  const s3 = await context.s3()
  const { signal } = context
  if (output.location.kind !== 'file') throw new Error('Only a file is joined from others.')
  const body = chain(Readable.from(joined(context, sources, conversion)), encoders(conversion))
  await putObject(s3, output.location.uri, { body, encryption: output.encryption, signal })
}

async function* joined(
  context: TaskContext,
  sources: AsyncIterable<S3Object>,
  conversion: Conversion,
): AsyncGenerator<Buffer> {
  const s3 = await context.s3()
  for await (const { uri } of sources) {
    const records = chain(await getObject(s3, uri, context.signal), decoders(uri, conversion))
    try {
      yield* records
    } catch (error) {
      throw toReadFailure(uri, error)
    }
  }
}

function decoders(uri: S3Uri, { decompress, transcode }: Conversion): readonly Transform[] {
  return [
    ...(decompress === undefined ? [] : [createGunzip()]),
    ...(transcode === undefined ? [] : [createRecordTranscoder({ source: formatS3Uri(uri), ...transcode })]),
  ]
}

const encoders = ({ compress }: Conversion): readonly Transform[] => (compress === undefined ? [] : [createGzip()])

/** Connects streams; a failure of one becomes that of the last, whose reader learns of it. */
const chain = (source: Readable, transforms: readonly Transform[]): Readable =>
  transforms.reduce<Readable>((from, to) => pipeline(from, to, () => undefined), source)

async function naming(source: S3Uri, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    throw toReadFailure(source, error)
  }
}

function toReadFailure(source: S3Uri, error: unknown): unknown {
  const isZlibError = error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')
  if (!isZlibError) return toS3Failure('GetObject', source, error)
  return new TaskFailure(
    'MalformedRecord',
    `${formatS3Uri(source)} is not gzip, which its data node declares as its compression: ${error.message}.`,
    { cause: error },
  )
}
