import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CommandLine } from '../../test/command-line.ts'
import { Unusable } from './command-context.ts'
import { readDefinitionText } from './definition-text.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-text-'))
})

afterAll(() => rm(folder, { recursive: true }))

const { context } = new CommandLine({ input: '{ "objects": [] }' })

async function read(content: Uint8Array): Promise<string> {
  const path = join(folder, 'definition.json')
  await writeFile(path, content)
  return await readDefinitionText(path, context)
}

test('a hyphen is standard input', async () => {
  expect(await readDefinitionText('-', context)).toBe('{ "objects": [] }')
})

test('text in UTF-8 is read as it is, with its byte order mark', async () => {
  expect(await read(Buffer.from('\uFEFF{ "é": "😀" }\r\n'))).toBe('\uFEFF{ "é": "😀" }\r\n')
  expect(await read(Buffer.alloc(0))).toBe('')
})

test.each([
  ['UTF-16', Buffer.from('\uFEFF{ }', 'utf16le'), 'is text in UTF-16. Save it as UTF-8.'],
  ['UTF-16 without a mark', Buffer.from('{ }', 'utf16le'), 'is no text in UTF-8'],
  ['Latin-1', Buffer.from('{ "é": "" }', 'latin1'), 'is no text in UTF-8'],
  ['an archive', Buffer.from([0x1f, 0x8b, 0x08, 0x00]), 'is no text in UTF-8'],
  ['too long', Buffer.alloc(33_554_433, 0x20), 'has more than 32 MiB'],
])('a file that is %s is refused in one line', async (_, content, message) => {
  await expect(read(content)).rejects.toThrow(new RegExp(`^[^\n]*definition\\.json ${message}[^\n]*$`))
})

test('a folder, and a file that is not there, are refused', async () => {
  await expect(readDefinitionText(folder, context)).rejects.toThrow(`${folder} is a folder.`)
  await expect(readDefinitionText(join(folder, 'none.json'), context)).rejects.toThrow(
    /^There is no file .*none\.json\.$/,
  )
  await expect(readDefinitionText(folder, context)).rejects.toThrow(Unusable)
})
