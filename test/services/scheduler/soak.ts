import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { InstanceReader, readPipeline } from '../../../src/cli/read-pipeline.ts'
import { formatInstant, type Instant, instant } from '../../../src/core/instant.ts'
import { encodeDefinition } from '../../../src/wire/codec.ts'
import { definition, object, ref } from '../../builders.ts'
import { randomNumbers } from '../random-numbers.ts'
import { assignRuns } from './due-windows.ts'
import { ProcessesUnderTest, workerGroup } from './processes-under-test.ts'

/** How long faults go on, and which seed chooses them. */
export type SoakOptions = { readonly durationMs: number; readonly seed: number; readonly tell: (line: string) => void }

/** What a soak has seen. */
export type SoakReport = {
  readonly windows: number
  readonly runs: number
  readonly faults: Readonly<Record<string, number>>
  /** The time from the due moment to the begin of the run, in milliseconds, of half of the runs and of the latest one. */
  readonly latenessMs: { readonly median: number; readonly latest: number }
  /** Everything that is wrong; empty if the schedule was kept. */
  readonly violations: readonly string[]
}

/** Pipelines with a schedule each: their minutes begin at different seconds. */
const PIPELINES = 30

const PERIOD_MS = 60_000

/** From the first due moment on: everybody is up by then. */
const FIRST_DUE_MS = 15_000

/** How wrong the clock of the server may be, in milliseconds, in either direction. */
const SKEW_MS_MAX = 20_000

/**
 * How long after its due moment a run may begin, in milliseconds: the lease of a task runner that was killed with a task (one minute),
 * the skew of the clock that measures it, and the time that processes are away.
 */
const LATENESS_MS_MAX = 60_000 + 2 * SKEW_MS_MAX + 30_000

/** How long all may take to come to rest after the last fault, in milliseconds. */
const REST_MS_MAX = 4 * 60_000

/** How long after the end of a command its report may be on its way, in milliseconds: killed then, the runner has done it in vain. */
const REPORT_MS_MAX = 3000

/**
 * Runs real processes on schedules of one minute while they are killed, stopped and given wrong clocks; then compares what ran with what
 * was due: each due window has a run of its own, and no run is left over.
 */
export async function soak({ durationMs, seed, tell }: SoakOptions): Promise<SoakReport> {
  const processes = await ProcessesUnderTest.start(2)
  try {
    const schedules = await activateAll(processes, Math.round((durationMs - FIRST_DUE_MS) / PERIOD_MS))
    const disturbance = new Disturbance(processes, randomNumbers(seed), tell)
    await disturbance.goOn(durationMs)
    await disturbance.end()
    await rest(processes, schedules)
    return await judge(processes, schedules, disturbance)
  } finally {
    await processes.stop()
  }
}

/** A pipeline, and when its runs are due. */
type Schedule = { readonly pipelineId: string; readonly dueAt: readonly Instant[] }

async function activateAll({ client, folder }: ProcessesUnderTest, occurrences: number): Promise<readonly Schedule[]> {
  const first = Math.ceil((Date.now() + FIRST_DUE_MS) / 1000) * 1000
  const schedules: Schedule[] = []
  for (let index = 0; index < PIPELINES; index += 1) {
    const start = instant(first + Math.floor((index * PERIOD_MS) / PIPELINES / 1000) * 1000)
    const { pipelineId } = await client.createPipeline({ name: `scheduler-${index}`, uniqueId: `scheduler-${index}` })
    const objects = everyMinute({ start, occurrences, log: join(folder, 'runs') })
    const put = await client.putPipelineDefinition({ pipelineId, ...encodeDefinition(definition(objects)) })
    if (put.errored) throw new Error(JSON.stringify(put.validationErrors))
    await client.activatePipeline({ pipelineId })
    const dueAt = Array.from({ length: occurrences }, (_, number) => instant(start + number * PERIOD_MS))
    schedules.push({ pipelineId, dueAt })
  }
  return schedules
}

