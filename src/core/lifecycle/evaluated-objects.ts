import {
  type Field,
  type FieldValue,
  type ObjectId,
  type PipelineObject,
  textField,
} from '../definition/pipeline-object.ts'
import type { Problem } from '../definition/problem.ts'
import { shownFailure } from '../definition/secrets.ts'
import { evaluateTemplate } from '../expression/evaluate.ts'
import { failure } from '../expression/failure.ts'
import type { Scope } from '../expression/scope.ts'
import { valueText } from '../expression/text.ts'
import type { Value } from '../expression/value.ts'

/** Fields that say how the service runs an object: nothing that a task runner follows. */
const ownBusiness: ReadonlySet<string> = new Set([
  'parent',
  'schedule',
  'runsOn',
  'dependsOn',
  'precondition',
  'onSuccess',
  'onFail',
  'onLateAction',
])

/** An object of which the evaluated fields are wanted. */
export type Evaluated = { readonly id: ObjectId; readonly name: string; readonly keys: readonly string[] }

/** Evaluated objects, or what could not be evaluated. */
export type EvaluatedObjects =
  | { readonly kind: 'objects'; readonly objects: readonly PipelineObject[] }
  | { readonly kind: 'failure'; readonly problem: Problem }

/**
 * Evaluates all fields of `first` and of every object that it refers to, directly or through others, but for what only the service
 * follows. `describe` tells the keys of an object that is met on the way.
 *
 * @source observed: 8.1
 */
export function evaluateReachable(
  first: Evaluated,
  describe: (id: ObjectId) => Evaluated | undefined,
  scope: Scope,
): EvaluatedObjects {
  const objects = new Map<ObjectId, PipelineObject>()
  const waiting: Evaluated[] = [first]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (objects.has(next.id)) continue
    const evaluated = evaluateObject(next, scope)
    if (evaluated.kind === 'failure') return evaluated
    const [object] = evaluated.objects
    if (object === undefined) continue
    objects.set(next.id, object)
    for (const { key, value } of object.fields) {
      if (value.kind !== 'reference' || ownBusiness.has(key) || key.startsWith('@')) continue
      const target = describe(value.target)
      if (target !== undefined) waiting.push(target)
    }
  }
  return { kind: 'objects', objects: [...objects.values()] }
}

/** One object with every expression in its fields evaluated; a value that is a list becomes several fields. */
export function evaluateObject({ id, name, keys }: Evaluated, scope: Scope): EvaluatedObjects {
  const fields: Field[] = []
  for (const key of keys) {
    for (const entry of scope.entries(id, key) ?? []) {
      if (entry.kind === 'value') {
        fields.push(...valueFields(key, entry.value))
        continue
      }
      const evaluation = evaluateEntry(entry, id, scope)
      if (evaluation.kind === 'failure') {
        return {
          kind: 'failure',
          problem: { severity: 'error', objectId: id, field: key, message: evaluation.message },
        }
      }
      fields.push(...valueFields(key, evaluation.value))
    }
  }
  return { kind: 'objects', objects: [{ id, name, fields }] }
}

function evaluateEntry(entry: FieldValue, self: ObjectId, scope: Scope) {
  if (entry.kind === 'reference') return { kind: 'value', value: { kind: 'object', id: entry.target } } as const
  const evaluation = evaluateTemplate(entry.text, self, scope)
  return evaluation.kind === 'value' ? evaluation : failure(shownFailure(entry.text, self, scope))
}

function valueFields(key: string, value: Value): readonly Field[] {
  if (value.kind === 'list') return value.items.flatMap((item) => valueFields(key, item))
  if (value.kind === 'object') return [{ key, value: { kind: 'reference', target: value.id } }]
  return [textField(key, valueText(value))]
}
