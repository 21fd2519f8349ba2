import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { resolveObjects } from '../src/core/definition/effective-object.ts'
import { parseInstant } from '../src/core/instant.ts'
import { makePlan } from '../src/core/lifecycle/plan.ts'
import { simulate } from '../src/core/simulation/simulate.ts'
import { writeDefinitionFile } from '../src/wire/write-definition-file.ts'
import { definition, object, ref } from '../test/builders.ts'
import { percentile, printReport } from './report.ts'

/** How often each measurement is repeated; the median counts. */
const REPETITIONS = 5

/** One run of an hour: ten objects with an instance each, among them a machine, a precondition and data nodes. */
const hourly = definition([
  object('Default', {
    schedule: ref('Hourly'),
    scheduleType: 'cron',
    failureAndRerunMode: 'CASCADE',
    role: 'DataPipelineDefaultRole',
    resourceRole: 'DataPipelineDefaultResourceRole',
    pipelineLogUri: 's3://logs/',
  }),
  object('Hourly', { type: 'Schedule', period: '1 hour', startDateTime: '2026-01-01T00:00:00' }),
  object('Machine', { type: 'Ec2Resource', terminateAfter: '1 hour' }),
  object('InputIsThere', { type: 'S3KeyExists', s3Key: '#{node.filePath}' }),
  object('Input', {
    type: 'S3DataNode',
    filePath: "s3://bucket/in/#{format(@scheduledStartTime, 'YYYY-MM-dd-HH')}",
    precondition: ref('InputIsThere'),
  }),
  shell('Clean', { runsOn: ref('Machine'), input: ref('Input'), output: ref('Cleaned') }),
  object('Cleaned', { type: 'S3DataNode', directoryPath: 's3://bucket/cleaned' }),
  shell('Sum', { runsOn: ref('Machine'), input: ref('Cleaned') }),
  shell('Report', { workerGroup: 'reports', dependsOn: ref('Sum') }),
  shell('Archive', { workerGroup: 'reports', dependsOn: ref('Sum') }),
  shell('Publish', { workerGroup: 'reports', dependsOn: [ref('Report'), ref('Archive')], output: ref('Published') }),
  object('Published', { type: 'S3DataNode', directoryPath: 's3://bucket/published' }),
])

function shell(id: string, fields: Parameters<typeof object>[1]) {
  return object(id, { type: 'ShellCommandActivity', command: 'true', ...fields })
}

const year = { from: '2026-01-01T00:00:00', to: '2027-01-01T00:00:00' }

function instantOf(text: string) {
  const found = parseInstant(text)
  if (found === undefined) throw new Error(`${text} is no time.`)
  return found
}

function simulateYear(): number {
  const from = instantOf(year.from)
  const { plan } = makePlan({
    pipelineId: 'df-00000000SIMULATION',
    objects: resolveObjects(hourly).objects,
    parameters: new Map(),
    firstActivatedAt: from,
    defaults: { retryDelayMs: 600_000, recheckDelayMs: 10_000 },
  })
  const startMs = performance.now()
  const scenario = { from, to: instantOf(year.to), activatedAt: from, taskMs: 300_000, machineStartMs: 120_000 }
  const { instances } = simulate(plan, { ...scenario, assumptions: [] })
  if (instances.length !== 87_600) throw new Error(`${instances.length} instances have been simulated.`)
  return performance.now() - startMs
}

async function commandMs(file: string): Promise<number> {
  const startMs = performance.now()
  const millrace = new URL('../src/bin/millrace.js', import.meta.url).pathname
  await promisify(execFile)(process.execPath, [millrace, 'simulate', file, '--from', year.from, '--to', year.to])
  return performance.now() - startMs
}

const folder = await mkdtemp(join(tmpdir(), 'millrace-bench-simulation-'))
try {
  const file = join(folder, 'hourly.json')
  await writeFile(file, writeDefinitionFile(hourly))
  const simulations = Array.from({ length: REPETITIONS }, simulateYear)
  const commands: number[] = []
  for (let index = 0; index < REPETITIONS; index += 1) commands.push(await commandMs(file))
  const ms = { unit: 'ms', better: 'lower' } as const
  printReport('Simulation of a year of hourly runs, ten objects, 87,600 instances', [
    { name: 'simulated', value: percentile(simulations, 0.5), must: 1000, ...ms },
    {
      name: 'millrace simulate, start of the process and output included',
      value: percentile(commands, 0.5),
      aim: 1000,
      ...ms,
    },
  ])
} finally {
  await rm(folder, { recursive: true })
}
