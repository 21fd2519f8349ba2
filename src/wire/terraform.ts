import { memberOf, membersOf, renameMembers, scalarTextOf } from './api-tree.ts'
import { type DefinitionFile, type UnusableFile, unusable } from './definition-file.ts'
import { readDefinitionTree } from './definition-file-tree.ts'
import { type Fault, type JsonMember, type JsonTree, lineStartsOf, readJsonTree } from './json-tree.ts'

/** A definition among the resources of Terraform. */
export type TerraformDefinition = { readonly name: string; readonly file: DefinitionFile }

/** The definitions of a configuration, a state or a plan, in order. There may be none. */
export type TerraformFile = { readonly kind: 'terraform'; readonly definitions: readonly TerraformDefinition[] }

const resourceType = 'aws_datapipeline_pipeline_definition'

/**
 * Reads the resources `aws_datapipeline_pipeline_definition` of Terraform's JSON: a configuration (`.tf.json`), or what
 * `terraform show -json` prints of a state or a plan. Expressions of Terraform are faults, since only Terraform can work them out.
 *
 * @source corpus; Terraform, aws_datapipeline_pipeline_definition
 */
export function readTerraform(text: string): TerraformFile | UnusableFile {
  const lineStarts = lineStartsOf(text)
  const read = readJsonTree(text)
  if (read.kind === 'fault') return unusable(lineStarts, [read])
  const allFaults: Fault[] = []
  const definitions = [...configured(read.tree), ...shown(read.tree)].map((resource) => {
    const { definition, sources, faults } = readDefinitionTree(toApiTree(resource, allFaults))
    allFaults.push(...faults)
    return { name: resource.name, file: { kind: 'definitionFile', definition, text, lineStarts, sources } as const }
  })
  return allFaults.length > 0 ? unusable(lineStarts, allFaults) : { kind: 'terraform', definitions }
}

/** A resource: its name, the object with its blocks, and what becomes of the texts in it. */
type Resource = {
  readonly name: string
  readonly body: JsonTree
  readonly spelling: 'configuration' | 'literal'
}

/** The resources of a configuration, by type and name. */
const configured = (root: JsonTree): readonly Resource[] =>
  itemsOf(memberOf(root, 'resource')).flatMap((resources) =>
    itemsOf(memberOf(resources, resourceType)).flatMap((byName) =>
      membersOf(byName).flatMap(({ key, value }) =>
        itemsOf(value).map((body): Resource => ({ name: key, body, spelling: 'configuration' })),
      ),
    ),
  )

/** The resources of a state or a plan, wherever its modules hold them. */
function shown(tree: JsonTree): readonly Resource[] {
  if (tree.kind === 'array') return tree.items.flatMap(shown)
  if (tree.kind !== 'object') return []
  const body = memberOf(tree, 'values')
  if (body !== undefined && scalarTextOf(memberOf(tree, 'type')) === resourceType) {
    return [{ name: scalarTextOf(memberOf(tree, 'name')) ?? resourceType, body, spelling: 'literal' }]
  }
  return tree.members.flatMap(({ value }) => shown(value))
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

function toApiTree({ body, spelling }: Resource, faults: Fault[]): JsonTree {
  const members = membersOf(body).filter(({ key }) => memberNames.has(key))
  const blocks = normalised({ kind: 'object', members, offset: body.offset })
  return renameMembers(spelling === 'configuration' ? unescaped(blocks, faults) : blocks, memberNames)
}

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

/** The texts of a configuration as Terraform takes them: `$${` is how it writes a literal `${`. */
function unescaped(tree: JsonTree, faults: Fault[]): JsonTree {
  if (tree.kind === 'array') return { ...tree, items: tree.items.map((item) => unescaped(item, faults)) }
  if (tree.kind === 'object') {
    const members = tree.members.map((member) => ({ ...member, value: unescaped(member.value, faults) }))
    return { ...tree, members }
  }
  if (tree.kind !== 'string') return tree
  if (/(^|[^$])\$\{/.test(tree.text)) {
    const message = 'Only Terraform can work out this expression. Read what terraform show -json prints instead.'
    faults.push({ offset: tree.offset, message })
  }
  return { ...tree, text: tree.text.replaceAll('$${', () => '${') }
}
