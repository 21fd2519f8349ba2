import { PassThrough, Readable } from 'node:stream'
import { expect, it } from 'vitest'
import { SerializationException } from '../wire/errors.ts'
import { readBody } from './read-body.ts'

it('reads a body of exactly the longest size', async () => {
  const body = await readBody(Readable.from([Buffer.from('ab'), Buffer.from('cd')]), 4)
  expect(body).toEqual({ kind: 'whole', bytes: Buffer.from('abcd') })
})

it('reads a longer body to its end without keeping it', async () => {
  const stream = Readable.from([Buffer.from('ab'), Buffer.from('cd'), Buffer.from('e')])
  expect(await readBody(stream, 4)).toEqual({ kind: 'tooLong', sizeMaxBytes: 4 })
  expect(stream.readableEnded).toBe(true)
})

it('rejects when the stream breaks', async () => {
  const stream = new PassThrough()
  const body = readBody(stream, 4)
  stream.destroy(new Error('aborted'))
  await expect(body).rejects.toThrow(SerializationException)
})
