import type { ObjectId } from '../core/definition/pipeline-object.ts'
import type { Birth } from '../core/lifecycle/birth.ts'
import { distinctBirths, enter, stateForDependents } from '../core/lifecycle/entry.ts'
import type { Instance } from '../core/lifecycle/instance.ts'
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
  const ids = fresh.flatMap(({ dependencies }) => dependencies.map(({ targetId }) => targetId))
  const targets = new Map((await unit.load([...new Set(ids)])).map((target) => [target.id, target]))
  const users = await earlierUsers(unit, fresh)
  const { instances, edges, deliveries } = enter(fresh, {
    dependencyState: (id) => stateForDependents(targets.get(id)),
    usersOf: (id) => users.get(id) ?? [],
    eventFor,
  })
  for (const row of instances) await unit.enter({ pipelineId: unit.pipelineId, ...row })
  await unit.transaction.insertDependencies(edges.map((edge) => ({ pipelineId: unit.pipelineId, ...edge })))
  await unit.deliver(deliveries)
}

async function unborn(unit: UnitOfWork, births: readonly Birth[]): Promise<readonly Birth[]> {
  const byId = distinctBirths(births)
  for (const { id } of await unit.load([...byId.keys()])) byId.delete(id)
  return [...byId.values()]
}

/** The instances that came to be before the resource that they are to run on. */
async function earlierUsers(
  unit: UnitOfWork,
  births: readonly Birth[],
): Promise<ReadonlyMap<ObjectId, readonly Instance[]>> {
  const users = new Map<ObjectId, readonly Instance[]>()
  for (const { instance } of births) {
    if (instance.kind !== 'resource') continue
    const edges = await unit.transaction.listDependents(unit.pipelineId, instance.id)
    const ids = edges.flatMap(({ kind, dependentId }) => (kind === 'runsOn' ? [dependentId] : []))
    users.set(instance.id, await unit.load(ids))
  }
  return users
}
