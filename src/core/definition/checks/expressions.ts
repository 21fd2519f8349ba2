import { checkTemplate } from '../../expression/check.ts'
import { cycleMessage, type FieldReads, findFieldCycles } from '../../expression/field-cycles.ts'
import { hasExpression } from '../../expression/template.ts'
import { nearestWord } from '../../nearest-word.ts'
import { quote, shorten } from '../../quote.ts'
import { isSecret } from '../parameters.ts'
import { type ObjectId, objectId, type PipelineObject } from '../pipeline-object.ts'
import type { Problem } from '../problem.ts'
import { namesOnly } from '../secrets.ts'
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
  const problems = subject.written.flatMap(({ original, effective }) =>
    checkObject(original, effective.type === undefined ? scopes.lenient : scopes.typed, reads),
  )
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
    const undeclaredNames = scope.takeUndeclared()
    if (!mayBeShown(key, value.text)) {
      const isWrong = checked.problems.length > 0 || undeclaredNames.length > 0
      return isWrong ? [{ ...place, severity: 'warning' as const, message: `${quote(key)} ${unshown}` }] : []
    }
    const wrong = checked.problems.map(({ message, range }): Problem => {
      const complaint = `${quote(key)} has an expression that cannot be evaluated: ${message}`
      return { ...place, severity, range, message: complaint }
    })
    const names = undeclaredNames.length === 0 ? [] : [...scope.names(id)].filter(isUserField)
    return [...wrong, ...undeclaredNames.map((name) => ({ ...place, ...undeclared(key, name, names) }))]
  })
}

/** Said of a secret that does not only name where it comes from: what is wrong with its expressions would tell what it is. */
const unshown =
  'is a secret with an expression that cannot be evaluated. Remove #{ and } from it, or let it be nothing but #{*myName}, the name of a parameter.'

const mayBeShown = (key: string, text: string): boolean => !isSecret(key) || namesOnly(text)

function undeclared(key: string, name: string, names: Iterable<string>): Pick<Problem, 'severity' | 'message'> {
  const nearest = nearestWord(name, names)
  const hint = nearest === undefined ? '' : ` Did you mean ${shorten(nearest)}?`
  const message = `${quote(key)} uses ${shorten(name)}, but there is no such parameter or field.${hint} Declare it, or give it a value at activation.`
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
        message: mayBeShown(id, text)
          ? `Parameter ${quote(id)} has an expression that cannot be evaluated: ${message}`
          : `Parameter ${quote(id)} ${unshown}`,
      }),
    ),
  )
}

/** The place of a text that belongs to no object. */
const nowhere: ObjectId = objectId('')
