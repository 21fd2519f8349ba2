import type { ObjectId } from '../core/definition/pipeline-object.ts'
import type { Birth } from '../core/lifecycle/birth.ts'
import { dependencyStateOf } from '../core/lifecycle/ending.ts'
import type { Instance, ResourceInstance } from '../core/lifecycle/instance.ts'
import type { DependencyRow } from '../store/rows.ts'
import type { Delivery } from './delivery.ts'
import type { UnitOfWork } from './unit-of-work.ts'

/**
 * Stores new instances and lets them begin; those that exist already are left out. `eventFor` says what happens to each first:
 * it is created, or skipped.
 */
export async function bear(
  unit: UnitOfWork,
  births: readonly Birth[],
  eventFor: (birth: Birth) => 'created' | 'skip',
): Promise<void> {
  const fresh = await unborn(unit, births)
  const edges = await edgesOf(unit, fresh)
  const byDependent = Map.groupBy(edges, ({ dependentId }) => dependentId)
  const byMachine = Map.groupBy(edges.filter(isMachine), ({ targetId }) => targetId)
  for (const { instance, name } of fresh) {
    const waiting = { ...instance, openDependencies: (byDependent.get(instance.id) ?? []).filter(isOpen).length }
    const newUsers = byMachine.get(instance.id)?.length ?? 0
    const counted = waiting.kind === 'resource' ? await withUsers(unit, waiting, newUsers) : waiting
    await unit.enter({ pipelineId: unit.pipelineId, name, instance: counted })
  }
  await unit.transaction.insertDependencies(edges)
  const ids = new Set(fresh.map(({ instance }) => instance.id))
  await unit.deliver([
    // A machine that is there already learns of its new users before the first of them needs it.
    ...edges.flatMap((edge) => (isMachine(edge) && !ids.has(edge.targetId) ? [userBorn(edge)] : [])),
    ...fresh.map((birth): Delivery => ({ id: birth.instance.id, event: { kind: eventFor(birth) } })),
    ...edges.flatMap((edge) => (edge.state === 'failed' ? [dependencyFailed(edge)] : [])),
  ])
}

/** The first of the births under each id, but for those of instances that exist. */
async function unborn(unit: UnitOfWork, births: readonly Birth[]): Promise<readonly Birth[]> {
  const byId = new Map<ObjectId, Birth>()
  for (const birth of births) if (!byId.has(birth.instance.id)) byId.set(birth.instance.id, birth)
  for (const { id } of await unit.load([...byId.keys()])) byId.delete(id)
  return [...byId.values()]
}

/** The edges of new instances. What they depend on may have ended already, or may not exist yet. */
async function edgesOf(unit: UnitOfWork, births: readonly Birth[]): Promise<readonly DependencyRow[]> {
  const ids = births.flatMap(({ dependencies }) => dependencies.map(({ targetId }) => targetId))
  const targets = new Map((await unit.load([...new Set(ids)])).map((target) => [target.id, target]))
  return births.flatMap(({ instance, dependencies }) =>
    dependencies.map(({ kind, targetId }): DependencyRow => {
      const target = targets.get(targetId)
      const state = kind === 'runsOn' || target === undefined ? 'open' : dependencyStateOf(target)
      return { pipelineId: unit.pipelineId, dependentId: instance.id, targetId, kind, state }
    }),
  )
}

const isMachine = ({ kind }: DependencyRow): boolean => kind === 'runsOn'

const isOpen = (edge: DependencyRow): boolean => !isMachine(edge) && edge.state !== 'satisfied'

/** A resource with its users counted: those that are born with it, and those that came to be before it. */
async function withUsers(unit: UnitOfWork, resource: ResourceInstance, newUsers: number): Promise<ResourceInstance> {
  const edges = await unit.transaction.listDependents(unit.pipelineId, resource.id)
  const known = await unit.load(edges.filter(isMachine).map(({ dependentId }) => dependentId))
  const open = known.filter(({ state }) => state.kind !== 'ended')
  return { ...resource, openUsers: newUsers + open.length, dueUsers: open.filter(isDue).length }
}

const isDue = ({ state }: Instance): boolean => state.kind !== 'waiting'

const userBorn = ({ targetId }: DependencyRow): Delivery => ({ id: targetId, event: { kind: 'userBorn' } })

const dependencyFailed = ({ dependentId, targetId }: DependencyRow): Delivery => ({
  id: dependentId,
  event: { kind: 'dependency', source: targetId, from: 'open', to: 'failed' },
})
