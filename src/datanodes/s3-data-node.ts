import type { PipelineObject } from '../core/definition/pipeline-object.ts'
import { TaskFailure } from '../core/task-failure.ts'
import { type Dialect, toDialect } from './formats/dialect.ts'
import type { Encryption } from './s3/put-object.ts'
import { directoryPrefix, requireS3Uri, type S3Uri } from './s3/s3-uri.ts'
import { fieldText, referencedObjects, type TaskObjects } from './task-objects.ts'

/**
 * Where data lies in S3, and in which form.
 *
 * @source guide: dp-object-s3datanode
 */
export type S3DataNode = {
  /** The id of the object, for messages. */
  readonly id: string
  readonly location: S3Location
  readonly compression: 'none' | 'gzip'
  readonly encryption: Encryption
  /** How records are written; absent where the data node declares no format. */
  readonly dialect: Dialect | undefined
}

/** One object, or every object under a prefix that ends in a slash (or is empty). */
export type S3Location =
  | { readonly kind: 'file'; readonly uri: S3Uri }
  | { readonly kind: 'directory'; readonly prefix: S3Uri }

/**
 * Reads an S3DataNode, with the format that it refers to.
 *
 * @throws TaskFailure (InvalidField) when it names no location or two, or a field holds something else than it may; (Unsupported) when
 * its format is neither CSV nor TSV.
 */
export function toS3DataNode(object: PipelineObject, objects: TaskObjects): S3DataNode {
  const [format] = referencedObjects(objects, object, 'dataFormat')
  return {
    id: object.id,
    location: toLocation(object),
    compression: oneOf(object, 'compression', ['none', 'gzip']),
    encryption: oneOf(object, 's3EncryptionType', ['SERVER_SIDE_ENCRYPTION', 'NONE']),
    dialect: format === undefined ? undefined : toDialect(format),
  }
}

function toLocation(object: PipelineObject): S3Location {
  const file = fieldText(object, 'filePath')
  const directory = fieldText(object, 'directoryPath')
  if (file !== undefined && directory === undefined) {
    const uri = requireS3Uri(file, `'filePath' of '${object.id}'`)
    if (uri.key !== '') return { kind: 'file', uri }
  }
  if (directory !== undefined && file === undefined) {
    return { kind: 'directory', prefix: directoryPrefix(requireS3Uri(directory, `'directoryPath' of '${object.id}'`)) }
  }
  throw new TaskFailure(
    'InvalidField',
    `The S3DataNode '${object.id}' needs either a filePath that names an object, or a directoryPath.`,
  )
}

/** The value of an enumeration, compared without case; the first one where the field is absent. */
function oneOf<Word extends string>(object: PipelineObject, key: string, words: readonly [Word, ...Word[]]): Word {
  const text = fieldText(object, key)
  if (text === undefined) return words[0]
  const found = words.find((word) => word.toLowerCase() === text.toLowerCase())
  if (found === undefined) {
    throw new TaskFailure('InvalidField', `'${key}' of '${object.id}' is '${text}'. It may be ${words.join(' or ')}.`)
  }
  return found
}
