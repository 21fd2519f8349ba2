import { assertNever } from '../core/assert-never.ts'
import type { Definition, FieldValue, ParameterObject, PipelineObject } from '../core/definition/pipeline-object.ts'

/**
 * The definition as `aws datapipeline get-pipeline-definition` prints it: members in the order in which they are stored, repeated
 * keys as lists, four blanks of indentation.
 *
 * @source observed: 5.2 (translator of the AWS CLI)
 */
export function writeDefinitionFile({ objects, parameterObjects, parameterValues }: Definition): string {
  const file: Printable = {
    kind: 'members',
    entries: [
      ['objects', { kind: 'list', items: objects.map(toObject) }],
      ['parameters', { kind: 'list', items: parameterObjects.map(toParameter) }],
      ['values', folded(parameterValues.map(({ id, text }) => [id, scalar(text)]))],
    ],
  }
  return `${print(file, '')}\n`
}

/** JSON to be printed. Members are a list, since an object of JavaScript would put keys that look like numbers first. */
type Printable =
  | { readonly kind: 'scalar'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly Printable[] }
  | { readonly kind: 'members'; readonly entries: readonly Entry[] }

type Entry = readonly [key: string, value: Printable]

const toObject = ({ id, name, fields }: PipelineObject): Printable =>
  folded([['id', scalar(id)], ['name', scalar(name)], ...fields.map(({ key, value }): Entry => [key, toValue(value)])])

const toParameter = ({ id, attributes }: ParameterObject): Printable =>
  folded([['id', scalar(id)], ...attributes.map(({ key, text }): Entry => [key, scalar(text)])])

const toValue = (value: FieldValue): Printable =>
  value.kind === 'string' ? scalar(value.text) : { kind: 'members', entries: [['ref', scalar(value.target)]] }

const scalar = (text: string): Printable => ({ kind: 'scalar', text })

/** Members whose repeated keys have become lists, each where its key came first. */
function folded(entries: readonly Entry[]): Printable {
  const values = new Map<string, Printable[]>()
  for (const [key, value] of entries) {
    const known = values.get(key)
    if (known === undefined) values.set(key, [value])
    else known.push(value)
  }
  return {
    kind: 'members',
    entries: [...values].map(([key, items]) => [
      key,
      items.length === 1 ? (items[0] ?? scalar('')) : { kind: 'list', items },
    ]),
  }
}

function print(value: Printable, indent: string): string {
  const inner = `${indent}    `
  switch (value.kind) {
    case 'scalar':
      return JSON.stringify(value.text)
    case 'list':
      return enclose(
        ['[', ']'],
        value.items.map((item) => inner + print(item, inner)),
        indent,
      )
    case 'members':
      return enclose(
        ['{', '}'],
        value.entries.map(([key, item]) => `${inner}${JSON.stringify(key)}: ${print(item, inner)}`),
        indent,
      )
    default:
      return assertNever(value)
  }
}

function enclose([open, close]: readonly [string, string], lines: readonly string[], indent: string): string {
  return lines.length === 0 ? open + close : `${open}\n${lines.join(',\n')}\n${indent}${close}`
}
