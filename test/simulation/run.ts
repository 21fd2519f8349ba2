import { fork } from 'node:child_process'
import { once } from 'node:events'
import { parseArgs } from 'node:util'
import type { Definition } from '../../src/core/definition/pipeline-object.ts'
import { randomScenario, type Scenario } from './scenario.ts'
import { shrink } from './shrink.ts'
import { simulate } from './simulation.ts'

const usage = `npm run simulation -- --seed N            runs one seed; if it fails, prints the smallest run found that does
npm run simulation -- --seeds FROM..TO    runs all of them, and names those that fail
  --jobs N                                in so many processes; 1 if absent
  --whole                                 prints the run of the seed as it is`

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string' },
      seeds: { type: 'string' },
      jobs: { type: 'string', default: '1' },
      whole: { type: 'boolean', default: false },
    },
  })
  const [from, to] = (values.seeds ?? '').split('..').map(Number)
  if (values.seed !== undefined) {
    const failed = values.whole ? await print(randomScenario(Number(values.seed))) : await replay(Number(values.seed))
    process.exitCode = failed ? 1 : 0
  } else if (from !== undefined && to !== undefined && from <= to) {
    const jobs = Number(values.jobs)
    const failures = jobs === 1 ? await runAll(from, to) : await runInProcesses({ from, to, jobs })
    console.log(`${to - from + 1} seeds, ${failures} failed`)
    process.exitCode = failures === 0 ? 0 : 1
  } else {
    console.error(usage)
    process.exitCode = 2
  }
}

/** Runs one seed, and prints the smallest run that fails as it does. Answers whether it failed. */
async function replay(seed: number): Promise<boolean> {
  const scenario = randomScenario(seed)
  const { violations, commits, events } = await simulate(scenario)
  const [violation] = violations
  if (violation === undefined) {
    console.log(`seed ${seed} holds, with ${commits} commits`)
    return false
  }
  return await print(await shrink(scenario, { violation, events }))
}

/** Prints a run as it goes. Answers whether it failed. */
async function print(scenario: Scenario): Promise<boolean> {
  const { violations, trace } = await simulate(scenario, { trace: 'kept' })
  console.log(scenario.definitions.map(inLines).join('\n\n'))
  console.log(JSON.stringify({ store: scenario.store, runners: scenario.runners, rates: scenario.rates }))
  console.log(trace.join('\n'))
  for (const violation of violations) console.log(`BROKEN: ${violation}`)
  console.log(`again: npm run simulation -- --seed ${scenario.seed}`)
  return violations.length > 0
}

const inLines = ({ objects }: Definition): string =>
  objects
    .map(({ id, fields }) => {
      const words = fields.map(
        ({ key, value }) => `${key}=${value.kind === 'string' ? value.text : `→${value.target}`}`,
      )
      return `${id}: ${words.join(', ')}`
    })
    .join('\n')

/** Runs seeds one after another. Answers how many failed. */
async function runAll(from: number, to: number): Promise<number> {
  let failures = 0
  for (let seed = from; seed <= to; seed += 1) {
    const { violations } = await simulate(randomScenario(seed))
    if (violations.length === 0) continue
    failures += 1
    console.log(`seed ${seed}: ${violations[0]}`)
    // The first one mostly explains the others, and to make a run smaller takes time.
    if (failures === 1) await replay(seed)
  }
  return failures
}

/** Divides the seeds among processes, each of which takes a stretch of them. Answers how many failed. */
async function runInProcesses({ from, to, jobs }: { from: number; to: number; jobs: number }): Promise<number> {
  const size = Math.ceil((to - from + 1) / jobs)
  const starts = Array.from({ length: jobs }, (_, job) => from + job * size).filter((start) => start <= to)
  const failures = await Promise.all(
    starts.map(async (start) => {
      const range = `${start}..${Math.min(to, start + size - 1)}`
      const child = fork(import.meta.filename, ['--seeds', range], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] })
      let text = ''
      child.stdout?.on('data', (chunk: Buffer) => {
        text += chunk.toString()
        process.stdout.write(chunk)
      })
      await once(child, 'close')
      return Number(/(\d+) failed\s*$/.exec(text)?.[1] ?? Number.NaN)
    }),
  )
  return failures.reduce((sum, each) => sum + each, 0)
}

await main()
