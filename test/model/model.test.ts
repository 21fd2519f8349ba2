import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { TestEngine } from '../test-engine.ts'
import type { ModelPipeline } from './model-pipeline.ts'
import { ModelRun } from './model-run.ts'
import { type Happening, randomHappening } from './random-happening.ts'
import { randomPipeline } from './random-pipeline.ts'

/** Random pipelines that are compared: as many as take some seconds, and in continuous integration as many as take a minute. */
const runs = process.env.CI === undefined ? 150 : 2000

/** A run that was found by chance is found again with its seed, which the failure names. */
const seed = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }

test('the engine and the model agree on every status, whatever happens to a pipeline', {
  timeout: 600_000,
}, async () => {
  const property = fc.asyncProperty(
    randomPipeline,
    fc.array(randomHappening, { minLength: 1, maxLength: 40 }),
    async (pipeline, happenings) => {
      expect(await disagreement(pipeline, happenings)).toBeUndefined()
    },
  )
  await fc.assert(property, { numRuns: runs, ...seed })
})

/** What has happened up to the first disagreement, and what it is. */
async function disagreement(pipeline: ModelPipeline, happenings: readonly Happening[]): Promise<string | undefined> {
  const service = await TestEngine.start()
  try {
    const run = await ModelRun.start(service, pipeline)
    for (const happening of [{ kind: 'activate', startInMinutes: undefined } as const, ...happenings]) {
      const found = await run.happen(happening)
      if (found !== undefined) return found
    }
    return undefined
  } finally {
    await service.stop()
  }
}
