import { describe, expect, it } from 'vitest'
import { soak } from './soak.ts'

/** Set to the number in a failed test's title, it makes the same faults again; the moments differ as machines differ. */
const seed = Number(process.env.SCHEDULER_SEED ?? Math.floor(Math.random() * 1_000_000))

describe.runIf(process.platform === 'linux')('schedules', () => {
  it(`are kept one run for one due window through kills, stops and wrong clocks (SCHEDULER_SEED ${seed})`, async ({
    annotate,
  }) => {
    const faults: string[] = []
    const report = await soak({ durationMs: 2 * 60_000, seed, tell: (fault) => void faults.push(fault) })
    await annotate(JSON.stringify(report))
    expect(report.violations, faults.join(', ')).toEqual([])
    expect(report.runs).toBeGreaterThanOrEqual(report.windows)
  })
})
