import { assertNever } from '../../src/core/assert-never.ts'
import type { FieldRule } from '../../src/core/catalog/object-type.ts'

/** A rule between fields, in words. */
export function ruleSentence(rule: FieldRule): string {
  switch (rule.kind) {
    case 'exactlyOneOf':
      return `Give exactly one of ${codeList(rule.fields)}.`
    case 'atLeastOneOf':
      return `Give at least one of ${codeList(rule.fields)}.`
    case 'atMostOneOf':
      return `Give at most one of ${codeList(rule.fields)}.`
    case 'needs':
      return `\`${rule.field}\` needs \`${rule.other}\`: ${rule.reason}.`
    case 'conflicts':
      return `\`${rule.field}\` does not go with \`${rule.other}\`: ${rule.reason}.`
    default:
      return assertNever(rule)
  }
}

function codeList(fields: readonly string[]): string {
  const quoted = fields.map((field) => `\`${field}\``)
  return `${quoted.slice(0, -1).join(', ')} and ${quoted.at(-1)}`
}
