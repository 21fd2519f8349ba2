import { access, chmod, constants, mkdir, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'

/**
 * The `PATH` of machines and task runners. Machines in the cloud come with the AWS CLI, and scripts count on it; where this computer
 * has none, a program of that name offers its `aws s3` commands.
 */
export async function pathWithAws(path: string, folder: string, millrace: readonly string[]): Promise<string> {
  if (await isOnPath('aws', path)) return path
  await mkdir(folder, { recursive: true })
  const file = join(folder, 'aws')
  await writeFile(file, `#!/bin/sh\nexec ${[...millrace, 'aws'].map(quote).join(' ')} "$@"\n`)
  await chmod(file, 0o755)
  return `${path}${delimiter}${folder}`
}

async function isOnPath(name: string, path: string): Promise<boolean> {
  for (const folder of path.split(delimiter)) {
    try {
      await access(join(folder, name), constants.X_OK)
      return true
    } catch {
      // Not in this folder; the next one may have it.
    }
  }
  return false
}

/** A word that the shell reads as it is. */
const quote = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`
