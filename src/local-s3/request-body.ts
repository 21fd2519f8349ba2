import { createHash, type Hash } from 'node:crypto'
import { createWriteStream, type WriteStream } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { type Readable, Transform, type TransformCallback } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { crc32 } from 'node:zlib'
import { ChunkedBody } from './chunked-body.ts'
import { S3Error } from './s3-error.ts'
import type { PayloadPromise } from './signature.ts'

/** The longest document that a request may carry, in bytes: 1,000 keys of 1,024 bytes to delete, and their tags. */
const DOCUMENT_BYTES_MAX = 4 * 1024 * 1024

/** A file on disk, complete and flushed, that waits to become an object or a part of one. */
export type IncomingFile = { readonly path: string; readonly sizeBytes: number; readonly md5: string }

/** The body of a request, to be read once: decoded, and held against every digest that its sender declared. */
export class RequestBody {
  readonly #request: IncomingMessage
  readonly #promise: PayloadPromise

  constructor(request: IncomingMessage, promise: PayloadPromise) {
    this.#request = request
    this.#promise = promise
  }

  /**
   * Writes the body to a new file and flushes it to the disk.
   *
   * @throws S3Error when the body is not what its sender declared; the file is then worthless.
   */
  async receive(path: string): Promise<IncomingFile> {
    const { stages, verifier } = this.#open()
    await pipeline([this.#request, ...stages, verifier, newFile(path)])
    return verifier.describe(path)
  }

  /**
   * The body as text.
   *
   * @throws S3Error when it is too long, or not what its sender declared.
   */
  async text(): Promise<string> {
    const { stages, verifier } = this.#open()
    const parts: Buffer[] = []
    await pipeline([
      this.#request,
      ...stages,
      verifier,
      async (source: AsyncIterable<Buffer>) => {
        for await (const part of source) {
          parts.push(part)
          if (verifier.sizeBytes > DOCUMENT_BYTES_MAX) throw new S3Error('MalformedXML', 'The document is too long.')
        }
      },
    ])
    return Buffer.concat(parts).toString('utf8')
  }

  #open(): { stages: readonly Transform[]; verifier: BodyVerifier } {
    const decoder = this.#promise.kind === 'chunks' ? new ChunkedBody(this.#promise.seed) : undefined
    const declared = declaredDigests(this.#request, this.#promise)
    const verifier = new BodyVerifier(declared, decoder?.trailers ?? new Map())
    return { stages: decoder === undefined ? [] : [decoder], verifier }
  }
}

/** Writes a stream to a new file and flushes it to the disk. */
export async function receiveStream(source: Readable, path: string): Promise<IncomingFile> {
  const verifier = new BodyVerifier([], new Map())
  await pipeline([source, verifier, newFile(path)])
  return verifier.describe(path)
}

const newFile = (path: string): WriteStream => createWriteStream(path, { flags: 'wx', flush: true })

type DeclaredDigest = {
  readonly hash: RunningHash
  readonly encoding: 'hex' | 'base64'
  /** The digest, or the name of the trailing header that will hold it. */
  readonly expected:
    | { readonly kind: 'value'; readonly text: string }
    | { readonly kind: 'trailer'; readonly name: string }
  readonly mismatch: 'BadDigest' | 'XAmzContentSHA256Mismatch'
}

/** Passes bytes through, and ends with an error unless every declared digest is theirs. */
class BodyVerifier extends Transform {
  sizeBytes = 0
  readonly #declared: readonly DeclaredDigest[]
  readonly #trailers: ReadonlyMap<string, string>
  readonly #md5 = createHash('md5')

  constructor(declared: readonly DeclaredDigest[], trailers: ReadonlyMap<string, string>) {
    super()
    this.#declared = declared
    this.#trailers = trailers
  }

  /** What went through, once the stream has ended and all of it is in the file. */
  describe(path: string): IncomingFile {
    return { path, sizeBytes: this.sizeBytes, md5: this.#md5.digest('hex') }
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.sizeBytes += chunk.length
    this.#md5.update(chunk)
    for (const { hash } of this.#declared) hash.update(chunk)
    done(null, chunk)
  }

  override _flush(done: TransformCallback): void {
    const wrong = this.#declared.find(({ hash, encoding, expected }) => {
      const text = expected.kind === 'value' ? expected.text : this.#trailers.get(expected.name)
      return hash.digest().toString(encoding) !== text
    })
    done(wrong === undefined ? null : new S3Error(wrong.mismatch))
  }
}

type RunningHash = { update(chunk: Buffer): void; digest(): Buffer }

const CHECKSUM_HEADER = 'x-amz-checksum-'

function declaredDigests(request: IncomingMessage, promise: PayloadPromise): readonly DeclaredDigest[] {
  const digests: DeclaredDigest[] = []
  const declare = (algorithm: string, digest: Omit<DeclaredDigest, 'hash'>) => {
    const hash = runningHash(algorithm)
    if (hash !== undefined) digests.push({ ...digest, hash })
  }
  const mismatch = 'BadDigest'
  if (promise.kind === 'sha256') {
    const expected = { kind: 'value', text: promise.hex } as const
    declare('sha256', { encoding: 'hex', expected, mismatch: 'XAmzContentSHA256Mismatch' })
  }
  const md5 = request.headers['content-md5']
  if (typeof md5 === 'string') declare('md5', { encoding: 'base64', expected: { kind: 'value', text: md5 }, mismatch })
  for (const [name, value] of Object.entries(request.headers)) {
    if (!name.startsWith(CHECKSUM_HEADER) || typeof value !== 'string') continue
    const algorithm = name.slice(CHECKSUM_HEADER.length)
    declare(algorithm, { encoding: 'base64', expected: { kind: 'value', text: value }, mismatch })
  }
  for (const name of String(request.headers['x-amz-trailer'] ?? '').split(',')) {
    const trailer = name.trim().toLowerCase()
    if (!trailer.startsWith(CHECKSUM_HEADER)) continue
    const algorithm = trailer.slice(CHECKSUM_HEADER.length)
    declare(algorithm, { encoding: 'base64', expected: { kind: 'trailer', name: trailer }, mismatch })
  }
  return digests
}

/** Node has no CRC32C and no CRC64NVME, so those are taken on trust; `undefined` says so. */
function runningHash(algorithm: string): RunningHash | undefined {
  switch (algorithm) {
    case 'md5':
    case 'sha1':
    case 'sha256':
      return cryptographicHash(createHash(algorithm))
    case 'crc32':
      return crc32Hash()
    default:
      return undefined
  }
}

const cryptographicHash = (hash: Hash): RunningHash => ({
  update: (chunk) => {
    hash.update(chunk)
  },
  digest: () => hash.digest(),
})

function crc32Hash(): RunningHash {
  let value = 0
  return {
    update: (chunk) => {
      value = crc32(chunk, value)
    },
    digest: () => {
      const bytes = Buffer.alloc(4)
      bytes.writeUInt32BE(value)
      return bytes
    },
  }
}
