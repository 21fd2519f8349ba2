import { hasEnded, hasFailed, type InstanceView } from './instance-view.ts'

/** How a pipeline's run stands, seen from outside. */
export type RunOutcome =
  | { readonly kind: 'running' }
  | { readonly kind: 'finished' }
  /** Something failed, and nothing that is still open can go on. */
  | { readonly kind: 'failed'; readonly failed: readonly InstanceView[]; readonly blocked: readonly InstanceView[] }

/** Pipeline states in which nothing more comes to be. */
const OVER = new Set(['FINISHED', 'INACTIVE'])

/**
 * Whether a run is over. It is when the service says so, and also when all that is open waits, directly or not, for something that
 * failed: the service keeps that open for ever, so that a rerun can release it.
 */
export function outcomeOf(
  pipeline: { readonly state: string; readonly nextRunTime: string | undefined },
  instances: readonly InstanceView[],
): RunOutcome {
  const failed = instances.filter(hasFailed)
  const open = instances.filter((instance) => !hasEnded(instance))
  if (OVER.has(pipeline.state) && open.length === 0) {
    return failed.length === 0 ? { kind: 'finished' } : { kind: 'failed', failed, blocked: [] }
  }
  if (pipeline.nextRunTime !== undefined || failed.length === 0) return { kind: 'running' }
  const blockedIds = blockedBy(failed, open)
  return open.every(({ id }) => blockedIds.has(id)) ? { kind: 'failed', failed, blocked: open } : { kind: 'running' }
}

/** The open instances that cannot go on: they wait for a failed one or a blocked one, or serve only such. */
function blockedBy(failed: readonly InstanceView[], open: readonly InstanceView[]): ReadonlySet<string> {
  const lost = new Set(failed.map(({ id }) => id))
  const openIds = new Set(open.map(({ id }) => id))
  const isWaiting = ({ status }: InstanceView) => status === 'WAITING_ON_DEPENDENCIES'
  const isBlocked = ({ waitingOn, users }: InstanceView) =>
    waitingOn.some((id) => lost.has(id)) || (users.length > 0 && users.every((id) => lost.has(id) || !openIds.has(id)))
  let found = open.filter((instance) => isWaiting(instance) && isBlocked(instance))
  const blocked = new Set<string>()
  while (found.length > 0) {
    for (const { id } of found) {
      blocked.add(id)
      lost.add(id)
    }
    found = open.filter((instance) => !blocked.has(instance.id) && isWaiting(instance) && isBlocked(instance))
  }
  return blocked
}
