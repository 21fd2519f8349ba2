import { memberOf, membersOf, renameMembers, scalarTextOf } from './api-tree.ts'
import { type DefinitionsFile, type TreeSource, type UnusableFile, unusable } from './definition-file.ts'
import { readDefinitionTree } from './definition-file-tree.ts'
import { templateParts } from './hcl.ts'
import { type Fault, type JsonMember, type JsonTree, lineStartsOf } from './json-tree.ts'
import { givenNames, type TerraformNames, templateText } from './terraform-names.ts'

/** What Terraform calls a definition. */
export const resourceType = 'aws_datapipeline_pipeline_definition'

/** A definition among the resources of Terraform: its name, and the object that holds its blocks, with literal texts. */
export type TerraformResource = { readonly name: string; readonly body: JsonTree }

/**
 * Reads the resources `aws_datapipeline_pipeline_definition` of Terraform's JSON: a configuration (`.tf.json`), a state
 * (`terraform.tfstate`), or what `terraform show -json` prints of a state or a plan. Of a configuration, defaults of variables and
 * local values are looked up; `values` give those names, or others. What only Terraform can work out is a fault.
 *
 * @source corpus; Terraform, aws_datapipeline_pipeline_definition
 */
export function readTerraform(
  { text, tree }: TreeSource,
  values: ReadonlyMap<string, string>,
): DefinitionsFile | UnusableFile {
  const faults: Fault[] = []
  const reading = { names: namesOf(tree, values), faults }
  // A plan shows the state before it as well.
  const resources = [
    ...configured(tree).map(({ name, body }) => ({ name, body: withTexts(onlyDefinition(body), reading) })),
    ...shown(memberOf(tree, 'planned_values') ?? tree),
  ]
  return faults.length > 0 ? unusable(lineStartsOf(text), faults) : readResources(text, resources)
}

/** The definitions of a file whose resources have been found. */
export function readResources(text: string, resources: readonly TerraformResource[]): DefinitionsFile | UnusableFile {
  const lineStarts = lineStartsOf(text)
  const allFaults: Fault[] = []
  const definitions = resources.map(({ name, body }) => {
    const { definition, sources, faults } = readDefinitionTree(toApiTree(body))
    allFaults.push(...faults)
    return { name, file: { kind: 'definitionFile', definition, text, lineStarts, sources } as const }
  })
  return allFaults.length > 0 ? unusable(lineStarts, allFaults) : { kind: 'definitions', definitions }
}

/** The resources of a configuration, by type and name. */
const configured = (root: JsonTree): readonly TerraformResource[] =>
  itemsOf(memberOf(root, 'resource')).flatMap((resources) =>
    itemsOf(memberOf(resources, resourceType)).flatMap((byName) =>
      membersOf(byName).flatMap(({ key, value }) => itemsOf(value).map((body) => ({ name: key, body }))),
    ),
  )

function namesOf(root: JsonTree, values: ReadonlyMap<string, string>): TerraformNames {
  const variables = itemsOf(memberOf(root, 'variable'))
    .flatMap(membersOf)
    .map(({ key, value }) => [`var.${key}`, itemsOf(value).map((one) => memberOf(one, 'default'))[0]] as const)
  const locals = itemsOf(memberOf(root, 'locals'))
    .flatMap(membersOf)
    .map(({ key, value }) => [`local.${key}`, value] as const)
  const names = [...variables, ...locals].flatMap(([name, value]) => {
    const text = scalarTextOf(value)
    return text === undefined ? [] : [[name, templateParts(text, value?.offset ?? 0)] as const]
  })
  return new Map([...names, ...givenNames(values)])
}

/** The resources of a state or a plan, wherever its modules hold them. Data sources are not what the configuration makes. */
function shown(tree: JsonTree): readonly TerraformResource[] {
  if (tree.kind === 'array') return tree.items.flatMap(shown)
  if (tree.kind !== 'object') return []
  const isDefinition = scalarTextOf(memberOf(tree, 'type')) === resourceType
  if (!isDefinition || scalarTextOf(memberOf(tree, 'mode')) === 'data') {
    return tree.members.flatMap(({ value }) => shown(value))
  }
  const name = scalarTextOf(memberOf(tree, 'name')) ?? resourceType
  const instances = memberOf(tree, 'instances')
  return (instances === undefined ? [tree] : itemsOf(instances)).flatMap((instance) => {
    const body = memberOf(instance, instances === undefined ? 'values' : 'attributes')
    const index = scalarTextOf(memberOf(instance, instances === undefined ? 'index' : 'index_key'))
    return body === undefined ? [] : [{ name: index === undefined ? name : `${name}[${index}]`, body }]
  })
}

/** A list, or one value that stands for a list of one, as Terraform allows. */
const itemsOf = (tree: JsonTree | undefined): readonly JsonTree[] =>
  tree?.kind === 'array' ? tree.items : tree === undefined ? [] : [tree]

/** What Terraform calls the members of the API. */
const memberNames = new Map([
  ['pipeline_object', 'pipelineObjects'],
  ['parameter_object', 'parameterObjects'],
  ['parameter_value', 'parameterValues'],
  ['field', 'fields'],
  ['attribute', 'attributes'],
  ['string_value', 'stringValue'],
  ['ref_value', 'refValue'],
])

/** The members that are blocks: lists, even where there is only one. */
const blockNames = ['pipeline_object', 'parameter_object', 'parameter_value', 'field', 'attribute']

const toApiTree = (body: JsonTree): JsonTree => renameMembers(normalised(onlyDefinition(body)), memberNames)

/** The resource without what says where it goes, such as the id of the pipeline. */
const onlyDefinition = (body: JsonTree): JsonTree => ({
  kind: 'object',
  members: membersOf(body).filter(({ key }) => memberNames.has(key)),
  offset: body.offset,
})

/** Blocks as lists, without members that hold nothing. */
function normalised(tree: JsonTree): JsonTree {
  if (tree.kind === 'array') return { ...tree, items: tree.items.map(normalised) }
  if (tree.kind !== 'object') return tree
  return { ...tree, members: tree.members.filter(holdsSomething).map(normalisedMember) }
}

/** A state shows the alternative that was not given as null or as an empty text. */
const holdsSomething = ({ key, value }: JsonMember): boolean =>
  value.kind !== 'null' && !(key === 'ref_value' && value.kind === 'string' && value.text === '')

function normalisedMember(member: JsonMember): JsonMember {
  const value = normalised(member.value)
  if (!blockNames.includes(member.key) || value.kind === 'array') return { ...member, value }
  return { ...member, value: { kind: 'array', items: [value], offset: value.offset } }
}

type Reading = { readonly names: TerraformNames; readonly faults: Fault[] }

/** A part of a configuration with the texts that its templates give. */
function withTexts(tree: JsonTree, reading: Reading): JsonTree {
  if (tree.kind === 'array') return { ...tree, items: tree.items.map((item) => withTexts(item, reading)) }
  if (tree.kind === 'object') {
    const members = tree.members.map((member) => ({ ...member, value: withTexts(member.value, reading) }))
    return { ...tree, members }
  }
  if (tree.kind !== 'string') return tree
  const { offset } = tree
  const parts = templateParts(tree.text, offset).map((part) => ({ ...part, offset }))
  return { ...tree, text: templateText({ parts }, reading) }
}
