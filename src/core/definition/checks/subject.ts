import type { ScopeEntry } from '../../expression/scope.ts'
import type { Instant } from '../../instant.ts'
import { type EffectiveObject, runsOnDemand } from '../effective-object.ts'
import type { Limits } from '../limits.ts'
import { isSecret, type Parameters } from '../parameters.ts'
import type { Definition, FieldValue, ObjectId, PipelineObject } from '../pipeline-object.ts'
import type { Problem } from '../problem.ts'

/** What every check looks at: the definition as written, and what has been worked out of it once. */
export type Subject = {
  readonly definition: Definition
  /** The objects as written, in order. */
  readonly written: readonly WrittenObject[]
  readonly objects: ReadonlyMap<ObjectId, EffectiveObject>
  readonly parameters: Parameters
  readonly limits: Limits
  readonly now: Instant
  /** Whether the definition is only stored, or is about to run: for the first time, or again. */
  readonly stage: 'stored' | 'firstActivation' | 'laterActivation'
  readonly isOnDemand: boolean
}

/** One object as its author wrote it: its own fields by key, a list with several values. */
export type WrittenObject = {
  readonly id: ObjectId
  /** The object with what it inherits; of several objects with one id, the first of them. */
  readonly effective: EffectiveObject
  readonly fields: ReadonlyMap<string, readonly FieldValue[]>
}

/** One rule, or a few that belong together: what it finds wrong. */
export type Check = (subject: Subject) => readonly Problem[]

/** Puts a subject together. */
export function subjectOf(parts: Omit<Subject, 'written' | 'isOnDemand'>): Subject {
  const written = parts.definition.objects.flatMap((object): WrittenObject[] => {
    const effective = parts.objects.get(object.id)
    return effective === undefined ? [] : [{ id: object.id, effective, fields: ownFields(object) }]
  })
  return { ...parts, written, isOnDemand: runsOnDemand(parts.objects) }
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
 * What an effective field's text will be, as far as it is known before anything runs: expressions that are nothing but the name of
 * a parameter, or of a user field of the object, are replaced. `undefined` where another expression is left, or a value is not given yet, and
 * where a secret is used, which no message may show.
 */
export function literalText(text: string, object: EffectiveObject, { parameters, stage }: Subject): string | undefined {
  if (!text.includes('#{')) return text
  if (text.length > literalLengthMax) return undefined
  let isKnown = true
  const replaced = text.replace(/#\{\s*(\*?my\w*)\s*\}/g, (_, name: string) => {
    const entries = object.fields.get(name) ?? parameters.entries.get(name) ?? []
    const entry = entries.length === 1 ? entries[0] : undefined
    const value = entry === undefined ? '' : entryText(entry)
    // An empty value often stands for one that is given at activation.
    const isOpen = entry === undefined || (value === '' && stage === 'stored')
    if (isOpen || isSecret(name) || value.length > literalLengthMax) isKnown = false
    return value
  })
  return isKnown && !replaced.includes('#{') ? replaced : undefined
}

function entryText(entry: ScopeEntry): string {
  if (entry.kind === 'string') return entry.text
  if (entry.kind === 'reference') return entry.target
  return entry.value.kind === 'integer' || entry.value.kind === 'double' ? String(entry.value.number) : ''
}
