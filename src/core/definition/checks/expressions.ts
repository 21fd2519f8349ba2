import { checkTemplate, type TemplateCheck } from '../../expression/check.ts'
import { cycleMessage, type FieldReads, findFieldCycles } from '../../expression/field-cycles.ts'
import { hasExpression } from '../../expression/template.ts'
import { nearestWord } from '../../nearest-word.ts'
import { quote, shorten } from '../../quote.ts'
import { isSecret } from '../parameters.ts'
import { type Definition, type ObjectId, objectId } from '../pipeline-object.ts'
import type { Problem } from '../problem.ts'
import { namesOnly } from '../secrets.ts'
import { lenientScope, type NotingScope, typedScope } from './expression-scopes.ts'
import { type Check, isUserField, type Subject, type WrittenObject } from './subject.ts'

/**
 * Every expression can be read, calls functions that exist with what they take, and uses names that mean something. A user field is
 * evaluated only where something reads it, so what is wrong in one is a warning.
 *
 * @source guide: dp-pipeline-expressions
 */
export const checkExpressions: Check = (subject) => {
  const scopes = { typed: typedScope(subject), lenient: lenientScope(subject) }
  const reads: FieldReads[] = []
  const problems = subject.written.flatMap((object) =>
    checkObject(object, object.effective.type === undefined ? scopes.lenient : scopes.typed, reads),
  )
  const cycles = findFieldCycles(reads).map((path): Problem => {
    const [first] = path
    return { severity: 'error', objectId: first?.objectId, field: first?.key, message: cycleMessage(path) }
  })
  return [...problems, ...cycles, ...checkParameters(subject, scopes.lenient)]
}

function checkObject({ id, fields }: WrittenObject, scope: NotingScope, reads: FieldReads[]): Problem[] {
  const problems: Problem[] = []
  for (const [key, values] of fields) {
    if (key === 'type') continue
    for (const [valueIndex, value] of values.entries()) {
      if (value.kind === 'reference' || !hasExpression(value.text)) continue
      const checked = checkTemplate(value.text, id, scope)
      if (checked.reads.length > 0) reads.push({ field: { objectId: id, key }, reads: checked.reads })
      const undeclaredNames = scope.takeUndeclared()
      const place = { objectId: id, field: key, valueIndex }
      problems.push(...complaints({ place, text: value.text, problems: checked.problems, undeclaredNames, scope }))
    }
  }
  return problems
}

/** What is to be said of one value, once it has been checked. */
function complaints({
  place,
  text,
  problems,
  undeclaredNames,
  scope,
}: {
  readonly place: { readonly objectId: ObjectId; readonly field: string; readonly valueIndex: number }
  readonly text: string
  readonly problems: TemplateCheck['problems']
  readonly undeclaredNames: readonly string[]
  readonly scope: NotingScope
}): Problem[] {
  if (problems.length === 0 && undeclaredNames.length === 0) return []
  const { objectId, field } = place
  if (!mayBeShown(field, text)) return [{ ...place, severity: 'warning', message: `${quote(field)} ${unshown}` }]
  const severity = isUserField(field) ? 'warning' : 'error'
  const wrong = problems.map(({ message, range }): Problem => {
    const complaint = `${quote(field)} has an expression that cannot be evaluated: ${message}`
    return { ...place, severity, range, message: complaint }
  })
  const names = () => Iterator.from(scope.names(objectId)).filter(isUserField)
  return [...wrong, ...undeclaredNames.map((name) => ({ ...place, ...undeclared(field, name, names()) }))]
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
  return parameterTexts(definition).flatMap(({ text, ...place }) =>
    checkTemplate(text, nowhere, scope).problems.map(({ message, range }): Problem => {
      const id = place.parameterId
      return mayBeShown(id, text)
        ? {
            ...place,
            severity: 'error',
            range,
            message: `Parameter ${quote(id)} has an expression that cannot be evaluated: ${message}`,
          }
        : { ...place, severity: 'error', message: `Parameter ${quote(id)} ${unshown}` }
    }),
  )
}

type ParameterText = {
  readonly parameterId: string
  readonly field?: string
  readonly valueIndex: number
  readonly text: string
}

function parameterTexts({ parameterObjects, parameterValues }: Definition): readonly ParameterText[] {
  const defaults = parameterObjects.flatMap(({ id, attributes }) =>
    attributes
      .filter(({ key }) => key.toLowerCase() === 'default')
      .map(({ key, text }, valueIndex) => ({ parameterId: id, field: key, valueIndex, text })),
  )
  const counts = new Map<string, number>()
  const values = parameterValues.map(({ id, text }) => {
    const valueIndex = counts.get(id) ?? 0
    counts.set(id, valueIndex + 1)
    return { parameterId: id, valueIndex, text }
  })
  return [...defaults, ...values]
}

/** The place of a text that belongs to no object. */
const nowhere: ObjectId = objectId('')
