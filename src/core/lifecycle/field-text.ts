import type { EffectiveObject } from '../definition/effective-object.ts'
import type { FieldValue, ObjectId } from '../definition/pipeline-object.ts'
import { shownFailure } from '../definition/secrets.ts'
import { evaluateTemplate } from '../expression/evaluate.ts'
import type { Scope, ScopeEntry } from '../expression/scope.ts'
import { valueText } from '../expression/text.ts'
import type { Value } from '../expression/value.ts'

/** The evaluated values of a field as text, or why they have none. */
export type FieldTexts =
  | { readonly kind: 'texts'; readonly texts: readonly string[] }
  | { readonly kind: 'failure'; readonly message: string }

/**
 * Evaluates every value of a field of an object. A value that is a list adds its items; a reference adds the id of its target. An
 * absent field has no values.
 */
export function fieldTexts(object: { id: ObjectId }, values: readonly FieldValue[], scope: Scope): FieldTexts {
  const texts: string[] = []
  for (const value of values) {
    if (value.kind === 'reference') {
      texts.push(value.target)
      continue
    }
    const evaluation = evaluateTemplate(value.text, object.id, scope)
    if (evaluation.kind === 'failure') return { kind: 'failure', message: shownFailure(value.text, object.id, scope) }
    texts.push(...itemTexts(evaluation.value))
  }
  return { kind: 'texts', texts }
}

const itemTexts = (value: Value): readonly string[] =>
  value.kind === 'list' ? value.items.flatMap(itemTexts) : [valueText(value)]

/** What the names in a definition mean where no instance is meant: fields of objects, and parameters. */
export function definitionScope(source: {
  readonly pipelineId: string
  readonly objects: ReadonlyMap<ObjectId, EffectiveObject>
  readonly parameters: ReadonlyMap<string, readonly ScopeEntry[]>
}): Scope {
  return {
    entries(object, key) {
      if (key === '@pipelineId') return [{ kind: 'string', text: source.pipelineId }]
      if (key === 'id' || key === '@id') return [{ kind: 'string', text: object }]
      const found = source.objects.get(object)
      if (key === 'name' && found !== undefined) return [{ kind: 'string', text: found.name }]
      return found?.fields.get(key) ?? source.parameters.get(key)
    },
  }
}
