import { TaskFailure } from '../../core/task-failure.ts'

/** An object in S3, or a prefix of keys: nothing in a key is special, a doubled slash is two slashes. */
export type S3Uri = { readonly bucket: string; readonly key: string }

/**
 * Reads `s3://bucket/key`; the key may be empty and may hold any character. Hadoop's `s3n://` and `s3a://` mean the same. Anything
 * else is `undefined`.
 *
 * @source observed: 8.9 (doubled slashes are kept)
 */
export function parseS3Uri(text: string): S3Uri | undefined {
  const match = /^s3[an]?:\/\/([a-z0-9][\w.-]*)(?:\/(.*))?$/is.exec(text)
  return match?.[1] === undefined ? undefined : { bucket: match[1], key: match[2] ?? '' }
}

/** The text that {@link parseS3Uri} reads back. */
export const formatS3Uri = ({ bucket, key }: S3Uri): string => `s3://${bucket}/${key}`

/**
 * Reads a URI that must be one.
 *
 * @param where - names the field and the object, for the message.
 * @throws TaskFailure (InvalidField) when the text is no S3 URI.
 */
export function requireS3Uri(text: string, where: string): S3Uri {
  const uri = parseS3Uri(text)
  if (uri === undefined) {
    throw new TaskFailure('InvalidField', `${where} is '${text}'. Write an S3 location: s3://bucket/path.`)
  }
  return uri
}

/** The prefix that all objects of a directory have: the key with a slash at its end, unless it is empty or has one. */
export const directoryPrefix = ({ bucket, key }: S3Uri): S3Uri => ({
  bucket,
  key: key === '' || key.endsWith('/') ? key : `${key}/`,
})

/** The object called `name` in the directory whose prefix is given. */
export const childUri = (prefix: S3Uri, name: string): S3Uri => ({ bucket: prefix.bucket, key: prefix.key + name })

/** What follows the last slash of the key. */
export const baseName = ({ key }: S3Uri): string => key.slice(key.lastIndexOf('/') + 1)
