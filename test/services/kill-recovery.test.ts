import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { generateLog } from '../../examples/weblogs/generate-log.ts'
import type { InstanceView } from '../../src/cli/instance-view.ts'
import { InstanceReader, readPipeline } from '../../src/cli/read-pipeline.ts'
import { encodeDefinition, encodeParameterValue } from '../../src/wire/codec.ts'
import { readDefinitionFile } from '../../src/wire/definition-file.ts'
import { KillableMillrace } from './killable-millrace.ts'
import { processesThatMention } from './processes.ts'
import { randomNumbers } from './random-numbers.ts'

const EXAMPLE = join(import.meta.dirname, '../../examples/weblogs')

const FIRST_DAY = '2025-11-02'

const DAYS = 2

/** Lines of each day's log: enough for a report that differs when one of them is lost or doubled. */
const LINES = 200

const ROUNDS_PER_SERVER = 10

/** How long a round may take, in milliseconds: less than any lease or time-out that would hide that a kill went unnoticed. */
const ROUND_MS_MAX = 40_000

const LOOK_AGAIN_MS = 50

/** Set to the number in a failed test's title, it makes the same choices again; the moments differ as machines differ. */
const seed = Number(process.env.KILL_SEED ?? Math.floor(Math.random() * 1_000_000))

let millrace: KillableMillrace | undefined

afterEach(async () => {
  await millrace?.stop()
  await millrace?.remove()
  millrace = undefined
})

describe.runIf(process.platform === 'linux')('kills', () => {
  const servers = Array.from({ length: 5 }, (_, index) => ({ seed: seed + index }))
  it.for(servers)(
    'at any moment change nothing of how a run ends (KILL_SEED $seed)',
    async ({ seed }, { annotate }) => {
      millrace = await KillableMillrace.start()
      // The first run of a new data folder takes longer, because programs are compiled once.
      await runUndisturbed(millrace, 'first')
      const quiet = await runUndisturbed(millrace, 'second')
      const undisturbed = { report: await quiet.report(), instances: quiet.statuses(), durationMs: quiet.durationMs() }
      const random = randomNumbers(seed)
      for (let number = 1; number <= ROUNDS_PER_SERVER; number += 1) {
        const round = new Round(millrace, `round-${number}`)
        await round.activate()
        await round.kill(random, undisturbed.durationMs)
        await round.end()
        await annotate(round.told())
        expect(round.statuses(), round.told()).toEqual(undisturbed.instances)
        expect(await round.report(), round.told()).toBe(undisturbed.report)
        expect(await round.overlaps(), round.told()).toEqual([])
        expect(await processesThatMention(join(millrace.dataFolder, 'machines')), round.told()).toEqual([])
      }
      expect(await millrace.stop()).toEqual([])
    },
  )
})

async function runUndisturbed(millrace: KillableMillrace, name: string): Promise<Round> {
  const round = new Round(millrace, name)
  await round.activate()
  await round.end()
  return round
}

const KILLS = ['machine', 'server', 'server, and its address', 'server and machine'] as const

/** One run of the example's pipeline on logs, a bucket folder and witnesses of its own. */
class Round {
  readonly #millrace: KillableMillrace
  readonly #name: string
  readonly #killed: string[] = []
  #pipelineId = ''
  #startedAtMs = 0
  #endedAtMs = 0
  #instances: readonly InstanceView[] = []

  constructor(millrace: KillableMillrace, name: string) {
    this.#millrace = millrace
    this.#name = name
  }

