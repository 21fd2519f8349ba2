import { defaultLimits } from '../src/core/definition/limits.ts'
import type { Definition, PipelineObject } from '../src/core/definition/pipeline-object.ts'
import type { Problem } from '../src/core/definition/problem.ts'
import { type Circumstances, validateDefinition } from '../src/core/definition/validate.ts'
import { parseInstant } from '../src/core/instant.ts'
import { definition, object, ref } from './builders.ts'

/** The noon at which every case is judged, unless it says otherwise. */
const now = parseInstant('2026-06-01T12:00:00') ?? fail()

function fail(): never {
  throw new Error('The time of these tests cannot be read.')
}

/** What is found in a definition, under circumstances that a case may change. */
export const validate = (subject: Definition, circumstances: Partial<Circumstances> = {}): readonly Problem[] =>
  validateDefinition(subject, { limits: defaultLimits, now, ...circumstances })

/** The circumstances of the first activation, without values of parameters. */
export const activated = { activation: { parameterValues: [], turn: 'first' } } as const

/** Default of a pipeline about which nothing is to be said; a case may put another in its place. */
export const defaults = object('Default', {
  schedule: ref('Daily'),
  failureAndRerunMode: 'cascade',
  pipelineLogUri: 's3://logs/',
  role: 'r',
  resourceRole: 'rr',
  workerGroup: 'wg',
})

/** A schedule that has nothing to catch up. */
export const daily = object('Daily', { type: 'Schedule', period: '1 day', startDateTime: '2026-06-01T00:00:00' })

/** An activity that needs nothing else. */
export const shell = (id: string, fields: Parameters<typeof object>[1] = {}) =>
  object(id, { type: 'ShellCommandActivity', command: 'true', ...fields })

/** The objects of a case, with Default and a schedule around them. */
export const pipeline = (...objects: readonly PipelineObject[]) => {
  const given = new Set(objects.map(({ id }) => id))
  return definition([...[defaults, daily].filter(({ id }) => !given.has(id)), ...objects])
}

/** What is found in a case, in the short form `severity object.field: message`. */
export const found = (...objects: readonly PipelineObject[]) => shortForms(validate(pipeline(...objects)))

/** `severity object.field: message`, for each problem. */
export const shortForms = (problems: readonly Problem[]) =>
  problems.map(({ severity, objectId, parameterId, field, message }) => {
    const place = [objectId ?? parameterId, field].filter((part) => part !== undefined).join('.')
    return `${severity} ${place}: ${message}`
  })
