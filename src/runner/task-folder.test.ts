import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import { makeTasksFolder } from './task-folder.ts'

test('folders of runners that were killed are removed, those of others stay', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'millrace-tasks-'))
  const ended = spawn('true')
  await once(ended, 'exit')
  const names = [`host-${ended.pid}-x`, `host-${process.pid}-y`, `other-${ended.pid}-z`, 'something']
  for (const name of names) await mkdir(join(parent, name))
  const made = await makeTasksFolder(parent, 'host')
  expect((await readdir(parent)).sort()).toEqual([...names.slice(1), basename(made)].sort())
  await rm(parent, { recursive: true })
})
