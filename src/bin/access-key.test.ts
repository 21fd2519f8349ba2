import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { accessKeyPath, readAccessKey, readOrCreateAccessKey } from './access-key.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-key-'))
})

afterEach(() => rm(folder, { recursive: true }))

test('the first start makes a key in the form of AWS’s, later ones find it', async () => {
  const key = await readOrCreateAccessKey(folder)
  expect(key.accessKeyId).toMatch(/^AKIA[A-Z2-7]{16}$/)
  expect(key.secretAccessKey).toMatch(/^[\w+/]{40}$/)
  expect(await readOrCreateAccessKey(folder)).toEqual(key)
  expect(await readAccessKey(folder)).toEqual(key)
})

test('a key is a file that only its owner can read, and that AWS’s Task Runner would take', async () => {
  const key = await readOrCreateAccessKey(folder)
  expect((await stat(accessKeyPath(folder))).mode & 0o777).toBe(0o600)
  expect(JSON.parse(await readFile(accessKeyPath(folder), 'utf8'))).toEqual({
    'access-id': key.accessKeyId,
    'private-key': key.secretAccessKey,
  })
})

test('a folder without a key has none until a server starts', async () => {
  expect(await readAccessKey(folder)).toBeUndefined()
})

test.each(['', '{', '{"access-id":"AKIA"}'])('a damaged key stops the start, it is not replaced: %j', async (text) => {
  await writeFile(accessKeyPath(folder), text)
  await expect(readOrCreateAccessKey(folder)).rejects.toThrow('holds no access key')
  expect(await readFile(accessKeyPath(folder), 'utf8')).toBe(text)
})
