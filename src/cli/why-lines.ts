import type { ObjectId } from '../core/definition/pipeline-object.ts'
import { formatInstant, type Instant } from '../core/instant.ts'
import type { Why, WhyNode } from '../core/lifecycle/why.ts'
import { causeText, remediesOf } from '../core/lifecycle/why-text.ts'
import { durationText } from './instance-table.ts'

/** Where an answer is shown: of which pipeline it is, and at what time. */
export type WhyPlace = { readonly pipelineId: string; readonly now: Instant }

/**
 * Why an instance is where it is, as lines. What one instance alone waits for stands below it behind an arrow; several stand indented in
 * a list. An instance that has been shown is not shown again.
 */
export function whyLines({ nodes }: Why, place: WhyPlace): readonly string[] {
  const [first] = nodes
  if (first === undefined) return []
  const byId = new Map(nodes.map((node) => [node.id, node]))
  return nodeLines(first, { byId, shown: new Set(), place })
}

type Tree = {
  readonly byId: ReadonlyMap<ObjectId, WhyNode>
  readonly shown: Set<ObjectId>
  readonly place: WhyPlace
}

function nodeLines(node: WhyNode, tree: Tree): readonly string[] {
  tree.shown.add(node.id)
  const { waitsFor, moreCount = 0 } = node
  const [only] = waitsFor
  const own = [headLine(node, tree.place), ...detailLines(node, tree.place).map(indented)]
  if (only !== undefined && waitsFor.length === 1 && moreCount === 0) {
    const [head = '', ...rest] = linesOf(only, tree)
    return [...own, `→ ${head}`, ...rest]
  }
  const listed = waitsFor.flatMap((id) => {
    const [head = '', ...rest] = linesOf(id, tree)
    return [`- ${head}`, ...rest.map(indented)]
  })
  return [...own, ...[...listed, ...(moreCount > 0 ? [`- and ${moreCount} more`] : [])].map(indented)]
}

function linesOf(id: ObjectId, tree: Tree): readonly string[] {
  const node = tree.byId.get(id)
  if (node === undefined) return [`${id}, which is not looked into here`]
  return tree.shown.has(id) ? [`${id}, see above`] : nodeLines(node, tree)
}

function headLine({ id, status, since }: WhyNode, { now }: WhyPlace): string {
  const state = status === undefined ? '' : `  ${status}`
  const time = since === undefined ? '' : `  since ${formatInstant(since)} (${durationText(now - since)})`
  return `${id}${state}${time}`
}

function detailLines(node: WhyNode, { pipelineId }: WhyPlace): readonly string[] {
  const remedies = remediesOf(node, pipelineId).map(({ does, command }) =>
    command === undefined ? `to go on: ${does}` : `to ${does}: ${command}`,
  )
  return [causeText(node.cause), ...remedies]
}

const indented = (line: string): string => `  ${line}`
