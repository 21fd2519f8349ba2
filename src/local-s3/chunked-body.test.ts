import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { ChunkedBody } from './chunked-body.ts'
import { verifySignature } from './signature.ts'

// The requests and signatures of this file are those of the S3 guide, pages sigv4-streaming and sigv4-streaming-trailers.
const SECRETS = new Map([['AKIAIOSFODNN7EXAMPLE', 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY']])

const HEADERS = {
  host: 's3.amazonaws.com',
  'content-encoding': 'aws-chunked',
  'content-length': '66824',
  'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
  'x-amz-date': '20130524T000000Z',
  'x-amz-decoded-content-length': '66560',
  'x-amz-storage-class': 'REDUCED_REDUNDANCY',
}

const SEED_SIGNATURE = '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9'

const CHUNKS = [
  '10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\n',
  `${'a'.repeat(65_536)}\r\n`,
  '400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r\n',
  `${'a'.repeat(1024)}\r\n`,
  '0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n',
  '\r\n',
]

function seed() {
  const signedHeaders = Object.keys(HEADERS).sort().join(';')
  const credential = 'AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request'
  const authorization = `AWS4-HMAC-SHA256 Credential=${credential},SignedHeaders=${signedHeaders},Signature=${SEED_SIGNATURE}`
  const request = {
    method: 'PUT',
    path: '/examplebucket/chunkObject.txt',
    query: '',
    headers: { ...HEADERS, authorization },
  }
  const promise = verifySignature(request, (id) => SECRETS.get(id), Date.UTC(2013, 4, 24))
  return promise.kind === 'chunks' ? promise.seed : undefined
}

const decode = (body: ChunkedBody, text: string, pieceBytes: number) => {
  const pieces = text.match(new RegExp(`[^]{1,${pieceBytes}}`, 'g')) ?? []
  return buffer(Readable.from(pieces.map((piece) => Buffer.from(piece))).pipe(body))
}

test('signed chunks are decoded, however they are cut on the way', async () => {
  for (const pieceBytes of [1, 7, 65_536, 1_000_000]) {
    const decoded = await decode(new ChunkedBody(seed()), CHUNKS.join(''), pieceBytes)
    expect(decoded.equals(Buffer.alloc(66_560, 'a'))).toBe(true)
  }
})

test('one changed byte in a signed chunk is found', async () => {
  const changed = CHUNKS.join('').replace('aaaa', 'aaab')
  await expect(decode(new ChunkedBody(seed()), changed, 1000)).rejects.toThrow('signature')
})

test('unsigned chunks are followed by their trailing headers', async () => {
  const body = new ChunkedBody(undefined)
  const decoded = await decode(body, '5\r\nhello\r\n6\r\n world\r\n0\r\nx-amz-checksum-crc32:DUoRhQ==\r\n\r\n', 4)
  expect(decoded.toString()).toBe('hello world')
  expect([...body.trailers]).toEqual([['x-amz-checksum-crc32', 'DUoRhQ==']])
})

test('a body that ends early is refused', async () => {
  await expect(decode(new ChunkedBody(undefined), '5\r\nhel', 100)).rejects.toThrow('ended before')
  await expect(decode(new ChunkedBody(undefined), '5\r\nhello\r\n', 100)).rejects.toThrow('ended before')
})

test('a body with malformed chunks is refused', async () => {
  await expect(decode(new ChunkedBody(undefined), 'zz\r\nhello\r\n', 100)).rejects.toThrow('malformed head')
  await expect(decode(new ChunkedBody(undefined), '2\r\nhello\r\n', 100)).rejects.toThrow('longer than it says')
  await expect(decode(new ChunkedBody(undefined), `0\r\n${'x'.repeat(2000)}`, 100)).rejects.toThrow('too long')
})
