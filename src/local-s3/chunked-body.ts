import { createHash, type Hash } from 'node:crypto'
import { Transform, type TransformCallback } from 'node:stream'
import { assertNever } from '../core/assert-never.ts'
import { S3Error } from './s3-error.ts'
import { chunkSignature, isEqual, type SignatureSeed } from './signature.ts'

/** The longest line between chunks, in bytes: a length and a signature, or one trailing header. */
const LINE_BYTES_MAX = 1024

const EMPTY_SHA256 = createHash('sha256').digest('hex')

type State =
  | { readonly kind: 'line'; readonly of: 'chunk' | 'trailer' | 'chunkEnd' }
  | { readonly kind: 'data'; readonly remainingBytes: number }
  | { readonly kind: 'end' }

/**
 * Decodes a body in `aws-chunked` encoding, in which clients send what they stream: chunks with a length each, optionally signed,
 * then trailing headers such as a checksum. Signatures are verified where the request's head promises them; data is passed on
 * before its chunk is verified, so nothing may be kept of a stream that ends with an error.
 *
 * @source guide: S3 sigv4-streaming, sigv4-streaming-trailers
 */
export class ChunkedBody extends Transform {
  /** The trailing headers, in lower case; complete when the stream has ended. */
  readonly trailers = new Map<string, string>()
  readonly #seed: SignatureSeed | undefined
  #state: State = { kind: 'line', of: 'chunk' }
  #line = Buffer.alloc(0)
  #hash: Hash = createHash('sha256')
  #claimedSignature = ''
  #previousSignature: string

  constructor(seed: SignatureSeed | undefined) {
    super()
    this.#seed = seed
    this.#previousSignature = seed?.signature ?? ''
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    try {
      let rest = chunk
      while (rest.length > 0) rest = this.#consume(rest)
      done()
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)))
    }
  }

  override _flush(done: TransformCallback): void {
    done(this.#state.kind === 'end' ? null : new S3Error('IncompleteBody'))
  }

  /** Takes what it can use from the front of the bytes and returns the rest. */
  #consume(bytes: Buffer): Buffer {
    const state = this.#state
    switch (state.kind) {
      case 'line':
        return this.#consumeLine(bytes, state.of)
      case 'data':
        return this.#consumeData(bytes, state.remainingBytes)
      case 'end':
        throw new S3Error('InvalidRequest', 'There are bytes after the last chunk of the body.')
      default:
        return assertNever(state)
    }
  }

  #consumeLine(bytes: Buffer, of: 'chunk' | 'trailer' | 'chunkEnd'): Buffer {
    const end = bytes.indexOf('\n')
    const taken = end < 0 ? bytes : bytes.subarray(0, end)
    this.#line = Buffer.concat([this.#line, taken])
    if (this.#line.length > LINE_BYTES_MAX) throw new S3Error('InvalidRequest', 'A line between chunks is too long.')
    if (end < 0) return Buffer.alloc(0)
    const line = this.#line.toString('latin1').replace(/\r$/, '')
    this.#line = Buffer.alloc(0)
    this.#state = this.#afterLine(line, of)
    return bytes.subarray(end + 1)
  }

  #afterLine(line: string, of: 'chunk' | 'trailer' | 'chunkEnd'): State {
    switch (of) {
      case 'chunk':
        return this.#beginChunk(line)
      case 'chunkEnd':
        if (line !== '') throw new S3Error('InvalidRequest', 'A chunk is longer than it says.')
        this.#endChunk()
        return { kind: 'line', of: 'chunk' }
      case 'trailer':
        if (line === '') {
          this.#verifyTrailers()
          return { kind: 'end' }
        }
        this.#keepTrailer(line)
        return { kind: 'line', of: 'trailer' }
    }
  }

  #beginChunk(line: string): State {
    const match = /^([0-9a-fA-F]{1,12})(?:;chunk-signature=([0-9a-f]{64}))?$/.exec(line)
    if (match?.[1] === undefined) throw new S3Error('InvalidRequest', 'A chunk of the body has a malformed head.')
    this.#claimedSignature = match[2] ?? ''
    const remainingBytes = Number.parseInt(match[1], 16)
    if (remainingBytes > 0) return { kind: 'data', remainingBytes }
    this.#endChunk()
    return { kind: 'line', of: 'trailer' }
  }

  #consumeData(bytes: Buffer, remainingBytes: number): Buffer {
    const taken = bytes.subarray(0, remainingBytes)
    if (this.#seed !== undefined) this.#hash.update(taken)
    this.push(taken)
    const left = remainingBytes - taken.length
    this.#state = left > 0 ? { kind: 'data', remainingBytes: left } : { kind: 'line', of: 'chunkEnd' }
    return bytes.subarray(taken.length)
  }

  #endChunk(): void {
    if (this.#seed === undefined) return
    const digest = this.#hash.digest('hex')
    this.#hash = createHash('sha256')
    const expected = chunkSignature(this.#seed, this.#previousSignature, [EMPTY_SHA256, digest])
    if (!isEqual(expected, this.#claimedSignature)) throw new S3Error('SignatureDoesNotMatch')
    this.#previousSignature = expected
  }

  #keepTrailer(line: string): void {
    const colon = line.indexOf(':')
    if (colon < 1) throw new S3Error('InvalidRequest', 'A trailing header is malformed.')
    this.trailers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim())
  }

  #verifyTrailers(): void {
    const claimed = this.trailers.get('x-amz-trailer-signature')
    this.trailers.delete('x-amz-trailer-signature')
    if (this.#seed === undefined || this.trailers.size === 0) return
    const text = [...this.trailers].map(([name, value]) => `${name}:${value}\n`).join('')
    const digest = createHash('sha256').update(text).digest('hex')
    const expected = chunkSignature(this.#seed, this.#previousSignature, [digest])
    if (!isEqual(expected, claimed ?? '')) throw new S3Error('SignatureDoesNotMatch')
  }
}
