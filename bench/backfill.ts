import { setTimeout as sleep } from 'node:timers/promises'
import { object, ref } from '../test/builders.ts'
import { latencyFigures, printReport } from './report.ts'
import { type BenchService, startService } from './service.ts'

/** Intervals of the backfill. */
const INTERVALS = 10_000

/** How often it is looked whether the backfill is complete, in milliseconds: the resolution of the figure, and a load of its own. */
const LOOK_MS = 25

/** The pause between two polls of the other pipeline's worker group, in milliseconds. */
const POLL_PAUSE_MS = 2

const schedule = object('Past', {
  type: 'Schedule',
  period: '15 minutes',
  startDateTime: '2020-01-01T00:00:00',
  occurrences: String(INTERVALS),
})

const backfill = [
  schedule,
  object('Input', { type: 'S3DataNode', filePath: 's3://bucket/#{@scheduledStartTime}', schedule: ref('Past') }),
  object('Work', {
    type: 'ShellCommandActivity',
    command: 'true',
    workerGroup: 'bench-backfill',
    schedule: ref('Past'),
    input: ref('Input'),
  }),
]

/** A worker group whose polls are answered at once, as long as it has tasks. */
const polled = 'bench-polled'

const ready = [
  object('Default', { scheduleType: 'ondemand' }),
  ...Array.from({ length: 900 }, (_, index) =>
    object(`T${index}`, { type: 'ShellCommandActivity', command: 'true', workerGroup: polled }),
  ),
]

/** Whether every instance of the backfill has been made. */
async function isComplete({ client }: BenchService, pipelineId: string): Promise<boolean> {
  const { pipelineDescriptionList } = await client.describePipelines({ pipelineIds: [pipelineId] })
  return !(pipelineDescriptionList[0]?.fields ?? []).some(({ key }) => key === '@nextRunTime')
}

const service = await startService()
try {
  const { client } = service
  const readyId = await service.put(ready)
  await client.activatePipeline({ pipelineId: readyId })
  const pipelineId = await service.put(backfill)
  const polls: number[] = []
  let isRunning = true
  const poller = (async () => {
    while (isRunning) {
      const startMs = performance.now()
      await client.pollForTask({ workerGroup: polled })
      polls.push(performance.now() - startMs)
      await sleep(POLL_PAUSE_MS)
    }
  })()
  const startMs = performance.now()
  await client.activatePipeline({ pipelineId })
  while (!(await isComplete(service, pipelineId))) await sleep(LOOK_MS)
  const seconds = (performance.now() - startMs) / 1000
  isRunning = false
  await poller
  printReport(`Backfill of ${INTERVALS} intervals of a schedule, an activity and a data node`, [
    { name: 'all instances made', value: seconds, unit: 's', better: 'lower', must: 2, aim: 0.5 },
    ...latencyFigures('PollForTask meanwhile', polls, { p99: { must: 50 } }),
  ])
} finally {
  await service.stop()
}
