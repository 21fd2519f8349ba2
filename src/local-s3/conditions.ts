import type { StoredObject } from './bucket.ts'
import { headerOf, type S3Call } from './call.ts'

/** Whether an object is the version that a reader wants: `changed` if it wanted another, `unchanged` if it has this one. */
export type Verdict = 'wanted' | 'changed' | 'unchanged'

/**
 * Holds the conditions of a request against an object.
 *
 * @param prefix - of the headers that hold them: a copy has conditions on its source.
 */
export function judge(call: S3Call, prefix: '' | 'x-amz-copy-source-', object: StoredObject): Verdict {
  const condition = (name: string) => headerOf(call, `${prefix}${name}`)
  // The headers have whole seconds.
  const modifiedAtMs = Math.floor(object.modifiedAtMs / 1000) * 1000
  const match = condition('if-match')
  const unmodifiedSince = condition('if-unmodified-since')
  if (match !== undefined && !namesEtag(match, object.etag)) return 'changed'
  if (match === undefined && unmodifiedSince !== undefined && modifiedAtMs > Date.parse(unmodifiedSince))
    return 'changed'
  const noneMatch = condition('if-none-match')
  if (noneMatch !== undefined) return namesEtag(noneMatch, object.etag) ? 'unchanged' : 'wanted'
  const modifiedSince = condition('if-modified-since')
  return modifiedSince !== undefined && modifiedAtMs <= Date.parse(modifiedSince) ? 'unchanged' : 'wanted'
}

/** Whether a condition's list of ETags names this one. */
export function namesEtag(list: string, etag: string): boolean {
  return list.split(',').some((item) => item.trim() === '*' || item.trim().replace(/^"|"$/g, '') === etag)
}
