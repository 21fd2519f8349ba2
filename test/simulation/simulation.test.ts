import { describe, expect, test } from 'vitest'
import { randomScenario } from './scenario.ts'
import { simulate } from './simulation.ts'

/** As many as take some seconds; continuous integration runs more by `npm run simulation`. */
const seeds = Array.from({ length: 60 }, (_, index) => index + 1)

describe('a simulation', () => {
  test('is the same whenever it is run with the same seed', async () => {
    for (const seed of [1, 2, 3, 50]) {
      const first = await simulate(randomScenario(seed), { trace: 'kept' })
      const second = await simulate(randomScenario(seed), { trace: 'kept' })
      expect(second).toEqual(first)
      expect(first.commits).toBeGreaterThan(0)
    }
  })

  test('with another seed is another one', async () => {
    const first = await simulate(randomScenario(1), { trace: 'kept' })
    const second = await simulate(randomScenario(2), { trace: 'kept' })
    expect(second.trace).not.toEqual(first.trace)
  })

  test('breaks no law, whatever happens', { timeout: 60_000 }, async () => {
    const failed: string[] = []
    for (const seed of seeds) {
      const { violations } = await simulate(randomScenario(seed))
      if (violations.length > 0) failed.push(`npm run simulation -- --seed ${seed}   ${violations[0]}`)
    }
    expect(failed).toEqual([])
  })
})
