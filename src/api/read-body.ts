import type { Readable } from 'node:stream'
import { SerializationException } from '../wire/errors.ts'

/** A body that was received: its bytes, or that it was longer than it may be. */
export type ReceivedBody =
  | { readonly kind: 'whole'; readonly bytes: Buffer }
  | { readonly kind: 'tooLong'; readonly sizeMaxBytes: number }

/**
 * Reads a body of at most `sizeMaxBytes` bytes. A longer one is read to its end and thrown away, so that the connection can be used
 * for the next request. Rejects with SerializationException when the connection breaks
 * before the end: nobody will read the answer then, and no fault of ours is to be logged.
 */
export function readBody(stream: Readable, sizeMaxBytes: number): Promise<ReceivedBody> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let sizeBytes = 0
    stream.on('data', (chunk: Buffer) => {
      sizeBytes += chunk.length
      if (sizeBytes <= sizeMaxBytes) chunks.push(chunk)
      else chunks.length = 0
    })
    stream.once('error', (cause) => reject(new SerializationException('The body ended early.', { cause })))
    stream.once('end', () => {
      if (sizeBytes > sizeMaxBytes) resolve({ kind: 'tooLong', sizeMaxBytes })
      else resolve({ kind: 'whole', bytes: Buffer.concat(chunks, sizeBytes) })
    })
  })
}
