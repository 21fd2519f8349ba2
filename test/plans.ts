import { resolveObjects } from '../src/core/definition/effective-object.ts'
import { parameterEntries } from '../src/core/definition/parameters.ts'
import { objectId, type PipelineObject } from '../src/core/definition/pipeline-object.ts'
import { type Instant, instant, parseInstant } from '../src/core/instant.ts'
import type { Component } from '../src/core/lifecycle/component.ts'
import { makePlan, type Plan } from '../src/core/lifecycle/plan.ts'
import type { Occurrence } from '../src/core/schedule/occurrence.ts'
import { definition, object } from './builders.ts'

/** What a server's operator has set for tests: retries after 10 minutes, checks after 10 seconds. */
export const testDefaults = { retryDelayMs: 600_000, recheckDelayMs: 10_000 }

/** The plan of these objects, and what is wrong with it; the pipeline was first activated at the beginning of 2026. */
export function sketchPlan(
  objects: readonly PipelineObject[],
  parts: Parameters<typeof definition>[1] = {},
): ReturnType<typeof makePlan> {
  const whole = definition(objects, parts)
  return makePlan({
    pipelineId: 'df-0000000TEST',
    objects: resolveObjects(whole).objects,
    parameters: parameterEntries(whole).entries,
    firstActivatedAt: at('2026-01-01T00:00:00'),
    defaults: testDefaults,
  })
}

/** The plan of objects that are right. */
export function planFrom(...objects: readonly PipelineObject[]): Plan {
  const { plan, problems } = sketchPlan(objects)
  if (problems.length > 0) throw new Error(JSON.stringify(problems))
  return plan
}

/** A component of a plan that must be there. */
export function componentOf(plan: Plan, id: string): Component {
  const component = plan.components.get(objectId(id))
  if (component === undefined) throw new Error(`The plan has no component ${id}.`)
  return component
}

/** A time as it is written in definitions. */
export const at = (text: string): Instant => parseInstant(text) ?? instant(Number.NaN)

/** The interval between two times. */
export const interval = (start: string, end: string): Occurrence => ({ start: at(start), end: at(end) })

/** A schedule of one period after the other, from the beginning of 2026. */
export const schedule = (id: string, period: string, fields: Parameters<typeof object>[1] = {}): PipelineObject =>
  object(id, { type: 'Schedule', period, startDateTime: '2026-01-01T00:00:00', ...fields })
