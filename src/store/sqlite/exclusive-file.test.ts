import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { holdFile } from './exclusive-file.ts'

let folder: string
let file: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-lock-'))
  file = join(folder, 'lock')
})

afterEach(() => rm(folder, { recursive: true }))

test('a file is held once until it is released', () => {
  const first = holdFile(file)
  expect([first, holdFile(file)]).toEqual([expect.anything(), undefined])
  first?.release()
  expect(holdFile(file)).toBeDefined()
})

test('a process that is killed holds nothing', async () => {
  const module = new URL('./exclusive-file.ts', import.meta.url).href
  const code = `const { holdFile } = await import('${module}')
    globalThis.held = holdFile(process.argv[1])
    console.log('held')
    setInterval(() => 0, 1e6)`
  const holder = spawn(process.execPath, ['--input-type=module', '-e', code, file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(holder.stdout, 'data')
  expect(holdFile(file)).toBeUndefined()
  holder.kill('SIGKILL')
  await once(holder, 'exit')
  expect(holdFile(file)).toBeDefined()
})
