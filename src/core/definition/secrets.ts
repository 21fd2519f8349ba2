import { evaluateTemplate } from '../expression/evaluate.ts'
import type { Scope, ScopeEntry } from '../expression/scope.ts'
import { quote } from '../quote.ts'
import { isSecret } from './parameters.ts'
import type { Definition, Field, ObjectId, ParameterObject, ParameterValue } from './pipeline-object.ts'
import type { Problem } from './problem.ts'

/**
 * What is shown in place of a secret. Its length tells nothing about that of the secret.
 *
 * @source ours: differences#secrets
 */
export const secretMask = '********'

/** The definition as it may be shown: secrets masked, expressions that only name them as written. */
export function maskDefinition({ objects, parameterObjects, parameterValues }: Definition): Definition {
  return {
    objects: objects.map((object) => ({ ...object, fields: object.fields.map(maskField) })),
    parameterObjects: parameterObjects.map(maskDeclaration),
    parameterValues: parameterValues.map(({ id, text }) => ({ id, text: maskText(id, text) })),
  }
}

/** A field as it may be shown. */
export const maskField = ({ key, value }: Field): Field => ({
  key,
  value: value.kind === 'string' ? { kind: 'string', text: maskText(key, value.text) } : value,
})

/** Names mean the same in it, but for secrets: each of their values is the mask. What it evaluates may be shown. */
export function maskScope(scope: Scope): Scope {
  return {
    entries(object, key) {
      const entries = scope.entries(object, key)
      return isSecret(key) ? entries?.map(maskEntry) : entries
    },
  }
}

/** Why a text cannot be evaluated, in words that hold none of the secrets that it reads. */
export function shownFailure(text: string, object: ObjectId, scope: Scope): string {
  const evaluation = evaluateTemplate(text, object, maskScope(scope))
  return evaluation.kind === 'failure'
    ? evaluation.message
    : 'A secret in it does not have the form that is needed here. Give the secret another value, or use it elsewhere.'
}

/**
 * Puts the secrets of the definition before it in the place of masks, so that what has been shown can be changed and put again.
 * A mask for which there is no secret stays.
 *
 * @source ours: differences#secrets
 */
export function restoreSecrets(definition: Definition, previous: Definition): Definition {
  const known = new Map<string, string>()
  replaceSecrets(previous, (place, text) => {
    known.set(place, text)
    return text
  })
  return replaceSecrets(definition, (place, text) => (text === secretMask ? (known.get(place) ?? text) : text))
}

/** Masks that stand where a secret is needed. */
export function remainingMasks(definition: Definition): readonly Problem[] {
  const message = `holds ${secretMask}, which only stands for a secret, and none has been put before. Write the secret itself.`
  return [
    ...definition.objects.flatMap(({ id, fields }) =>
      fields.flatMap(({ key, value }): Problem[] =>
        isSecret(key) && value.kind === 'string' && value.text === secretMask
          ? [{ severity: 'error', objectId: id, field: key, message: `${quote(key)} ${message}` }]
          : [],
      ),
    ),
    ...[...definition.parameterValues, ...defaultsOf(definition)].flatMap(({ id, text }): Problem[] =>
      isSecret(id) && text === secretMask
        ? [{ severity: 'error', parameterId: id, message: `Parameter ${quote(id)} ${message}` }]
        : [],
    ),
  ]
}

/** Whether the text of a secret is empty, or only names where the secret comes from, which gives nothing away. */
export const namesOnly = (text: string): boolean => /^(#\{[^'"{}]*\})*$/.test(text)

const maskText = (key: string, text: string): string => (isSecret(key) && !namesOnly(text) ? secretMask : text)

const maskEntry = (entry: ScopeEntry): ScopeEntry =>
  entry.kind === 'reference' || (entry.kind === 'string' && entry.text === '')
    ? entry
    : { kind: 'string', text: secretMask }

/** The attributes of a declaration that hold values. */
const holdsValue = (key: string): boolean => /^(default|allowedvalues)$/i.test(key)

const maskDeclaration = ({ id, attributes }: ParameterObject): ParameterObject => ({
  id,
  attributes: attributes.map(({ key, text }) => ({ key, text: holdsValue(key) ? maskText(id, text) : text })),
})

const defaultsOf = ({ parameterObjects }: Definition): readonly ParameterValue[] =>
  parameterObjects.flatMap(({ id, attributes }) =>
    attributes.flatMap(({ key, text }) => (holdsValue(key) ? [{ id, text }] : [])),
  )

/** The definition with every secret replaced. A place names the same secret in every version of a definition. */
function replaceSecrets(
  { objects, parameterObjects, parameterValues }: Definition,
  replacement: (place: string, text: string) => string,
): Definition {
  const counts = new Map<string, number>()
  const replace = (path: readonly string[], text: string): string => {
    const list = JSON.stringify(path)
    const index = counts.get(list) ?? 0
    counts.set(list, index + 1)
    return replacement(`${list}${index}`, text)
  }
  return {
    objects: objects.map((object) => ({
      ...object,
      fields: object.fields.map((field): Field => {
        const { key, value } = field
        if (!isSecret(key) || value.kind !== 'string') return field
        return { key, value: { kind: 'string', text: replace(['field', object.id, key], value.text) } }
      }),
    })),
    parameterObjects: parameterObjects.map(({ id, attributes }) => ({
      id,
      attributes: attributes.map(({ key, text }) => ({
        key,
        text: isSecret(id) && holdsValue(key) ? replace(['attribute', id, key], text) : text,
      })),
    })),
    parameterValues: parameterValues.map(({ id, text }) => ({
      id,
      text: isSecret(id) ? replace(['value', id], text) : text,
    })),
  }
}
