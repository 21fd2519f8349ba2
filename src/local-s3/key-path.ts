import { S3Error } from './s3-error.ts'

/** The longest key that S3 allows, in UTF-8 bytes. */
const KEY_BYTES_MAX = 1024

/** The longest part of a key between two slashes, in UTF-8 bytes: file systems allow 255, and a suffix must fit. */
const SEGMENT_BYTES_MAX = 240

/** What an object's file is called when a folder has its name, because the bucket holds `a` and `a/b`. */
export const FILE_SUFFIX = '%file'

/**
 * The names of the folders and of the file that hold an object. They are the parts of its key, so that a bucket looks like a plain
 * folder; what a file system could not hold under its own name is escaped with `%`.
 *
 * @throws S3Error KeyTooLongError when the key, or one part of it, is too long for a file system.
 */
export function pathOfKey(key: string): readonly string[] {
  if (Buffer.byteLength(key) > KEY_BYTES_MAX) throw new S3Error('KeyTooLongError')
  const segments = key.split('/').map(encodeSegment)
  if (segments.some((segment) => Buffer.byteLength(segment) > SEGMENT_BYTES_MAX)) {
    throw new S3Error(
      'KeyTooLongError',
      `The local S3 endpoint keeps objects as files: no part of a key may exceed ${SEGMENT_BYTES_MAX} bytes.`,
    )
  }
  return segments
}

/** The part of a key that a file or folder name stands for. */
export function segmentOfName(name: string): string {
  if (!name.includes('%')) return name
  const bare = name.endsWith(FILE_SUFFIX) ? name.slice(0, -FILE_SUFFIX.length) : name
  if (bare === '%') return ''
  return bare.replace(/%(2E|25|00)/g, (_match, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

function encodeSegment(segment: string): string {
  switch (segment) {
    case '':
      return '%'
    case '.':
      return '%2E'
    case '..':
      return '%2E%2E'
    default:
      return segment.replaceAll('%', '%25').replaceAll('\0', '%00')
  }
}