  async activate(): Promise<void> {
    const { client } = this.#millrace
    await mkdir(join(this.#bucket, 'raw'), { recursive: true })
    await mkdir(join(this.#bucket, 'code'), { recursive: true })
    await mkdir(this.#witnesses, { recursive: true })
    for (const { day, lines } of generateLog(FIRST_DAY, DAYS, 1912)) {
      await writeFile(join(this.#bucket, 'raw', `access-${day}.log`), `${lines.slice(0, LINES).join('\n')}\n`)
    }
    const program = await readFile(join(EXAMPLE, 'traffic-report.sh'))
    await writeFile(join(this.#bucket, 'code', 'traffic-report.sh'), program)
    const values = [
      { id: 'myBucket', text: `s3://weblogs/${this.#name}` },
      { id: 'myFirstDay', text: `${FIRST_DAY}T00:00:00` },
      { id: 'myDays', text: String(DAYS) },
    ]
    const { pipelineId } = await client.createPipeline({ name: this.#name, uniqueId: this.#name })
    const put = await client.putPipelineDefinition({ pipelineId, ...encodeDefinition(await this.#definition()) })
    if (put.errored) throw new Error(JSON.stringify(put.validationErrors))
    this.#pipelineId = pipelineId
    this.#startedAtMs = performance.now()
    await client.activatePipeline({ pipelineId, parameterValues: values.map(encodeParameterValue) })
  }

  /** Kills once or twice, each time at a moment from the activation to about the end of an undisturbed run. */
  async kill(random: () => number, durationMs: number): Promise<void> {
    const kills = Array.from({ length: random() < 0.3 ? 2 : 1 }, () => ({
      afterMs: random() * durationMs,
      what: KILLS[Math.floor(random() * KILLS.length)],
      choice: random(),
    }))
    for (const { afterMs, what, choice } of kills.sort((left, right) => left.afterMs - right.afterMs)) {
      await sleep(Math.max(0, afterMs - this.durationMs()))
      this.#killed.push(`${what} after ${Math.round(this.durationMs())} ms`)
      if (what === 'machine') await this.#killMachine(choice)
      else {
        const meanwhile = what === 'server and machine' ? () => this.#killMachine(choice) : () => Promise.resolve()
        await this.#millrace.replaceServer(what === 'server, and its address' ? 'other' : 'same', meanwhile)
      }
    }
  }

  /** Waits until the run has ended, however it does. */
  async end(): Promise<void> {
    const { client } = this.#millrace
    const reader = new InstanceReader(client, this.#pipelineId)
    for (;;) {
      const { state } = await readPipeline(client, this.#pipelineId)
      this.#instances = await reader.read()
      this.#endedAtMs = performance.now()
      if (state === 'FINISHED') return
      if (this.durationMs() > ROUND_MS_MAX) throw new Error(`${this.told()}: it does not end, but is ${state}.`)
      await sleep(LOOK_AGAIN_MS)
    }
  }

  /** Milliseconds since the activation, until the end. */
  durationMs(): number {
    return (this.#endedAtMs === 0 ? performance.now() : this.#endedAtMs) - this.#startedAtMs
  }

  statuses(): readonly string[] {
    return this.#instances.map(({ id, status }) => `${id} ${status}`).sort()
  }

  report(): Promise<string> {
    return readFile(join(this.#bucket, 'reports', FIRST_DAY, 'report.txt'), 'utf8')
  }

  /** The tasks that began while an earlier hand-out of them was at work. */
  async overlaps(): Promise<readonly string[]> {
    const lines = (await readFile(join(this.#witnesses, 'begun'), 'utf8')).trim().split('\n')
    const alone = new Set(lines.filter((line) => line.endsWith(' alone')))
    if (alone.size !== DAYS + 1) throw new Error(`${this.told()}: not every witness has begun, only ${[...alone]}.`)
    return lines.filter((line) => !line.endsWith(' alone'))
  }

  told(): string {
    const open = this.#instances
      .filter(({ status }) => status !== 'FINISHED')
      .map(({ id, status }) => `${id} ${status}`)
    const killed = this.#killed.length === 0 ? 'nothing' : this.#killed.join(', ')
    return [`${this.#name} (killed: ${killed}), ${Math.round(this.durationMs())} ms`, ...open].join('; ')
  }

  async #killMachine(choice: number): Promise<void> {
    const machines = await this.#millrace.machines()
    const pid = machines[Math.floor(choice * machines.length)]
    if (pid === undefined) this.#killed.push('(no machine was there)')
    else await this.#millrace.killMachine(pid)
  }

  get #bucket(): string {
    return join(this.#millrace.dataFolder, 's3', 'weblogs', this.#name)
  }

  get #witnesses(): string {
    return join(this.#millrace.dataFolder, 'witnesses', this.#name)
  }

  /** The example's definition, but for witnesses: a daily one beside each copy, and one in the step of the report. */
  async #definition() {
    const text = await readFile(join(EXAMPLE, 'definition.json'), 'utf8')
    const { objects, ...rest } = JSON.parse(text.replace('sh,-c,', `sh,-c,${this.#witness('report')};`))
    const daily = {
      id: 'Witness',
      type: 'ShellCommandActivity',
      schedule: { ref: 'EveryDay' },
      runsOn: { ref: 'CopyServer' },
      command: `${this.#witness("#{format(@scheduledStartTime,'YYYY-MM-dd')}")}; sleep 0.5`,
    }
    const file = readDefinitionFile(JSON.stringify({ objects: [...objects, daily], ...rest }))
    if (file.kind === 'unusable') throw new Error('The definition of the example cannot be read.')
    return file.definition
  }

  /** Shell words that hold a lock until they, and all that they have started, have ended; they tell whether they got it at once. */
  #witness(name: string): string {
    const path = join(this.#witnesses, name)
    const held = `flock -n 9 && echo ${name} alone >> ${join(this.#witnesses, 'begun')}`
    return `exec 9>> ${path}; ${held} || echo ${name} twice >> ${join(this.#witnesses, 'begun')}`
  }
}
