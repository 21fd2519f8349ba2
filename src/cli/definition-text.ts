import { isUtf8 } from 'node:buffer'
import { createReadStream } from 'node:fs'
import { type CommandContext, Unusable } from './command-context.ts'

/** A definition file may have as many bytes as a request to the service: 32 MiB. Longer ones are something else. */
const bytesMax = 33_554_432

/**
 * The text of a definition file, or of standard input where the path is `-`.
 *
 * @throws Unusable when it cannot be read, is too long, or is no text in UTF-8.
 */
export async function readDefinitionText(path: string, { input }: Pick<CommandContext, 'input'>): Promise<string> {
  const name = path === '-' ? 'Standard input' : path
  const bytes = await readBytes(path === '-' ? input() : createReadStream(path), name)
  const [first, second] = bytes
  const hasMarkOfUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
  if (hasMarkOfUtf16) throw new Unusable(`${name} is text in UTF-16. Save it as UTF-8.`)
  if (!isUtf8(bytes) || bytes.includes(0)) {
    throw new Unusable(`${name} is no text in UTF-8, so it cannot be a definition. Save it as UTF-8, if it is one.`)
  }
  return bytes.toString('utf8')
}

async function readBytes(source: AsyncIterable<Uint8Array>, name: string): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of source) {
      chunks.push(chunk)
      length += chunk.length
      if (length > bytesMax) break
    }
  } catch (error) {
    throw new Unusable(whyUnreadable(error, name), { cause: error })
  }
  if (length > bytesMax)
    throw new Unusable(`${name} has more than ${bytesMax / 2 ** 20} MiB, so it cannot be a definition.`)
  return Buffer.concat(chunks)
}

function whyUnreadable(error: unknown, name: string): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  switch (code) {
    case 'ENOENT':
      return `There is no file ${name}.`
    case 'EISDIR':
      return `${name} is a folder. Name the definition file in it.`
    case 'EACCES':
      return `${name} may not be read by this user.`
    default:
      return `${name} cannot be read: ${error instanceof Error ? error.message : String(error)}`
  }
}
