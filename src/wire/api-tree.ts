import type { JsonMember, JsonTree } from './json-tree.ts'

/** A part of a file in which the members of the API have other names, with those names: places stay what they are. */
export function renameMembers(tree: JsonTree, names: ReadonlyMap<string, string>): JsonTree {
  if (tree.kind === 'array') return { ...tree, items: tree.items.map((item) => renameMembers(item, names)) }
  if (tree.kind !== 'object') return tree
  const members = tree.members.map(({ key, keyOffset, value }) => ({
    key: names.get(key) ?? key,
    keyOffset,
    value: renameMembers(value, names),
  }))
  return { ...tree, members }
}

/** The members of an object; none of anything else. */
export const membersOf = (tree: JsonTree | undefined): readonly JsonMember[] =>
  tree?.kind === 'object' ? tree.members : []

/** The value of a member; of the last one, where the name comes several times. */
export const memberOf = (tree: JsonTree | undefined, name: string): JsonTree | undefined =>
  membersOf(tree).findLast(({ key }) => key === name)?.value

/** The text of a scalar. */
export function scalarTextOf(tree: JsonTree | undefined): string | undefined {
  if (tree?.kind === 'boolean') return String(tree.isTrue)
  return tree?.kind === 'string' || tree?.kind === 'number' ? tree.text : undefined
}
