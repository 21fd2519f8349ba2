import { isOpen, type Law, unless } from './law.ts'

/** Only what the schedules say comes to be, when it is due, and while the pipeline is active. */
export const birthsFollowTheSchedule: Law = ({ books, step, oracleOf, now }) =>
  [...(step?.changes.values() ?? [])].flatMap(({ before, after }) => {
    if (before !== undefined) return []
    const oracle = oracleOf(after.version)
    const { start, end } = after.occurrence
    const isScheduled = oracle.isScheduled(after.componentId)
    const interval = oracle.intervals(after.componentId).find((each) => each.start === start && each.end === end)
    return [
      ...unless(
        // It may be over in the very unit of work in which its last instances come to be.
        books.row.state === 'SCHEDULED' || step?.pipelineBefore?.state === 'SCHEDULED',
        () => `${after.id} comes to be while the pipeline is ${books.row.state}`,
      ),
      ...unless(
        !isScheduled || oracle.isOnDemand || interval !== undefined,
        () => `${after.id} is in no interval of its schedule`,
      ),
      ...unless(
        interval === undefined || oracle.dueAt(after.componentId, interval) <= now,
        () => `${after.id} comes to be before it is due`,
      ),
    ]
  })

/** No more instances of a component are open at once than maxActiveInstances allows, but for what is run again. */
export const activeInstancesAreBounded: Law = ({ books, step, oracleOf }) =>
  [...(step?.changes.values() ?? [])].flatMap(({ before, after }) => {
    if (before !== undefined || !isOpen(after)) return []
    const oracle = oracleOf(after.version)
    const most = oracle.text(after.componentId, 'maxActiveInstances')
    if (most === undefined || oracle.isOnDemand || !oracle.isScheduled(after.componentId)) return []
    const open = [...books.instances.values()].filter(
      ({ instance }) =>
        instance.componentId === after.componentId &&
        isOpen(instance) &&
        instance.isRerun !== true &&
        // What comes back for other work does not ask for room.
        step?.changes.get(instance.id)?.before?.state.kind !== 'ended',
    )
    return unless(
      open.length <= Number(most),
      () => `${open.length} instances of ${after.componentId} are open, ${most} allowed`,
    )
  })
