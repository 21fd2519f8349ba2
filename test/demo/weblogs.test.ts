import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { processesThatMention } from '../services/processes.ts'

const DEMO = join(import.meta.dirname, '../../examples/weblogs/demo.ts')

const ACCESS_LOG = join(import.meta.dirname, '../../../shared/data/weblogs/access.log')

/** What the demo promises, and room for a machine that does something else besides. */
const DEMO_MS_MAX = 60_000

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-demo-test-'))
})

afterEach(() => rm(folder, { recursive: true, maxRetries: 5 }))

/** Starts the demo on a computer that has no AWS CLI, and no terminal. */
function startDemo(...args: string[]) {
  const env = { PATH: '/usr/bin:/bin', HOME: folder }
  return spawn(process.execPath, [DEMO, '--data', folder, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
}

async function runDemo(...args: string[]) {
  const demo = startDemo(...args)
  const [output, errors, [status]] = await Promise.all([text(demo.stdout), text(demo.stderr), once(demo, 'exit')])
  return { output, errors, status }
}

/** What a demo prints, as it prints it. */
function changesOf({ stdout }: ReturnType<typeof startDemo>) {
  let output = ''
  stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk
  })
  return {
    seen: (change: string) => output.includes(change),
    async until(change: string): Promise<void> {
      while (!output.includes(change)) await once(stdout, 'data')
    },
  }
}

const leftProcesses = async () => (await processesThatMention(folder)).map(({ commandLine }) => commandLine)

/** What awk makes of the log, as lines. */
async function awk(program: string): Promise<readonly string[]> {
  const { stdout } = await promisify(execFile)('awk', [program, ACCESS_LOG], {
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
  })
  return stdout.trim().split('\n')
}

/** How often each value of a field occurs, the most frequent first and equally frequent ones in the order of their bytes. */
async function countsOf(field: string): Promise<readonly string[]> {
  const lines = await awk(`{ n[${field}]++ } END { for (value in n) print n[value], value }`)
  const countOf = (line: string) => Number.parseInt(line, 10)
  return lines.toSorted((left, right) => countOf(right) - countOf(left) || (left < right ? -1 : 1))
}

/** The lines of a report below a heading, their blanks made single. */
function section(report: string, heading: string): readonly string[] {
  const lines = report.split('\n').map((line) => line.trim().replaceAll(/ +/g, ' '))
  const start = lines.findIndex((line) => line.startsWith(heading)) + 1
  return lines.slice(start, lines.indexOf('', start))
}

// Without the log of a real server, only a checkout for continuous integration is incomplete.
describe.runIf(existsSync(ACCESS_LOG) || process.env.CI !== undefined)('a real log', () => {
  test('is reported on with the numbers that awk finds in it', { timeout: DEMO_MS_MAX }, async () => {
    const { output, status } = await runDemo('--log', ACCESS_LOG, '--late', '0')
    const report = await readFile(join(folder, 's3/weblogs/reports/2015-05-17/report.txt'), 'utf8')
    expect([status, output]).toEqual([0, expect.stringContaining(report)])
    const days = await awk(`
      { day = substr($4, 2, 2); hits[day]++; bytes[day] += $10; if (!seen[day, $1]++) visitors[day]++ }
      { total += $10; if (!ever[$1]++) all++ }
      END { for (day = 17; day <= 20; day++) printf "2015-05-%s %d %.0f %d\\n", day, hits[day], bytes[day], visitors[day]
            printf "Total %d %.0f %d\\n", NR, total, all }`)
    expect(section(report, 'Day')).toEqual(days)
    expect(section(report, 'Status codes')).toEqual(await countsOf('$9'))
    expect(section(report, 'Top pages')).toEqual((await countsOf('$7')).slice(0, 10))
    expect(section(report, 'Top visitors')).toEqual((await countsOf('$1')).slice(0, 5))
  })
})

test('the weekly work waits for the last day, however late it is', { timeout: DEMO_MS_MAX }, async () => {
  const demo = startDemo('--late', '3600')
  const changes = changesOf(demo)
  const ended = once(demo, 'exit')
  for (const day of ['02', '03', '04', '05', '06', '07'])
    await changes.until(`@ArchivedLog_2025-11-${day}T00:00:00  FINISHED`)
  await changes.until('@CopyServer_2025-11-07T00:00:00  FINISHED')
  expect(changes.seen('@ReportTraffic_2025-11-02T00:00:00  WAITING_ON_DEPENDENCIES')).toBe(true)
  expect(changes.seen('@ReportTraffic_2025-11-02T00:00:00  RUNNING')).toBe(false)

  const name = 'access-2025-11-08.log'
  await rename(join(folder, 'demo-logs', name), join(folder, 's3/weblogs/raw', name))
  await changes.until('@ArchivedLog_2025-11-08T00:00:00  FINISHED')
  await changes.until('@ReportTraffic_2025-11-02T00:00:00  FINISHED')
  expect(await ended).toEqual([0, null])
  expect(await readFile(join(folder, 's3/weblogs/reports/2025-11-02/report.txt'), 'utf8')).toContain('2025-11-08')
  expect(await leftProcesses()).toEqual([])
})

test('an interruption stops everything that the demo has started', { timeout: DEMO_MS_MAX }, async () => {
  const demo = startDemo()
  await changesOf(demo).until('@CopyServer_2025-11-02T00:00:00  RUNNING')
  demo.kill('SIGINT')
  const [status] = await once(demo, 'exit')
  expect(status).toBe(130)
  expect(await leftProcesses()).toEqual([])
})

test('the demo that is killed without warning leaves nothing running either', { timeout: DEMO_MS_MAX }, async () => {
  const demo = startDemo()
  await once(demo.stdout, 'data')
  demo.kill('SIGKILL')
  while ((await leftProcesses()).length > 0);
  expect(await readdir(folder)).toContain('millrace.db')
})
