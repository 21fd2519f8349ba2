import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { TestEngine } from '../test-engine.ts'
import type { ModelPipeline } from './model.ts'
import { toDefinition } from './model-definition.ts'
import { ModelRun } from './model-run.ts'
import { type Happening, randomHappening } from './random-happening.ts'
import { randomPipeline } from './random-pipeline.ts'

/** Random pipelines that are compared: as many as take some seconds, and in continuous integration as many as take a minute. */
const runs = process.env.CI === undefined ? 100 : 2000

/** Fixed, so that a run says something about the change that is tested, and not about chance. `SEED=n` replays a failure, or explores. */
const seed = Number(process.env.SEED ?? 2026)

test('the engine and the model agree on every status, whatever happens to a pipeline', {
  timeout: 600_000,
}, async () => {
  // Without a size, few would have more than seven.
  const happenings = fc.array(randomHappening, { minLength: 1, maxLength: 20, size: 'max' })
  const property = fc.asyncProperty(randomPipeline, happenings, async (...[pipeline, all]) => {
    const found = await disagreement(pipeline, all)
    if (found !== undefined) throw new Error(found)
  })
  expect(tell(await fc.check(property, { numRuns: runs, seed }))).toEqual([])
})

/** What has happened up to the first disagreement, and what it is. */
async function disagreement(pipeline: ModelPipeline, happenings: readonly Happening[]): Promise<string | undefined> {
  const service = await TestEngine.start()
  try {
    const run = await ModelRun.start(service, pipeline)
    for (const happening of [{ kind: 'activate', startInMinutes: undefined } as const, ...happenings]) {
      const found = await run.happen(happening)
      if (found !== undefined || run.isUndecided) return found
    }
    return undefined
  } finally {
    await service.stop()
  }
}

/** The smallest disagreement that was found, for people: the definition, object by object, and the story line by line. */
function tell({ seed, counterexample, errorInstance }: fc.RunDetails<[ModelPipeline, Happening[]]>): readonly string[] {
  if (counterexample === null) return []
  const objects = toDefinition(counterexample[0]).objects.map(({ id, fields }) =>
    [id, ...fields.map(({ key, value }) => `${key}=${value.kind === 'string' ? value.text : value.target}`)].join(' '),
  )
  const story = errorInstance instanceof Error ? errorInstance.message : String(errorInstance)
  return [`SEED=${seed}`, ...objects, ...story.split('\n')]
}
