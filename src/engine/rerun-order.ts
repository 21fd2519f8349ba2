import type { ObjectId } from '../core/definition/pipeline-object.ts'
import type { PipelineId } from '../store/rows.ts'
import type { Reads } from '../store/store.ts'

/**
 * Instances in an order in which each comes after those among them that it depends on. Rerun in this order, it waits for them; in
 * another one it would begin on what they left the last time.
 */
export async function dependenciesFirst(
  reads: Reads,
  pipelineId: PipelineId,
  ids: readonly ObjectId[],
): Promise<readonly ObjectId[]> {
  const among = new Set(ids)
  const dependencies = new Map<ObjectId, readonly ObjectId[]>()
  for (const id of among) {
    const edges = await reads.listDependencies(pipelineId, id)
    const targets = edges.flatMap(({ kind, targetId }) => (kind !== 'runsOn' && among.has(targetId) ? [targetId] : []))
    dependencies.set(id, targets)
  }
  const ordered = new Set<ObjectId>()
  const path = [...among].reverse()
  for (let id = path.at(-1); id !== undefined; id = path.at(-1)) {
    const first = dependencies.get(id)?.find((target) => !ordered.has(target))
    if (first !== undefined) path.push(first)
    else {
      ordered.add(id)
      path.pop()
    }
  }
  return [...ordered]
}
