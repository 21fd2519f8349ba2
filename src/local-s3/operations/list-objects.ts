import type { StoredObject } from '../bucket.ts'
import type { S3Call, S3Operation } from '../call.ts'
import type { ListingPage } from '../listing.ts'
import { S3Error } from '../s3-error.ts'
import { type XmlContent, xmlDocument } from '../xml.ts'

/** The most that one page holds, whatever the client asks for. */
const ITEMS_MAX = 1000

export const listObjectsV2: S3Operation = async (call) => {
  const token = call.query.get('continuation-token')
  const after = token === undefined ? (call.query.get('start-after') ?? '') : decodeToken(token)
  const page = await listPage(call, after)
  const encode = encoder(call)
  return {
    status: 200,
    body: xmlDocument('ListBucketResult', {
      ...commonContent(call, page),
      KeyCount: page.keys.length + page.commonPrefixes.length,
      ContinuationToken: token,
      NextContinuationToken: page.next === undefined ? undefined : encodeToken(page.next),
      StartAfter: call.query.has('start-after') ? encode(call.query.get('start-after') ?? '') : undefined,
    }),
  }
}

export const listObjects: S3Operation = async (call) => {
  const marker = call.query.get('marker') ?? ''
  const page = await listPage(call, marker)
  const encode = encoder(call)
  return {
    status: 200,
    body: xmlDocument('ListBucketResult', {
      ...commonContent(call, page),
      Marker: encode(marker),
      NextMarker: page.next === undefined ? undefined : encode(page.next),
    }),
  }
}

async function listPage(call: S3Call, after: string): Promise<ListingPage<StoredObject>> {
  const bucket = await call.buckets.get(call.bucket)
  const itemsMax = maxKeys(call)
  if (itemsMax === 0) return { keys: [], commonPrefixes: [], next: undefined }
  return bucket.list({
    prefix: call.query.get('prefix') ?? '',
    delimiter: call.query.get('delimiter') ?? '',
    after,
    itemsMax,
  })
}

function commonContent(call: S3Call, page: ListingPage<StoredObject>): { readonly [name: string]: XmlContent } {
  const encode = encoder(call)
  const delimiter = call.query.get('delimiter')
  return {
    Name: call.bucket,
    Prefix: encode(call.query.get('prefix') ?? ''),
    Delimiter: delimiter === undefined ? undefined : encode(delimiter),
    EncodingType: call.query.get('encoding-type'),
    MaxKeys: maxKeys(call),
    IsTruncated: page.next !== undefined,
    Contents: page.keys.map((object) => ({
      Key: encode(object.key),
      LastModified: new Date(object.modifiedAtMs).toISOString(),
      ETag: `"${object.etag}"`,
      Size: object.sizeBytes,
      StorageClass: 'STANDARD',
    })),
    CommonPrefixes: page.commonPrefixes.map((prefix) => ({ Prefix: encode(prefix) })),
  }
}

function maxKeys(call: S3Call): number {
  const text = call.query.get('max-keys') ?? String(ITEMS_MAX)
  if (!/^\d{1,9}$/.test(text)) throw new S3Error('InvalidArgument', 'Argument max-keys must be an integer of 0 or more')
  return Math.min(Number(text), ITEMS_MAX)
}

/** How keys are written: as they are, or percent-encoded for clients that ask for it because XML cannot hold every character. */
function encoder(call: S3Call): (text: string) => string {
  if (call.query.get('encoding-type') !== 'url') return (text) => text
  return (text) => text.split('/').map(encodeURIComponent).join('/')
}

const encodeToken = (after: string): string => Buffer.from(after).toString('base64url')

const decodeToken = (token: string): string => Buffer.from(token, 'base64url').toString()
