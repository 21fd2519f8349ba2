import type { ObjectId } from '../core/definition/pipeline-object.ts'
import type { Instant } from '../core/instant.ts'
import { birthsOf } from '../core/lifecycle/birth.ts'
import { recurrenceOf } from '../core/lifecycle/component.ts'
import type { Delivery } from '../core/lifecycle/delivery.ts'
import type { Instance } from '../core/lifecycle/instance.ts'
import type { Plan } from '../core/lifecycle/plan.ts'
import { neverToCome, shortenedComponents } from '../core/lifecycle/plan-change.ts'
import { occurrenceAt } from '../core/schedule/occurrence.ts'
import { deliveriesOf } from './signals.ts'
import type { UnitOfWork } from './unit-of-work.ts'

/** Resources that are read at once. */
const pageMax = 500

/** An edit may end schedules earlier: what waits for instances that do not come any more goes on, and machines for them are let go. */
export async function letGoOfWhatNeverComes(unit: UnitOfWork, before: Plan, after: Plan): Promise<void> {
  const since = await firstUnborn(unit, before, after)
  const ids = since === undefined ? [] : await idsEndingAfter(unit, before, since)
  for (const instance of await unit.load(ids)) await unit.deliver(await releasesOf(unit, after, instance))
  await letGoOfIdleResources(unit)
}

async function letGoOfIdleResources(unit: UnitOfWork): Promise<void> {
  let afterId = ''
  for (let count = pageMax; count === pageMax; ) {
    const rows = await unit.transaction.listOpenResources(unit.pipelineId, { afterId, limit: pageMax })
    count = rows.length
    for (const { instance } of rows) {
      afterId = instance.id
      if (instance.kind !== 'resource' || instance.openUsers > 0) continue
      const plan = await unit.planOf(instance.version)
      await unit.deliver(await deliveriesOf(unit, { kind: 'idle' }, { from: instance, plan }))
    }
  }
}

/** The start of the first interval without an instance, of all schedules that have become shorter; `undefined` if there is none. */
async function firstUnborn(unit: UnitOfWork, before: Plan, after: Plan): Promise<Instant | undefined> {
  let first: Instant | undefined
  for (const component of shortenedComponents(before, after)) {
    const recurrence = recurrenceOf(component)
    const { nextIndex } = await unit.component(component.id)
    const start = recurrence === undefined ? undefined : occurrenceAt(recurrence, nextIndex)?.start
    if (start !== undefined && (first === undefined || start < first)) first = start
  }
  return first
}

/** The instances whose intervals end after a moment: of each component the latest ones. */
async function idsEndingAfter(unit: UnitOfWork, plan: Plan, moment: Instant): Promise<readonly ObjectId[]> {
  const ids = new Set<ObjectId>()
  for (const component of plan.components.values()) {
    const recurrence = recurrenceOf(component)
    if (recurrence === undefined) continue
    const { nextIndex } = await unit.component(component.id)
    for (let index = nextIndex - 1; index >= 0; index -= 1) {
      const occurrence = occurrenceAt(recurrence, index)
      if (occurrence === undefined || occurrence.end <= moment) break
      const births = birthsOf(plan, component, { occurrence, version: unit.pipeline.latestVersion, now: unit.now })
      for (const { instance } of births) ids.add(instance.id)
    }
  }
  return [...ids]
}

/** What tells an instance that it need not wait for what never comes. */
async function releasesOf(unit: UnitOfWork, after: Plan, instance: Instance): Promise<readonly Delivery[]> {
  const edges = await unit.transaction.listDependencies(unit.pipelineId, instance.id)
  const open = edges.flatMap(({ kind, state, targetId }) => (kind !== 'runsOn' && state === 'open' ? [targetId] : []))
  const born = new Set((await unit.load(open)).map(({ id }) => id))
  const unborn = open.filter((id) => !born.has(id))
  return neverToCome(after, instance, unborn).map((source) => {
    unit.changes.setDependency({ dependentId: instance.id, targetId: source, state: 'satisfied' })
    return { id: instance.id, event: { kind: 'dependency', source, from: 'open', to: 'satisfied' } }
  })
}