/** An activity that writes down when it began and ended: `<pipeline> <scheduled start> <begin> <end>`, times in nanoseconds. */
function everyMinute({ start, occurrences, log }: { start: Instant; occurrences: number; log: string }) {
  const line = '#{@pipelineId} #{@scheduledStartTime} $begin $(date +%s%N)'
  return [
    object('EveryMinute', {
      type: 'Schedule',
      period: '1 minute',
      startDateTime: formatInstant(start),
      occurrences: String(occurrences),
    }),
    object('Run', {
      type: 'ShellCommandActivity',
      schedule: ref('EveryMinute'),
      scheduleType: 'cron',
      workerGroup,
      command: `begin=$(date +%s%N); sleep 0.2; echo "${line}" >> ${log}`,
      reportProgressTimeout: '1 minute',
      maximumRetries: '5',
    }),
  ]
}

/** What is done to the processes, and when which of them was killed. */
class Disturbance {
  readonly faults: Record<string, number> = {}
  /** When task runners were killed, in milliseconds since the epoch. */
  readonly runnerKills: number[] = []
  readonly #processes: ProcessesUnderTest
  readonly #random: () => number
  readonly #tell: (line: string) => void

  constructor(processes: ProcessesUnderTest, random: () => number, tell: (line: string) => void) {
    this.#processes = processes
    this.#random = random
    this.#tell = tell
  }

