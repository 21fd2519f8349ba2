import { parseArgs } from 'node:util'
import { soak } from './soak.ts'

// A soak as long as one likes: `node test/services/scheduler/run.ts --minutes 30 --seed 1`. Ends with status 1 if a schedule was not kept.

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '30' }, seed: { type: 'string', default: '1' } },
})
const begin = performance.now()
const tell = (line: string) =>
  void process.stderr.write(`${Math.round((performance.now() - begin) / 1000)} s: ${line}\n`)
const report = await soak({ durationMs: Number(values.minutes) * 60_000, seed: Number(values.seed), tell })
process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`)
process.exitCode = report.violations.length === 0 ? 0 : 1
