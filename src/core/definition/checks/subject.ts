import { evaluateTemplate } from '../../expression/evaluate.ts'
import type { Scope } from '../../expression/scope.ts'
import { hasExpression } from '../../expression/template.ts'
import { valueText } from '../../expression/text.ts'
import type { Instant } from '../../instant.ts'
import { type EffectiveObject, runsOnDemand } from '../effective-object.ts'
import type { Limits } from '../limits.ts'
import { isSecret, type Parameters } from '../parameters.ts'
import type { Definition, FieldValue, ObjectId, PipelineObject } from '../pipeline-object.ts'
import type { Problem } from '../problem.ts'

/** What every check looks at: the definition as written, and what has been worked out of it once. */
export type Subject = {
  readonly definition: Definition
  /** The objects as written, in order; of several with one id, the first. */
  readonly written: readonly WrittenObject[]
  readonly objects: ReadonlyMap<ObjectId, EffectiveObject>
  readonly parameters: Parameters
  readonly limits: Limits
  readonly now: Instant
  /** Whether the definition is only stored, or is about to run: for the first time, or again. */
  readonly stage: 'stored' | 'firstActivation' | 'laterActivation'
  /** Whether all values of parameters are there, or some may still be given. */
  readonly values: 'given' | 'toCome'
  readonly isOnDemand: boolean
}

/** One object as its author wrote it: its own fields by key, a list with several values. */
export type WrittenObject = {
  readonly id: ObjectId
  /** The object with what it inherits. */
  readonly effective: EffectiveObject
  readonly original: PipelineObject
  readonly fields: ReadonlyMap<string, readonly FieldValue[]>
}

/** One rule, or a few that belong together: what it finds wrong. */
export type Check = (subject: Subject) => readonly Problem[]

/** Puts a subject together. */
export function subjectOf(parts: Omit<Subject, 'written' | 'isOnDemand'>): Subject {
  const written = new Map<ObjectId, WrittenObject>()
  for (const object of parts.definition.objects) {
    const effective = parts.objects.get(object.id)
    if (effective === undefined || written.has(object.id)) continue
    written.set(object.id, { id: object.id, effective, original: object, fields: ownFields(object) })
  }
  return { ...parts, written: [...written.values()], isOnDemand: runsOnDemand(parts.objects) }
}

/** The own fields of an object as written, by key: a list has several values. */
export function ownFields(object: PipelineObject): ReadonlyMap<string, readonly FieldValue[]> {
  const fields = new Map<string, FieldValue[]>()
  for (const { key, value } of object.fields) {
    const known = fields.get(key)
    if (known === undefined) fields.set(key, [value])
    else known.push(value)
  }
  return fields
}

/** Whether the author made the field up: `my…`, secret or not. */
export const isUserField = (key: string): boolean => /^\*?my/.test(key)

/** Longer texts, in UTF-16 units, are not worked out: what has a form, such as a period or a date, is short. */
const literalLengthMax = 1_000

/**
 * What an effective field's text will be, as far as it is known before anything runs: expressions that need only parameters and fields
 * of the object itself are evaluated. `undefined` where more is needed, or a value is not given yet or wrong in itself, and where a secret is
 * used, which no message may show.
 */
export function literalText(text: string, object: EffectiveObject, subject: Subject): string | undefined {
  if (!hasExpression(text)) return text
  if (text.length > literalLengthMax) return undefined
  const evaluation = evaluateTemplate(text, object.id, ownScope(object, subject))
  if (evaluation.kind === 'failure' || evaluation.value.kind === 'list') return undefined
  const literal = valueText(evaluation.value)
  return literal.length > literalLengthMax ? undefined : literal
}

/** What is known of an object before it runs. What a name must not be known for is missing. */
function ownScope(object: EffectiveObject, { parameters, values }: Subject): Scope {
  return {
    entries(id, key) {
      if (id !== object.id || isSecret(key)) return undefined
      const entries = object.fields.get(key) ?? (parameters.ill.has(key) ? undefined : parameters.entries.get(key))
      const [entry] = entries ?? []
      if (entry === undefined || entries?.length !== 1) return undefined
      // An empty value often stands for one that is given at activation.
      const isOpen = entry.kind === 'string' && entry.text === '' && values === 'toCome'
      return isOpen ? undefined : entries
    },
  }
}
