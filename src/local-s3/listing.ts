import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { segmentOfName } from './key-path.ts'

/** What a client asks to be listed. */
export type ListingRequest = {
  readonly prefix: string
  /** Keys that go on after this text behind the prefix are rolled up to it; empty for none. */
  readonly delimiter: string
  /** Only what comes after this key, or after the keys rolled up to it. */
  readonly after: string
  readonly itemsMax: number
}

export type ListingPage<Item> = {
  readonly keys: readonly Item[]
  readonly commonPrefixes: readonly string[]
  /** Where the next page goes on: the `after` to ask with; `undefined` on the last page. */
  readonly next: string | undefined
}

/**
 * A page of the keys of the files in a folder, in the order of their bytes. It reads only the folders that can hold such keys, and
 * stops when the page is full.
 */
export async function listKeys(folder: string, request: ListingRequest): Promise<ListingPage<string>> {
  const keys: string[] = []
  const commonPrefixes: string[] = []
  let last = request.after
  for await (const item of walk(folder, '', (keyPrefix) => mayHold(keyPrefix, request, last))) {
    const rolled = rollUp(item, request)
    if (!item.startsWith(request.prefix) || rolled === last || compareBytes(item, last) <= 0) continue
    if (keys.length + commonPrefixes.length === request.itemsMax) return { keys, commonPrefixes, next: last }
    if (rolled === undefined) keys.push(item)
    else commonPrefixes.push(rolled)
    last = rolled ?? item
  }
  return { keys, commonPrefixes, next: undefined }
}

/** The part of a key that it is rolled up to, if it goes on after a delimiter. */
function rollUp(key: string, { prefix, delimiter }: ListingRequest): string | undefined {
  if (delimiter === '') return undefined
  const at = key.indexOf(delimiter, prefix.length)
  return at < 0 ? undefined : key.slice(0, at + delimiter.length)
}

/** Whether a folder whose keys all begin with `keyPrefix` can hold one that belongs on the page. */
function mayHold(keyPrefix: string, request: ListingRequest, last: string): boolean {
  const { prefix, delimiter } = request
  if (!(keyPrefix.startsWith(prefix) || prefix.startsWith(keyPrefix))) return false
  const isLastRolledUp = delimiter !== '' && last.length > prefix.length && last.endsWith(delimiter)
  if (isLastRolledUp && keyPrefix.startsWith(last)) return false
  return last.startsWith(keyPrefix) || compareBytes(keyPrefix, last) > 0
}

async function* walk(
  folder: string,
  keyPrefix: string,
  mayHold: (keyPrefix: string) => boolean,
): AsyncGenerator<string> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    // A folder disappears when its last object is removed, which may be while it is listed.
    if (error.code === 'ENOENT') return []
    throw error
  })
  const items = entries
    .filter((entry) => entry.isFile() || entry.isDirectory())
    .map((entry) => {
      const segment = segmentOfName(entry.name)
      return { entry, key: keyPrefix + (entry.isDirectory() ? `${segment}/` : segment) }
    })
    .sort((left, right) => compareBytes(left.key, right.key))
  for (const { entry, key } of items) {
    if (entry.isFile()) yield key
    else if (mayHold(key)) yield* walk(join(folder, entry.name), key, mayHold)
  }
}

// UTF-16 order differs from the order of UTF-8 bytes, which is S3's, only where surrogates meet characters above them.
function compareBytes(left: string, right: string): number {
  if (SURROGATE.test(left) || SURROGATE.test(right)) return Buffer.compare(Buffer.from(left), Buffer.from(right))
  if (left === right) return 0
  return left < right ? -1 : 1
}

const SURROGATE = /[\ud800-\udfff]/
