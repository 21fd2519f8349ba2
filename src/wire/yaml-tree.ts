import { isAlias, isMap, isScalar, isSeq, type Node, parseDocument } from 'yaml'
import { depthMax, type Fault, type JsonMember, type JsonTree } from './json-tree.ts'

/**
 * Reads YAML as CloudFormation understands it into the same tree as JSON: plain words and numbers stay text as they are written, a tag
 * such as `!Ref x` becomes the object `{ "Ref": "x" }`, aliases are refused.
 *
 * @source guide: CloudFormation, template formats
 */
export function readYamlTree(
  text: string,
): { readonly kind: 'tree'; readonly tree: JsonTree } | ({ readonly kind: 'fault' } & Fault) {
  const parsed = parse(text)
  if (parsed.kind === 'fault') return parsed
  const faults: Fault[] = []
  const tree = toTree(parsed.node, { faults, depth: 0 })
  const [first] = faults
  return first === undefined ? { kind: 'tree', tree } : { kind: 'fault', ...first }
}

function parse(text: string): { readonly kind: 'node'; readonly node: unknown } | ({ readonly kind: 'fault' } & Fault) {
  try {
    // Tags are looked at below; the package would only warn that it does not know them.
    const document = parseDocument(text, { uniqueKeys: false, logLevel: 'silent', prettyErrors: false })
    const [error] = document.errors
    if (error !== undefined)
      return { kind: 'fault', offset: error.pos[0], message: `This is not YAML: ${error.message}` }
    return { kind: 'node', node: document.contents }
  } catch (error) {
    // The package recurses; a text that nests too deep for it ends the call stack.
    if (error instanceof RangeError) return { kind: 'fault', offset: 0, message: 'Values nest too deep.' }
    throw error
  }
}

/** What is collected while the nodes are walked. */
type Walk = { readonly faults: Fault[]; readonly depth: number }

function toTree(node: unknown, walk: Walk): JsonTree {
  const offset = offsetOf(node)
  if (walk.depth > depthMax) return refuse(walk, offset, `Values nest more than ${depthMax} deep here.`)
  if (isAlias(node)) return refuse(walk, offset, 'CloudFormation has no aliases. Write the value itself.')
  const tree = untagged(node, { ...walk, depth: walk.depth + 1 })
  const tag = isScalar(node) || isMap(node) || isSeq(node) ? node.tag : undefined
  const name = tag === undefined ? undefined : functionOf(tag)
  return name === undefined
    ? tree
    : { kind: 'object', members: [{ key: name, keyOffset: offset, value: tree }], offset }
}

function untagged(node: unknown, walk: Walk): JsonTree {
  const offset = offsetOf(node)
  if (isMap(node)) {
    const members = node.items.map((pair): JsonMember => {
      const key = isScalar(pair.key) ? (pair.key.source ?? String(pair.key.value)) : ''
      if (!isScalar(pair.key)) refuse(walk, offsetOf(pair.key), 'A key is a text.')
      return { key, keyOffset: offsetOf(pair.key), value: toTree(pair.value, walk) }
    })
    return { kind: 'object', members, offset }
  }
  if (isSeq(node)) return { kind: 'array', items: node.items.map((item) => toTree(item, walk)), offset }
  if (!isScalar(node) || node.value === null) return { kind: 'null', offset }
  return { kind: 'string', text: scalarText(node), offset }
}

/** Plain scalars keep their spelling: `010` is no number here, and `yes` no truth. */
const scalarText = (node: { readonly type?: unknown; readonly source?: string; readonly value: unknown }): string =>
  node.type === 'PLAIN' && node.source !== undefined ? node.source : String(node.value)

const offsetOf = (node: unknown): number => (isNode(node) ? (node.range?.[0] ?? 0) : 0)

const isNode = (node: unknown): node is Node => isScalar(node) || isMap(node) || isSeq(node) || isAlias(node)

/** The function that a tag is short for: `!Sub` is `Fn::Sub`. Tags of YAML itself are none. */
function functionOf(tag: string): string | undefined {
  if (!tag.startsWith('!') || tag.length === 1) return undefined
  const name = tag.slice(1)
  return name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`
}

function refuse({ faults }: Walk, offset: number, message: string): JsonTree {
  faults.push({ offset, message })
  return { kind: 'null', offset }
}
