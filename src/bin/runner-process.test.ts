import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { RunnerIdentity } from '../engine/lost-runner.ts'
import { processBirth } from '../resources/local/process-birth.ts'
import { RunnerProcess, restartDelayMs } from './runner-process.ts'
import { writeRunnerRecord } from './runner-record.ts'

const PROGRAM = `
  require('node:fs').appendFileSync('pids', process.pid + '\\n')
  process.stdin.on('end', () => process.exit()).resume()
  setInterval(() => undefined, 1e6)
`

const identity: RunnerIdentity = { workerGroup: 'wg', hostname: 'runner-1' }

let folder: string
let runner: RunnerProcess
/** The task runners that have been reported as gone, and whether their processes were alive then. */
let gone: { readonly runner: RunnerIdentity; readonly wasAlive: readonly boolean[] }[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-runner-'))
  await writeFile(join(folder, 'pids'), '')
  gone = []
  runner = new RunnerProcess({
    program: [process.execPath, '-e', PROGRAM],
    folder,
    environment: {},
    identity,
    onGone: async (each) => {
      gone.push({ runner: each, wasAlive: await Promise.all((await pids(1)).map(isAlive)) })
    },
    log: pino({ level: 'silent' }),
  })
})

afterEach(async () => {
  await runner.stop()
  await rm(folder, { recursive: true })
})

/** The ids of the processes that have been started, once there are so many. */
async function pids(count: number): Promise<readonly number[]> {
  for (;;) {
    const lines = (await readFile(join(folder, 'pids'), 'utf8')).split('\n').slice(0, -1)
    if (lines.length >= count) return lines.map(Number)
  }
}

const isAlive = async (pid: number) => (await processBirth(pid)) !== undefined

test('a task runner that is killed is started again, after its tasks have been given back', async () => {
  await runner.start()
  const [first = 0] = await pids(1)
  process.kill(first, 'SIGKILL')
  const [, second = 0] = await pids(2)
  expect([await isAlive(first), await isAlive(second)]).toEqual([false, true])
  expect(gone).toEqual([{ runner: identity, wasAlive: [false] }])
})

test('a task runner that an earlier server left is ended, and its tasks given back, before another one starts', async () => {
  const earlier = { workerGroup: 'wg', hostname: 'runner-1@old-name' }
  const left = spawn(process.execPath, ['-e', PROGRAM], { cwd: folder, stdio: ['pipe', 'ignore', 'ignore'] })
  const exit = once(left, 'exit')
  await writeRunnerRecord(folder, earlier, left.pid ?? 0)
  await pids(1)
  await runner.start()
  await pids(2)
  expect(await exit).toEqual([null, 'SIGKILL'])
  expect(gone).toEqual([{ runner: earlier, wasAlive: [false] }])
})

test('a first task runner has nothing to give back', async () => {
  await runner.start()
  await pids(1)
  expect(gone).toEqual([])
})

test('a task runner that is stopped has ended, and is not started again', async () => {
  await runner.start()
  const [pid = 0] = await pids(1)
  await Promise.all([runner.stop(), runner.stop()])
  expect(await isAlive(pid)).toBe(false)
  expect(await pids(1)).toEqual([pid])
})

test('the pause after an early end doubles up to a minute', () => {
  expect([1, 2, 3, 6, 7, 1000].map(restartDelayMs)).toEqual([1000, 2000, 4000, 32_000, 60_000, 60_000])
})
