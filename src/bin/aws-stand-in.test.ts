import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { pathWithAws } from './aws-stand-in.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-aws-'))
})

afterEach(() => rm(folder, { recursive: true }))

/** A folder with a program of this name. */
async function folderWith(name: string, mode: number): Promise<string> {
  const path = join(folder, `has-${name}`)
  await mkdir(path)
  await writeFile(join(path, name), '#!/bin/sh\necho the real one\n')
  await chmod(join(path, name), mode)
  return path
}

test('where the AWS CLI is, the path stays as it is', async () => {
  const path = `/nowhere:${await folderWith('aws', 0o755)}`
  expect(await pathWithAws(path, join(folder, 'bin'), ['millrace'])).toBe(path)
})

test('where it is not, a program of its name starts this one with all arguments as they are', async () => {
  const program = join(folder, "it's here", 'millrace')
  await mkdir(join(folder, "it's here"))
  await writeFile(program, '#!/bin/sh\nprintf "[%s]" "$@"\n')
  await chmod(program, 0o755)
  const path = await pathWithAws(await folderWith('aws', 0o644), join(folder, 'bin'), [program])
  const { stdout } = await promisify(execFile)('aws', ['s3', 'cp', 'a b', '*'], { env: { PATH: path } })
  expect(stdout).toBe('[aws][s3][cp][a b][*]')
})
