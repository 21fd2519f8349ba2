import { randomBytes, randomInt } from 'node:crypto'
import { link, mkdir, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { Unusable } from '../cli/command-context.ts'

/** The access key of a data folder's server, and whom it belongs to. */
export type AccessKey = {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly userId: string
  readonly accountId: string
}

/** The letters of AWS's ids. */
const ID_LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** Letters after the prefix of an id. */
const ID_LENGTH = 16

/** Bytes of a secret: 40 characters, as AWS's have. */
const SECRET_BYTES = 30

/** The account that everything of a server belongs to, as long as there is one only. */
const ACCOUNT_ID = '000000000000'

/** The form of the original's `credentials.json`, so that a task runner can be given the same file. */
const FileSchema = z.object({ 'access-id': z.string().min(1), 'private-key': z.string().min(1) })

export const accessKeyPath = (dataFolder: string): string => join(dataFolder, 'credentials.json')

/** The access key of a data folder, made at the first start. Only its owner can read the file. */
export async function readOrCreateAccessKey(dataFolder: string): Promise<AccessKey> {
  await mkdir(dataFolder, { recursive: true, mode: 0o700 })
  const present = await readAccessKey(dataFolder)
  if (present !== undefined) return present
  const key = {
    'access-id': `AKIA${randomLetters(ID_LENGTH)}`,
    'private-key': randomBytes(SECRET_BYTES).toString('base64'),
  }
  await writeOnce(accessKeyPath(dataFolder), `${JSON.stringify(key, undefined, 2)}\n`)
  return toAccessKey(key)
}

/**
 * The access key of a data folder; `undefined` when no server has been started on it.
 *
 * @throws Unusable when the file has been damaged.
 */
export async function readAccessKey(dataFolder: string): Promise<AccessKey | undefined> {
  const path = accessKeyPath(dataFolder)
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return undefined
  const parsed = FileSchema.safeParse(parseJson(text))
  if (parsed.success) return toAccessKey(parsed.data)
  throw new Unusable(`${path} holds no access key. Restore it, or remove it: the next start makes another key.`)
}

const toAccessKey = (file: z.infer<typeof FileSchema>): AccessKey => ({
  accessKeyId: file['access-id'],
  secretAccessKey: file['private-key'],
  userId: file['access-id'].replace(/^AKIA/, 'AIDA'),
  accountId: ACCOUNT_ID,
})

const randomLetters = (length: number): string =>
  Array.from({ length }, () => ID_LETTERS[randomInt(ID_LETTERS.length)]).join('')

/** Writes a file whole or not at all, since a key that was cut short would lock everyone out. */
async function writeOnce(path: string, text: string): Promise<void> {
  await rm(`${path}.new`, { force: true })
  const file = await open(`${path}.new`, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await link(`${path}.new`, path)
  await rm(`${path}.new`)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Text that is no JSON is no access key either; the caller says so.
    return undefined
  }
}
