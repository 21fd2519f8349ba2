import { TaskFailure } from '../core/task-failure.ts'
import { type Dialect, defaultDialect, isSameDialect } from '../datanodes/formats/dialect.ts'
import { baseName, childUri, formatS3Uri, type S3Uri } from '../datanodes/s3/s3-uri.ts'
import type { S3DataNode, S3Location } from '../datanodes/s3-data-node.ts'

/** How the data of one S3 data node becomes that of another. */
export type CopyPlan = {
  /** Whether each object becomes one, or all of them become a single one, record after record. */
  readonly objects: 'each' | 'joined'
  /** What happens to an object on its way; absent where S3 can copy it as it is. */
  readonly conversion: Conversion | undefined
}

/** The steps between reading an object and writing it, in this order; absent ones are left out. */
export type Conversion = {
  readonly decompress: 'gzip' | undefined
  readonly transcode: { readonly from: Dialect; readonly to: Dialect } | undefined
  readonly compress: 'gzip' | undefined
}

/**
 * Decides how to copy. Data nodes of equal format and compression are copied object by object. Otherwise records are read and written
 * one by one, and so they are where a directory becomes a file. A data node without a format holds CSV, unless neither has one.
 *
 * @source guide: dp-object-copyactivity; corpus (records that go to an output without a format)
 * @throws TaskFailure (InvalidField) when the data nodes overlap, or declare different numbers of columns.
 */
export function planCopy(input: S3DataNode, output: S3DataNode): CopyPlan {
  requireApart(input, output)
  requireEqualColumns(input, output)
  const isJoined = input.location.kind === 'directory' && output.location.kind === 'file'
  const from = input.dialect ?? defaultDialect
  const to = output.dialect ?? defaultDialect
  const isSameText = (input.dialect === undefined && output.dialect === undefined) || isSameDialect(from, to)
  if (!isJoined && isSameText && input.compression === output.compression) {
    return { objects: 'each', conversion: undefined }
  }
  return {
    objects: isJoined ? 'joined' : 'each',
    conversion: {
      decompress: input.compression === 'gzip' ? 'gzip' : undefined,
      transcode: isJoined || !isSameText ? { from, to } : undefined,
      compress: output.compression === 'gzip' ? 'gzip' : undefined,
    },
  }
}

/** Where an object of the input goes. In a directory it keeps the rest of its key, a single file its name. */
export function targetOf(source: S3Uri, input: S3Location, output: S3Location): S3Uri {
  if (output.kind === 'file') return output.uri
  const name = input.kind === 'file' ? baseName(source) : source.key.slice(input.prefix.key.length)
  return childUri(output.prefix, name)
}

function requireApart(input: S3DataNode, output: S3DataNode): void {
  const source = uriOf(input.location)
  const target =
    input.location.kind === 'file' ? targetOf(source, input.location, output.location) : uriOf(output.location)
  const isInside =
    source.bucket === target.bucket &&
    (input.location.kind === 'file' ? source.key === target.key : target.key.startsWith(source.key))
  if (!isInside) return
  throw new TaskFailure(
    'InvalidField',
    `The output '${output.id}' (${formatS3Uri(target)}) lies in the input '${input.id}' (${formatS3Uri(source)}). ` +
      'Choose a location outside of it.',
  )
}

function requireEqualColumns(input: S3DataNode, output: S3DataNode): void {
  const read = input.dialect?.columnCount
  const written = output.dialect?.columnCount
  if (read === undefined || written === undefined || read === written) return
  throw new TaskFailure(
    'InvalidField',
    `The format of the input '${input.id}' declares ${read} columns, that of the output '${output.id}' ${written}. ` +
      'Records are copied whole, so both need the same columns.',
  )
}

const uriOf = (location: S3Location): S3Uri => (location.kind === 'file' ? location.uri : location.prefix)
