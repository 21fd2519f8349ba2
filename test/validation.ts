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
export function validate(subject: Definition, circumstances: Partial<Circumstances> = {}): readonly Problem[] {
  const problems = validateDefinition(subject, { limits: defaultLimits, now, ...circumstances })
  for (const problem of problems) holdToForm(problem)
  return problems
}

/**
 * What every message is held to, in whatever test it comes up: it is of bounded length, and says what to do in a sentence that begins
 * with a verb. The original's recommendations say it in their own words.
 */
export function holdToForm({ message }: Pick<Problem, 'message'>): void {
  if (message.length > messageLengthMax) throw new Error(`This message is too long: ${message}`)
  if (!remedy.test(message)) throw new Error(`This message does not say what to do: ${message}`)
}

/** In UTF-16 units: twenty ids of a circle, each cut, are the longest that a message repeats. */
const messageLengthMax = 4_000

const remedy =
  /[.?] (?:Activate|Add|Bring|Calculate|Call|Change|Check|Declare|Define|Divide|Do|Give|Keep|Let|Make|Move|Put|Refer|Remove|Rename|Set|Shorten|Simplify|Split|Use|Write)\b|Did you mean |It is recommended to set /

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
