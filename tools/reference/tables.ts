import { assertNever } from '../../src/core/assert-never.ts'
import { type FieldType, isWritable, type Range, type Slot } from '../../src/core/catalog/field-type.ts'
import type { ObjectType } from '../../src/core/catalog/object-type.ts'
import { concreteTypeNames } from '../../src/core/catalog/type-name.ts'

/** A field with its key. */
type Row = readonly [key: string, field: FieldType]

/** The fields of a type in tables, the most important first; no table is empty. */
export function fieldTables(type: ObjectType): readonly string[] {
  const rows: readonly Row[] = [...type.fields].sort(([left], [right]) => (left < right ? -1 : 1))
  const sections: readonly (readonly [string, (field: FieldType) => boolean])[] = [
    ['Required fields', ({ kind }) => kind === 'required'],
    ['Fields of which some are required', ({ kind }) => kind === 'requiredGroup' || kind === 'objectInvocation'],
    ['Optional fields', (field) => field.kind === 'optional' && isWritable(field)],
    ['Fields that must not be given', ({ isForbidden }) => isForbidden === true],
    ['Fields set by the service', ({ kind }) => kind === 'runtime' || kind === 'system'],
  ]
  return sections.flatMap(([heading, belongs]) => {
    const members = rows.filter(([, field]) => belongs(field))
    return members.length === 0 ? [] : [`## ${heading}`, table(members)]
  })
}

const table = (rows: readonly Row[]): string =>
  ['| Field | Value | Meaning |', '| --- | --- | --- |', ...rows.map(tableRow)].join('\n')

function tableRow([key, field]: Row): string {
  const deprecated = field.deprecated === undefined ? '' : ` **No longer used.** Use instead: ${field.deprecated}.`
  const byDefault = field.default === undefined ? '' : ` Default: ${field.default}.`
  return `| \`${key}\` | ${escapeCell(valueText(field))} | ${escapeCell(field.summary + byDefault + deprecated)} |`
}

const escapeCell = (text: string): string => text.replaceAll('|', '\\|')

function valueText({ slot, isList, countMax }: FieldType): string {
  const most = countMax === undefined ? '' : `, at most ${countMax}`
  return isList ? `list of ${slotText(slot)}${most}` : slotText(slot)
}

function slotText(slot: Slot): string {
  switch (slot.kind) {
    case 'string':
      return 'text'
    case 'boolean':
      return '`true`, `false`'
    case 'dateTime':
      return 'date and time'
    case 'integer':
      return `whole number${rangeText(slot.range)}`
    case 'double':
      return `number${rangeText(slot.range)}`
    case 'price':
      return `price in US dollars${rangeText(slot.range)}${wordText(slot.word)}`
    case 'period':
      return `period${rangeText(slot.range)}${wordText(slot.word)}`
    case 'hours':
      return 'period, or a number of hours'
    case 'enumeration':
      return slot.values.map((value) => `\`${value}\``).join(', ') + (slot.openness === 'open' ? ', or another' : '')
    case 'reference':
      return slot.targets.length === 0 ? 'nothing' : slot.targets.map(targetLink).join(', ')
    default:
      return assertNever(slot)
  }
}

const wordText = (word: string | undefined): string => (word === undefined ? '' : `, or \`${word}\``)

function rangeText(range: Range<number | string> | undefined): string {
  if (range === undefined) return ''
  const { min, max, isExclusive, ground } = range
  const low = min === undefined ? [] : [isExclusive ? `more than ${min}` : `at least ${min}`]
  const high = max === undefined ? [] : [isExclusive ? `less than ${max}` : `at most ${max}`]
  switch (ground) {
    case 'meaning':
      return ` (${[...low, ...high].join(', ')})`
    case 'service':
      return ` (AWS: ${[...low, ...high].join(', ')})`
    case 'serviceMin':
      return ` (${[...low.map((limit) => `AWS: ${limit}`), ...high].join('; ')})`
    case 'serviceMax':
      return ` (${[...low, ...high.map((limit) => `AWS: ${limit}`)].join('; ')})`
    default:
      return assertNever(ground)
  }
}

const concreteNames: ReadonlySet<string> = new Set(concreteTypeNames)

const targetLink = (name: string): string =>
  concreteNames.has(name) ? `[${name}](${name}.md)` : `[${name}](README.md#${name.toLowerCase()})`
