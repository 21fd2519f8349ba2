import { sep } from 'node:path'
import { Unusable } from '../command-context.ts'

/** What an argument of `aws s3` names: an object or prefix, a local file or folder, or standard input or output. */
export type Location =
  | { readonly kind: 's3'; readonly bucket: string; readonly key: string }
  | { readonly kind: 'local'; readonly path: string }
  | { readonly kind: 'stream' }

/** @throws Unusable when the text is an `s3://` URI without a bucket. */
export function parseLocation(text: string): Location {
  if (text === '-') return { kind: 'stream' }
  if (!text.startsWith('s3://')) return { kind: 'local', path: text }
  const [bucket = '', ...key] = text.slice('s3://'.length).split('/')
  if (bucket === '') throw new Unusable(`'${text}' names no bucket. Write s3://bucket/key.`)
  return { kind: 's3', bucket, key: key.join('/') }
}

/** A location as the AWS CLI prints it. */
export function formatLocation(location: Location): string {
  if (location.kind === 's3') return `s3://${location.bucket}/${location.key}`
  if (location.kind === 'stream') return '-'
  const { path } = location
  return path.startsWith('.') || path.startsWith(sep) ? path : `.${sep}${path}`
}
