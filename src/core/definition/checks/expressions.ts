import { checkTemplate } from '../../expression/check.ts'
import { cycleMessage, type FieldReads, findFieldCycles } from '../../expression/field-cycles.ts'
import { hasExpression } from '../../expression/template.ts'
import { nearestWord } from '../../nearest-word.ts'
import { type ObjectId, objectId, type PipelineObject } from '../pipeline-object.ts'
import type { Problem } from '../problem.ts'
import { lenientScope, type NotingScope, typedScope } from './expression-scopes.ts'
import { type Check, isUserField, type Subject } from './subject.ts'

/**
 * Every expression can be read, calls functions that exist with what they take, and uses names that mean something. A user field is
 * evaluated only where something reads it, so what is wrong in one is a warning.
 *
 * @source guide: dp-pipeline-expressions
 */
export const checkExpressions: Check = (subject) => {
  const scopes = { typed: typedScope(subject), lenient: lenientScope(subject) }
  const reads: FieldReads[] = []
  const problems = subject.definition.objects.flatMap((object) => {
    const isTyped = subject.objects.get(object.id)?.type !== undefined
    return checkObject(object, isTyped ? scopes.typed : scopes.lenient, reads)
  })
  const cycles = findFieldCycles(reads).map((path): Problem => {
    const [first] = path
    return { severity: 'error', objectId: first?.objectId, field: first?.key, message: cycleMessage(path) }
  })
  return [...problems, ...cycles, ...checkParameters(subject, scopes.lenient)]
}

function checkObject({ id, fields }: PipelineObject, scope: NotingScope, reads: FieldReads[]): Problem[] {
  const counts = new Map<string, number>()
  return fields.flatMap(({ key, value }) => {
    const valueIndex = counts.get(key) ?? 0
    counts.set(key, valueIndex + 1)
    if (key === 'type' || value.kind === 'reference' || !hasExpression(value.text)) return []
    const checked = checkTemplate(value.text, id, scope)
    if (checked.reads.length > 0) reads.push({ field: { objectId: id, key }, reads: checked.reads })
    const place = { objectId: id, field: key, valueIndex }
    const severity = isUserField(key) ? 'warning' : 'error'
    const wrong = checked.problems.map(({ message, range }): Problem => {
      return { ...place, severity, range, message: `'${key}' has an expression that cannot be evaluated: ${message}` }
    })
    return [
      ...wrong,
      ...scope.takeUndeclared().map((name) => ({ ...place, ...undeclared(key, name, scope.names(id)) })),
    ]
  })
}

function undeclared(key: string, name: string, names: Iterable<string>): Pick<Problem, 'severity' | 'message'> {
  const nearest = nearestWord(name, names)
  const hint = nearest === undefined ? '' : ` Did you mean ${nearest}?`
  const message = `'${key}' uses ${name}, but there is no such parameter or field.${hint} Declare it, or give it a value at activation.`
  return { severity: 'warning', message }
}

/** The values and defaults of parameters, which are evaluated in whatever object uses them. */
function checkParameters({ definition }: Subject, scope: NotingScope): Problem[] {
  const texts = [
    ...definition.parameterObjects.flatMap(({ id, attributes }) =>
      attributes.flatMap(({ key, text }) => (key.toLowerCase() === 'default' ? [{ id, text }] : [])),
    ),
    ...definition.parameterValues,
  ]
  return texts.flatMap(({ id, text }) =>
    checkTemplate(text, nowhere, scope).problems.map(
      ({ message }): Problem => ({
        severity: 'error',
        parameterId: id,
        message: `Parameter '${id}' has an expression that cannot be evaluated: ${message}`,
      }),
    ),
  )
}

/** The place of a text that belongs to no object. */
const nowhere: ObjectId = objectId('')
