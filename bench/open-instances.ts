import { setTimeout as sleep } from 'node:timers/promises'
import { object, ref } from '../test/builders.ts'
import { percentile, printReport } from './report.ts'
import { type BenchService, startService } from './service.ts'

/** Open instances beside which instances are completed, at least. */
const FEW = 1000
const MANY = 1_000_000

/** Instances whose making is measured. */
const MADE = 100_000

/** Completions are measured in turns, now beside few and now beside many, so that a noisy moment of the machine meets both. */
const ROUNDS = 40
const COMPLETIONS_PER_ROUND = 50

/** How often it is looked whether all instances have been made, in milliseconds. */
const LOOK_MS = 50

/** Pairs of activities, the second of which waits for the first: completing one releases the other. */
function pairs(count: number) {
  const activity = { type: 'ShellCommandActivity', command: 'true', schedule: ref('Past'), workerGroup: 'bench-open' }
  return [
    object('Past', {
      type: 'Schedule',
      period: '1 minute',
      startDateTime: '2024-01-01T00:00:00',
      occurrences: String(count),
    }),
    object('First', activity),
    object('Second', { ...activity, dependsOn: ref('First') }),
  ]
}

/** Makes so many instances, all of them open; returns the seconds that it took. */
async function makeOpen(service: BenchService, instances: number): Promise<number> {
  const pipelineId = await service.put(pairs(instances / 2))
  const startMs = performance.now()
  await service.client.activatePipeline({ pipelineId })
  for (;;) {
    const { pipelineDescriptionList } = await service.client.describePipelines({ pipelineIds: [pipelineId] })
    const fields = pipelineDescriptionList[0]?.fields ?? []
    if (!fields.some(({ key }) => key === '@nextRunTime')) return (performance.now() - startMs) / 1000
    await sleep(LOOK_MS)
  }
}

/** Takes a task and reports it finished; returns the milliseconds that both requests took. */
async function complete({ client }: BenchService): Promise<number> {
  const startMs = performance.now()
  const { taskObject } = await client.pollForTask({ workerGroup: 'bench-open' })
  const taskId = taskObject?.taskId
  if (taskId === undefined) throw new Error('There is no task.')
  await client.setTaskStatus({ taskId, taskStatus: 'FINISHED' })
  return performance.now() - startMs
}

const few = await startService()
const many = await startService()
try {
  await makeOpen(few, FEW + ROUNDS * COMPLETIONS_PER_ROUND)
  const seconds = await makeOpen(many, MADE)
  await makeOpen(many, MANY - MADE)
  const fewMs: number[] = []
  const manyMs: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    for (let done = 0; done < COMPLETIONS_PER_ROUND; done += 1) fewMs.push(await complete(few))
    for (let done = 0; done < COMPLETIONS_PER_ROUND; done += 1) manyMs.push(await complete(many))
  }
  const medians = { few: percentile(fewMs, 0.5), many: percentile(manyMs, 0.5) }
  printReport('Completing instances beside others that are open', [
    { name: `${MADE} instances made`, value: seconds, unit: 's', better: 'lower', must: 10 },
    { name: `completion beside ${FEW} open ones, p50`, value: medians.few, unit: 'ms', better: 'lower' },
    { name: `completion beside ${MANY} open ones, p50`, value: medians.many, unit: 'ms', better: 'lower' },
    { name: 'ratio of the two', value: medians.many / medians.few, unit: '', better: 'lower', must: 1.5 },
  ])
} finally {
  await few.stop()
  await many.stop()
}