  async goOn(durationMs: number): Promise<void> {
    const until = Date.now() + durationMs
    while (Date.now() < until) {
      await sleep(this.#between(1000, 9000))
      const name = this.#choose(['kill server', 'kill runner', 'stop server', 'stop runner', 'skew clock'] as const)
      this.faults[name] = (this.faults[name] ?? 0) + 1
      this.#tell(name)
      await this.#do(name)
    }
  }

  /** Puts everything right. */
  async end(): Promise<void> {
    this.#processes.skewClock(0)
    await this.#processes.startRunners()
  }

  async #do(name: 'kill server' | 'kill runner' | 'stop server' | 'stop runner' | 'skew clock'): Promise<void> {
    const { runners, server } = this.#processes
    const runner = this.#choose(runners.map((_, index) => index))
    if (name === 'skew clock') this.#processes.skewClock(this.#between(-SKEW_MS_MAX, SKEW_MS_MAX))
    else if (name === 'kill server') {
      await this.#processes.killServer()
      await sleep(this.#between(0, 5000))
      await this.#processes.startServer()
    } else if (name === 'kill runner') {
      await this.#processes.killRunner(runner)
      this.runnerKills.push(Date.now())
      await sleep(this.#between(0, 5000))
      await this.#processes.startRunners()
    } else {
      const stopped = name === 'stop server' ? server : runners[runner]
      stopped?.kill('SIGSTOP')
      await sleep(this.#between(500, 10_000))
      stopped?.kill('SIGCONT')
    }
  }

  #between(low: number, high: number): number {
    return low + this.#random() * (high - low)
  }

  #choose<Item>(items: readonly Item[]): Item {
    const item = items[Math.floor(this.#random() * items.length)]
    if (item === undefined) throw new Error('There is nothing to choose from.')
    return item
  }
}

/** Waits until every pipeline is over. */
async function rest({ client }: ProcessesUnderTest, schedules: readonly Schedule[]): Promise<void> {
  const until = Date.now() + REST_MS_MAX
  const open = new Set(schedules.map(({ pipelineId }) => pipelineId))
  while (open.size > 0 && Date.now() < until) {
    for (const pipelineId of open) {
      if ((await readPipeline(client, pipelineId)).state === 'FINISHED') open.delete(pipelineId)
    }
    await sleep(500)
  }
}

/** A command that has come to its end; times in milliseconds since the epoch. */
type Run = { readonly pipelineId: string; readonly scheduled: string; readonly begin: number; readonly end: number }

async function readRuns(folder: string): Promise<readonly Run[]> {
  const lines = (await readFile(join(folder, 'runs'), 'utf8')).split('\n').filter((line) => line !== '')
  return lines.map((line) => {
    const [pipelineId = '', scheduled = '', begin, end] = line.split(' ')
    return { pipelineId, scheduled, begin: Number(begin) / 1e6, end: Number(end) / 1e6 }
  })
}

async function judge(
  processes: ProcessesUnderTest,
  schedules: readonly Schedule[],
  { faults, runnerKills }: Disturbance,
): Promise<SoakReport> {
  const written = await readRuns(processes.folder)
  const violations: string[] = []
  const lateness: number[] = []
  for (const schedule of schedules) {
    const own = written.filter(({ pipelineId }) => pipelineId === schedule.pipelineId)
    violations.push(...(await unkept(processes, schedule)), ...overlapping(own))
    const runs = own.filter((run) => !isInVain(run, own, runnerKills))
    const windows = schedule.dueAt.map((due) => ({ from: due - SKEW_MS_MAX, until: due + LATENESS_MS_MAX }))
    const begins = runs.map(({ begin }) => begin)
    const { missed, extra } = assignRuns(windows, begins)
    violations.push(...missed.map(({ from }) => `${schedule.pipelineId}: nothing ran for ${at(from + SKEW_MS_MAX)}`))
    violations.push(...extra.map((begin) => `${schedule.pipelineId}: the run at ${at(begin)} was not due`))
    for (const due of schedule.dueAt) {
      const [first, ...more] = runs.filter(({ scheduled }) => scheduled === formatInstant(due))
      if (first !== undefined) lateness.push(first.begin - due)
      if (more.length > 0) violations.push(`${schedule.pipelineId}: ${at(due)} has run ${more.length + 1} times`)
    }
  }
  lateness.sort((left, right) => left - right)
  const latenessMs = { median: lateness[lateness.length >> 1] ?? Number.NaN, latest: lateness.at(-1) ?? Number.NaN }
  const windows = schedules.reduce((sum, { dueAt }) => sum + dueAt.length, 0)
  return { windows, runs: written.length, faults, latenessMs, violations }
}

/** What the service says about a schedule that is not as it must be: one finished instance for each due moment, and no other. */
async function unkept({ client }: ProcessesUnderTest, { pipelineId, dueAt }: Schedule): Promise<readonly string[]> {
  const { state } = await readPipeline(client, pipelineId)
  const instances = await new InstanceReader(client, pipelineId).read()
  const found = instances.map(({ id, status }) => `${id} ${status}`).sort()
  const expected = dueAt.map((due) => `@Run_${formatInstant(due)} FINISHED`).sort()
  const wrong = [
    ...found.filter((each) => !expected.includes(each)).map((each) => `${pipelineId}: there is ${each}`),
    ...expected.filter((each) => !found.includes(each)).map((each) => `${pipelineId}: there is no ${each}`),
  ]
  return state === 'FINISHED' ? wrong : [...wrong, `${pipelineId} is ${state}`]
}

/** Two hand-outs of one instance that were at work at one time. */
function overlapping(runs: readonly Run[]): readonly string[] {
  return runs.flatMap((run, index) =>
    runs
      .slice(index + 1)
      .filter(({ scheduled, begin, end }) => scheduled === run.scheduled && begin < run.end && run.begin < end)
      .map(({ pipelineId, scheduled }) => `${pipelineId}: ${scheduled} ran twice at one time`),
  )
}

/** Whether the runner of this run was killed before it could report its end, so that another run had to be made. */
const isInVain = (run: Run, runs: readonly Run[], runnerKills: readonly number[]): boolean =>
  runs.some(({ scheduled, begin }) => scheduled === run.scheduled && begin > run.begin) &&
  runnerKills.some((kill) => kill >= run.begin && kill <= run.end + REPORT_MS_MAX)

const at = (time: number): string => new Date(time).toISOString()
