import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

const ServerRecord = z.object({
  pid: z.int().positive(),
  endpoint: z.string(),
  s3Endpoint: z.string(),
  region: z.string(),
})

/** How to reach the server that runs on a data folder. */
export type ServerRecord = Readonly<z.infer<typeof ServerRecord>>

const recordPath = (dataFolder: string): string => join(dataFolder, 'server.json')

/** Tells commands of the same user where the server is. */
export async function writeServerRecord(dataFolder: string, record: ServerRecord): Promise<void> {
  const path = recordPath(dataFolder)
  await writeFile(`${path}.new`, `${JSON.stringify(record, undefined, 2)}\n`, { mode: 0o600 })
  await rename(`${path}.new`, path)
}

/** The server that was last started on a data folder and has not been stopped; it may have been killed since. */
export async function readServerRecord(dataFolder: string): Promise<ServerRecord | undefined> {
  try {
    return ServerRecord.parse(JSON.parse(await readFile(recordPath(dataFolder), 'utf8')))
  } catch {
    // No server has been started here, or its record is damaged: in both cases nobody knows where it is.
    return undefined
  }
}

export async function removeServerRecord(dataFolder: string): Promise<void> {
  await rm(recordPath(dataFolder), { force: true })
}
