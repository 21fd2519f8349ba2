import { type EndStatus, type Status, statusOf } from '../../core/lifecycle/instance.ts'
import type { Plan } from '../../core/lifecycle/plan.ts'
import type { SimulatedInstance } from '../../core/simulation/simulated-instance.ts'

/** What the instances of one component came to. */
export type ComponentTotals = {
  readonly component: string
  readonly type: string
  readonly instances: number
  readonly statuses: ReadonlyMap<Status, number>
  /** Attempts of tasks and checks, machines of resources. */
  readonly attempts: number
  readonly actions: number
}

/** The order in which status words are told: how instances ended, then what they are still at. */
const statusOrder: readonly Status[] = [
  ...(['FINISHED', 'FAILED', 'CASCADE_FAILED', 'CANCELED', 'TIMEDOUT', 'SKIPPED'] satisfies readonly EndStatus[]),
  'RUNNING',
  'CREATING',
  'SHUTTING_DOWN',
  'WAITING_FOR_RUNNER',
  'WAITING_ON_DEPENDENCIES',
  'PAUSED',
]

/** The totals of all components that have instances, in the order of the plan. */
export function totalsOf(plan: Plan, instances: readonly SimulatedInstance[]): readonly ComponentTotals[] {
  const byComponent = Map.groupBy(instances, ({ component }) => component.id)
  return [...plan.components.values()].flatMap(({ id, type }) => {
    const own = byComponent.get(id) ?? []
    if (own.length === 0) return []
    return [
      {
        component: id,
        type,
        instances: own.length,
        statuses: statusCounts(own),
        attempts: own.reduce((sum, { attempts }) => sum + attempts.length, 0),
        actions: own.reduce((sum, { actions }) => sum + actions.length, 0),
      },
    ]
  })
}

/** How many instances have each status, of those that any has. */
export function statusCounts(instances: readonly SimulatedInstance[]): ReadonlyMap<Status, number> {
  const counts = new Map<Status, number>()
  for (const { instance } of instances) counts.set(statusOf(instance), (counts.get(statusOf(instance)) ?? 0) + 1)
  return new Map(statusOrder.flatMap((status) => (counts.has(status) ? [[status, counts.get(status) ?? 0]] : [])))
}
