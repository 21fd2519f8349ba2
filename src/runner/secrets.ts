import { Transform } from 'node:stream'
import type { PipelineObject } from '../core/definition/pipeline-object.ts'

/** What takes the place of a secret. */
const MASK = '*********'

/** Takes secrets out of what is written down for people. */
export class Secrets {
  /** The longest first, so that one which is part of another does not leave the rest of it behind. */
  readonly #texts: readonly string[]

  constructor(texts: Iterable<string>) {
    this.#texts = [...new Set(texts)].filter((text) => text !== '').sort((a, b) => b.length - a.length)
  }

  /** The text without the secrets. */
  readonly mask = (text: string): string =>
    this.#texts.reduce((masked, secret) => masked.replaceAll(secret, MASK), text)

  /** A stream that takes the secrets out of bytes, wherever they are cut. */
  maskStream(): Transform {
    // Bytes as characters: what is no secret passes unharmed, whatever its encoding.
    const bytes = new Secrets(this.#texts.map((text) => Buffer.from(text).toString('latin1')))
    return bytes.#maskBytes()
  }

  #maskBytes(): Transform {
    const held = Math.max(0, ...this.#texts.map(({ length }) => length - 1))
    let rest = ''
    const emit = (text: string) => Buffer.from(text, 'latin1')
    return new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        const text = this.mask(rest + chunk.toString('latin1'))
        // The end may be the beginning of a secret; it waits for what follows.
        const cut = Math.max(0, text.length - held)
        rest = text.slice(cut)
        done(null, emit(text.slice(0, cut)))
      },
      flush: (done) => done(null, emit(rest)),
    })
  }
}

/**
 * The values of an object's encrypted fields.
 *
 * @source guide: dp-pipeline-characters
 */
export const secretsOf = (object: PipelineObject): readonly string[] =>
  object.fields.flatMap(({ key, value }) => (key.startsWith('*') && value.kind === 'string' ? [value.text] : []))
