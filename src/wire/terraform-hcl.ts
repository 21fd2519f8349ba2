import { type DefinitionsFile, type UnusableFile, unusable } from './definition-file.ts'
import { type HclBlock, type HclBody, readHcl, type TemplatePart } from './hcl.ts'
import { type Fault, type JsonMember, type JsonTree, lineStartsOf } from './json-tree.ts'
import { readResources, resourceType } from './terraform.ts'
import { givenNames, type TerraformNames, templateText } from './terraform-names.ts'

/**
 * Reads the resources `aws_datapipeline_pipeline_definition` of a configuration in Terraform's own language. Defaults of variables and
 * local values are looked up; `values` give those names, or others. What only Terraform can work out is a fault.
 *
 * @source Terraform, aws_datapipeline_pipeline_definition
 */
export function readTerraformHcl(text: string, values: ReadonlyMap<string, string>): DefinitionsFile | UnusableFile {
  const lineStarts = lineStartsOf(text)
  const read = readHcl(text)
  if (read.kind === 'fault') return unusable(lineStarts, [read])
  const faults: Fault[] = []
  const reading = { names: namesOf(read.body, values), faults }
  const resources = read.body.blocks.flatMap(({ type, labels: [kind, name], offset, body }) => {
    if (type !== 'resource' || kind !== resourceType || name === undefined) return []
    faults.push(...body.attributes.flatMap(repeating))
    return [{ name, body: toTree(body, offset, reading) }]
  })
  return faults.length > 0 ? unusable(lineStarts, faults) : readResources(text, resources)
}

/** What is known while the blocks are walked, and what is collected. */
type Reading = { readonly names: TerraformNames; readonly faults: Fault[] }

function namesOf({ blocks }: HclBody, values: ReadonlyMap<string, string>): TerraformNames {
  const names = blocks.flatMap(({ type, labels, body }): (readonly [string, readonly TemplatePart[]])[] => {
    if (type === 'locals') return body.attributes.map(({ name, value }) => [`local.${name}`, value.parts])
    if (type !== 'variable') return []
    return body.attributes.flatMap(({ name, value }) =>
      name === 'default' && !value.isNull ? [[`var.${labels[0]}`, value.parts]] : [],
    )
  })
  return new Map([...names, ...givenNames(values)])
}

/** Attributes of the definition and the blocks in it; the others of a resource say where it goes and not what it is. */
const attributeNames = ['id', 'name', 'key', 'string_value', 'ref_value']

function toTree(body: HclBody, offset: number, reading: Reading): JsonTree {
  reading.faults.push(...body.blocks.flatMap(generating))
  const attributes = body.attributes.flatMap(({ name, offset: keyOffset, value }): JsonMember[] => {
    if (value.isNull || !attributeNames.includes(name)) return []
    const text = templateText(value, reading)
    return [{ key: name, keyOffset, value: { kind: 'string', text, offset: value.offset } }]
  })
  const types = new Set(body.blocks.map(({ type }) => type)).difference(new Set(['dynamic']))
  const blocks = [...types].map((type): JsonMember => {
    const same = body.blocks.filter((block) => block.type === type)
    const items = same.map((block) => toTree(block.body, block.offset, reading))
    const start = same[0]?.offset ?? offset
    return { key: type, keyOffset: start, value: { kind: 'array', items, offset: start } }
  })
  return { kind: 'object', members: [...attributes, ...blocks], offset }
}

const remedy = "Only Terraform can tell how many. Read what 'terraform show -json' prints of the plan or the state."

/** Attributes that make several resources of one. */
const repeating = ({ name, offset }: { readonly name: string; readonly offset: number }): readonly Fault[] =>
  name === 'count' || name === 'for_each'
    ? [{ offset, message: `'${name}' makes several resources of this one. ${remedy}` }]
    : []

/** Blocks that make blocks. */
const generating = ({ type, labels: [made = ''], offset }: HclBlock): readonly Fault[] =>
  type === 'dynamic' ? [{ offset, message: `The block 'dynamic' makes blocks '${made}'. ${remedy}` }] : []
