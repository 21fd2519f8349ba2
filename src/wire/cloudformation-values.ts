import type { Fault, JsonMember, JsonTree } from './json-tree.ts'

/** What the names in a template stand for. */
export type TemplateValues = {
  /** By name: parameters, resources (`Bucket`, `Bucket.Arn`) and words of CloudFormation (`AWS::Region`). */
  readonly byName: ReadonlyMap<string, string>
  readonly faults: Fault[]
}

/**
 * Replaces the functions in a part of a template by what they give: `Ref`, `Fn::GetAtt`, `Fn::Sub` and `Fn::Join`. What only a
 * deployment can tell must be given as a value; it is a fault otherwise.
 *
 * @source guide: CloudFormation, intrinsic functions
 */
export function resolveFunctions(tree: JsonTree, values: TemplateValues): JsonTree {
  if (tree.kind === 'array') return { ...tree, items: tree.items.map((item) => resolveFunctions(item, values)) }
  if (tree.kind !== 'object') return tree
  const [call, ...others] = tree.members
  if (call !== undefined && others.length === 0 && isFunction(call.key)) {
    const text = callText(call, values)
    return { kind: 'string', text: text ?? '', offset: tree.offset }
  }
  const members = tree.members.map((member) => ({ ...member, value: resolveFunctions(member.value, values) }))
  return { ...tree, members }
}

const isFunction = (key: string): boolean => key === 'Ref' || key === 'Condition' || key.startsWith('Fn::')

/** What a call gives; `undefined` with a fault. */
function callText({ key, keyOffset, value }: JsonMember, values: TemplateValues): string | undefined {
  const refuse = (message: string): undefined => {
    values.faults.push({ offset: keyOffset, message })
    return undefined
  }
  const lookUp = (name: string): string | undefined =>
    values.byName.get(name) ??
    refuse(`Only a deployment can tell what '${name}' is. Give its value with --template-value ${name}=value.`)
  switch (key) {
    case 'Ref':
      return value.kind === 'string' ? lookUp(value.text) : refuse('Ref needs a name.')
    case 'Fn::GetAtt': {
      const name = attributeName(value)
      return name === undefined ? refuse('Fn::GetAtt needs a resource and an attribute.') : lookUp(name)
    }
    case 'Fn::Sub':
      return substitute(value, values, lookUp) ?? refuse('Fn::Sub needs a text, and may have a map of values.')
    case 'Fn::Join':
      return join(value, values) ?? refuse('Fn::Join needs a delimiter and a list of texts.')
    default:
      return refuse(`'${key}' cannot be worked out without a deployment. Write what it gives.`)
  }
}

function attributeName(value: JsonTree): string | undefined {
  if (value.kind === 'string') return value.text
  const texts = value.kind === 'array' ? value.items.map(textOf) : []
  return texts.length === 2 && !texts.includes(undefined) ? texts.join('.') : undefined
}

const textOf = (tree: JsonTree): string | undefined =>
  tree.kind === 'string' || tree.kind === 'number' ? tree.text : undefined

function substitute(
  value: JsonTree,
  values: TemplateValues,
  lookUp: (name: string) => string | undefined,
): string | undefined {
  const [template, map] = value.kind === 'array' ? value.items : [value]
  const text = template === undefined ? undefined : textOf(template)
  if (text === undefined) return undefined
  const own = new Map(
    map?.kind === 'object'
      ? map.members.map(({ key, value: item }) => [key, textOf(resolveFunctions(item, values)) ?? ''])
      : [],
  )
  // `${!Name}` is how a template writes a literal `${Name}`.
  return text.replace(/\$\{(!?)([^}]*)\}/g, (_, isLiteral: string, name: string) =>
    isLiteral === '' ? (own.get(name.trim()) ?? lookUp(name.trim()) ?? '') : `\${${name}}`,
  )
}

function join(value: JsonTree, values: TemplateValues): string | undefined {
  const [delimiter, list] = value.kind === 'array' ? value.items : []
  const resolved = list === undefined ? undefined : resolveFunctions(list, values)
  const texts = resolved?.kind === 'array' ? resolved.items.map(textOf) : [undefined]
  const separator = delimiter === undefined ? undefined : textOf(delimiter)
  return separator === undefined || texts.includes(undefined) ? undefined : texts.join(separator)
}
