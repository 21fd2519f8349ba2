import { setTimeout as sleep } from 'node:timers/promises'
import { object, ref } from '../test/builders.ts'
import { type Figure, latencyFigures, printReport } from './report.ts'
import { type BenchService, startService, workerGroup } from './service.ts'

/** Activities of a chain. */
const LINKS = 40

/** Chains that are run; the first ones warm the server and its task runner up and do not count. */
const WARM_UPS = 2
const CHAINS = 5

/** How often it is looked whether a chain is over, in milliseconds: the resolution of the figure. */
const LOOK_MS = 3

const defaults = object('Default', { scheduleType: 'ondemand' })

const chain = (group: string) =>
  Array.from({ length: LINKS }, (_, index) =>
    object(`A${index}`, {
      type: 'ShellCommandActivity',
      command: 'true',
      workerGroup: group,
      ...(index === 0 ? {} : { dependsOn: ref(`A${index - 1}`) }),
    }),
  )

/** Milliseconds from ActivatePipeline to the last FINISHED, with the server's own task runner. */
async function timeChain({ client, put, stateOf }: BenchService): Promise<number> {
  const pipelineId = await put([defaults, ...chain(workerGroup)])
  const startMs = performance.now()
  await client.activatePipeline({ pipelineId })
  while ((await stateOf(pipelineId)) !== 'FINISHED') await sleep(LOOK_MS)
  return performance.now() - startMs
}

/**
 * Milliseconds from the moment at which a task is reported as finished to the moment at which the next one arrives at a parked poll:
 * both requests included, which is more than the hop inside the server.
 */
async function timeHops({ client, put }: BenchService, hops: number): Promise<readonly number[]> {
  const group = 'bench-hops'
  const samples: number[] = []
  while (samples.length < hops) {
    const pipelineId = await put([defaults, ...chain(group)])
    await client.activatePipeline({ pipelineId })
    let { taskObject } = await client.pollForTask({ workerGroup: group })
    for (let link = 1; link < LINKS; link += 1) {
      const next = client.pollForTask({ workerGroup: group })
      // The poll is parked by then.
      await sleep(5)
      const startMs = performance.now()
      void client.setTaskStatus({ taskId: taskObject?.taskId ?? '', taskStatus: 'FINISHED' })
      taskObject = (await next).taskObject
      samples.push(performance.now() - startMs)
    }
    await client.setTaskStatus({ taskId: taskObject?.taskId ?? '', taskStatus: 'FINISHED' })
  }
  return samples
}

const service = await startService()
try {
  for (let warmUp = 0; warmUp < WARM_UPS; warmUp += 1) await timeChain(service)
  const chains: number[] = []
  for (let index = 0; index < CHAINS; index += 1) chains.push(await timeChain(service))
  const hops = await timeHops(service, 1000)
  const median = chains.toSorted((left, right) => left - right)[Math.floor(CHAINS / 2)] ?? Number.NaN
  const chainFigure: Figure = {
    name: `chain of ${LINKS}, median of ${CHAINS}`,
    value: median / 1000,
    unit: 's',
    better: 'lower',
    must: 1.2,
    aim: 0.3,
  }
  printReport('Latency through the API and a task runner', [
    chainFigure,
    ...latencyFigures('one hop', hops, { p50: { must: 5, aim: 2.5 }, p99: { must: 25, aim: 10 } }),
  ])
  console.log(`\nchains: ${chains.map((ms) => `${ms.toFixed(0)} ms`).join(', ')}`)
} finally {
  await service.stop()
}
