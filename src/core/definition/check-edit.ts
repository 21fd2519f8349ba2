import { quote } from '../quote.ts'
import { ownFields } from './checks/subject.ts'
import type { Definition, FieldValue, ObjectId, PipelineObject } from './pipeline-object.ts'
import type { Problem } from './problem.ts'

/**
 * Finds what may not change once a pipeline has been activated: history stands on it. `previous` is the definition that was activated
 * last. Before the first activation everything may change.
 *
 * @source guide: dp-manage-pipeline-modify-console; observed: 6 (rule 11)
 */
export function checkEdit(previous: Definition, next: Definition): readonly Problem[] {
  const before = byId(previous)
  const after = byId(next)
  return [
    ...[...before.keys()].flatMap((id) => (after.has(id) ? [] : [removed(id)])),
    ...[...after].flatMap(([id, object]) => {
      const known = before.get(id)
      return known === undefined ? checkNewObject(object, before) : checkKnownObject(known, object)
    }),
  ]
}

const byId = ({ objects }: Definition): ReadonlyMap<ObjectId, PipelineObject> =>
  new Map(objects.map((object) => [object.id, object]))

const removed = (id: ObjectId): Problem => ({
  severity: 'error',
  objectId: id,
  message: `${quote(id)} cannot be removed, since the pipeline has been activated with it. Put it back; nothing needs to refer to it.`,
})

function checkNewObject(object: PipelineObject, before: ReadonlyMap<ObjectId, PipelineObject>): Problem[] {
  const outputs = ownFields(object).get('output') ?? []
  return outputs.flatMap((value, valueIndex): Problem[] => {
    if (value.kind !== 'reference' || !before.has(value.target)) return []
    const message = `'output' refers to ${quote(value.target)}, which was there when the pipeline was activated. Give the new object an output of its own.`
    return [{ severity: 'error', objectId: object.id, field: 'output', valueIndex, message }]
  })
}

/** What an object keeps for ever, with the reason or the remedy. References are kept as well. */
const fixedFields: ReadonlyMap<string, string> = new Map([
  ['type', 'Make a new object for something of another type.'],
  ['period', 'Make a new schedule in a new pipeline for another period.'],
  ['startDateTime', 'Activate with a start timestamp instead.'],
  ['startAt', 'Activate with a start timestamp instead.'],
])

function checkKnownObject(known: PipelineObject, object: PipelineObject): Problem[] {
  const before = ownFields(known)
  const after = ownFields(object)
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((field): Problem[] => {
    const remedy = fixedFields.get(field) ?? referenceRemedy(before.get(field), after.get(field))
    if (remedy === undefined || isSame(before.get(field), after.get(field))) return []
    const message = `${quote(field)} cannot change, since the pipeline has been activated with it. ${remedy}`
    return [{ severity: 'error', objectId: object.id, field, message }]
  })
}

function referenceRemedy(...versions: readonly (readonly FieldValue[] | undefined)[]): string | undefined {
  const refers = versions.some((values) => values?.some(({ kind }) => kind === 'reference'))
  return refers ? 'Make a new object instead: the references of one that has run are fixed.' : undefined
}

function isSame(before: readonly FieldValue[] = [], after: readonly FieldValue[] = []): boolean {
  return before.length === after.length && before.every((value, index) => isSameValue(value, after[index]))
}

const isSameValue = (left: FieldValue, right: FieldValue | undefined): boolean =>
  left.kind === 'string'
    ? right?.kind === 'string' && left.text === right.text
    : right?.kind === 'reference' && left.target === right.target
