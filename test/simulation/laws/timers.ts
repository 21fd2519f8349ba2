import type { Instance } from '../../../src/core/lifecycle/instance.ts'
import type { TimerRow } from '../../../src/store/rows.ts'
import { isOpen, type Law, unless } from './law.ts'

/** The timers without which an instance in a state would stay there for ever. */
const needed: Readonly<
  Partial<Record<`${Instance['kind']} ${Instance['state']['kind']}`, readonly TimerRow['kind'][]>>
> = {
  'task retrying': ['retryDue'],
  'task running': ['leaseExpired'],
  'check retrying': ['retryDue'],
  'resource retrying': ['retryDue', 'lifetimeOver'],
  'resource creating': ['startTimedOut', 'lifetimeOver'],
  'resource up': ['lifetimeOver'],
}

/** What would stay for ever without a timer has it, and what has ended has none. */
export const timersAreThere: Law = ({ books, instances }) =>
  instances.flatMap((instance) => {
    const own = [...books.timers.values()].filter(({ subjectId }) => subjectId === instance.id).map(({ kind }) => kind)
    const kinds = needed[`${instance.kind} ${instance.state.kind}`] ?? []
    return [
      ...unless(
        isOpen(instance) || own.length === 0,
        () => `${instance.id} has ended and has the timers ${own.join(' ')}`,
      ),
      ...kinds.flatMap((kind) =>
        unless(own.includes(kind), () => `${instance.id} is ${instance.state.kind} without ${kind}`),
      ),
    ]
  })

/** Timers are for something that is there, and a pipeline that is over has none. */
export const timersHaveSubjects: Law = ({ books, now }) => {
  const { state, nextRunAt } = books.row
  const isOver = state === 'PENDING' || state === 'INACTIVE' || state === 'FINISHED' || state === 'DELETED'
  // What a deactivation cancelled goes on before the schedules do.
  const schedule = [...books.timers.values()].find(({ kind }) => kind === 'schedule' || kind === 'reactivate')
  return [
    ...[...books.timers.values()].flatMap(({ subjectId, kind, dueAt }) => [
      ...unless(
        !subjectId.startsWith('@') || books.instances.has(subjectId),
        () => `the timer ${kind} is for ${subjectId}, which is not there`,
      ),
      // One that is due is about to go, and finds nothing to do.
      // What has been deleted is forgotten some day.
      ...unless(
        !isOver || dueAt <= now || (state === 'DELETED' && kind === 'forget'),
        () => `the pipeline is ${state} and has the timer ${kind} ${subjectId}`,
      ),
    ]),
    ...unless(
      state !== 'SCHEDULED' || (schedule === undefined) === (nextRunAt === undefined),
      () => `the next run is at ${nextRunAt}, the timer for it at ${schedule?.dueAt}`,
    ),
  ]
}

/** What a deactivation cancelled does not rest any more in an active pipeline, or is about to go on. On demand it rests for ever. */
export const whatWasDeactivatedGoesOn: Law = ({ books, oracleOf }) => {
  const { state, activeVersion } = books.row
  if (state !== 'SCHEDULED' || activeVersion === undefined || oracleOf(activeVersion).isOnDemand) return []
  const isAboutToGoOn = [...books.timers.values()].some(({ kind }) => kind === 'reactivate')
  return [...books.instances.values()].flatMap(({ instance: { id, state: own } }) =>
    unless(
      isAboutToGoOn || own.kind !== 'ended' || own.canceledBy !== 'deactivation',
      () => `${id} rests since a deactivation, and its pipeline is active`,
    ),
  )
}

/** A pipeline that is over has nothing open, and one that has been deleted has nothing at all. */
export const whatIsOverIsEmpty: Law = ({ books }) => {
  const { state } = books.row
  const open = [...books.instances.values()]
    .filter(({ instance }) => isOpen(instance))
    .map(({ instance }) => instance.id)
  const rows = [books.instances, books.attempts, books.dependencies, books.components, books.definitions]
  return [
    ...unless(
      (state !== 'FINISHED' && state !== 'INACTIVE') || open.length === 0,
      () => `the pipeline is ${state} and has open ${open.join(' ')}`,
    ),
    ...unless(
      state !== 'DELETED' || rows.every(({ size }) => size === 0),
      () => 'the pipeline has been deleted, and something of it is left',
    ),
  ]
}
