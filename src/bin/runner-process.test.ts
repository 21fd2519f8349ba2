import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { processBirth } from '../resources/local/process-birth.ts'
import { RunnerProcess } from './runner-process.ts'

const PROGRAM = `
  require('node:fs').appendFileSync('pids', process.pid + '\\n')
  process.stdin.on('end', () => process.exit()).resume()
  setInterval(() => undefined, 1e6)
`

let folder: string
let runner: RunnerProcess

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-runner-'))
  await writeFile(join(folder, 'pids'), '')
  runner = new RunnerProcess({
    program: [process.execPath, '-e', PROGRAM],
    folder,
    environment: {},
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

test('a task runner that is killed is started again', async () => {
  runner.start()
  const [first = 0] = await pids(1)
  process.kill(first, 'SIGKILL')
  const [, second = 0] = await pids(2)
  expect([await isAlive(first), await isAlive(second)]).toEqual([false, true])
})

test('a task runner that is stopped has ended, and is not started again', async () => {
  runner.start()
  const [pid = 0] = await pids(1)
  await Promise.all([runner.stop(), runner.stop()])
  expect(await isAlive(pid)).toBe(false)
  expect(await pids(1)).toEqual([pid])
})
