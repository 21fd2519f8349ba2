import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { object, ref } from '../test/builders.ts'
import { printReport } from './report.ts'
import { startService } from './service.ts'

/** Active pipelines, each with a daily schedule whose next run is hours away. */
const PIPELINES = 1_000

/** How long the server is left alone before and while it is watched, in milliseconds. */
const SETTLE_MS = 10_000
const WATCH_MS = 60_000

/** Linux counts processor time in these, milliseconds. */
const TICK_MS = 10

const daily = [
  object('Default', { scheduleType: 'cron', schedule: ref('Daily') }),
  object('Daily', { type: 'Schedule', period: '1 day', startDateTime: tomorrow() }),
  object('Work', { type: 'ShellCommandActivity', command: 'true', workerGroup: 'bench-idle' }),
]

function tomorrow(): string {
  return new Date(Date.now() + 24 * 60 * 60_000).toISOString().slice(0, 19)
}

/** Milliseconds of processor time that a process has used. */
async function processorMs(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  const [, , , , , , , , , , , user, system] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(user) + Number(system)) * TICK_MS
}

/** Resident memory of a process, in MB. */
async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1000
}

const service = await startService()
try {
  const { client, pid } = service
  for (let index = 0; index < PIPELINES; index += 1) {
    await client.activatePipeline({ pipelineId: await service.put(daily) })
  }
  await sleep(SETTLE_MS)
  const beforeMs = await processorMs(pid)
  await sleep(WATCH_MS)
  const usedMs = (await processorMs(pid)) - beforeMs
  printReport(`Server alone with ${PIPELINES} active daily pipelines`, [
    { name: 'resident memory', value: await residentMb(pid), unit: 'MB', better: 'lower', must: 150, aim: 90 },
    { name: 'processor time a minute', value: usedMs, unit: 'ms', better: 'lower', must: 300, aim: 50 },
    { name: 'ready after start', value: service.readyMs / 1000, unit: 's', better: 'lower', must: 2, aim: 0.5 },
  ])
} finally {
  await service.stop()
}
