import type { ObjectId } from '../../../src/core/definition/pipeline-object.ts'
import { machineIdOf } from '../../../src/engine/performers.ts'
import type { TimerRow } from '../../../src/store/rows.ts'
import type { Books, Ledger } from '../ledger.ts'
import { instanceId, type Oracle } from '../oracle.ts'
import type { Outside } from '../outside.ts'
import { isOpen, unless } from './law.ts'

/** What is looked at between two moments. */
type Around = {
  readonly ledger: Ledger
  readonly outside: Outside
  /** The time of the server's clock. */
  readonly now: number
  readonly wellForMs: number
}

/** How late the server may be with what is due, in milliseconds, when nothing is wrong around it. */
const lateMaxMs = 2000

/**
 * After what went wrong it may rest for a minute before it tries again, which a clock that is set back by another one makes longer. In
 * milliseconds.
 */
const recoveryMs = 130_000

/** How long after a machine is lost its resource may be without knowing, in milliseconds: it is tried every 5 s to note that. */
const lossMaxMs = 7000

/** Sees to it that timers fire. */
export class TimerWatch {
  /** Since when a timer has been seen to be due, by the clock of the server. */
  readonly #dueSince = new WeakMap<TimerRow, number>()

  /** A server around which nothing is wrong leaves no timer that is due. */
  readonly look = ({ ledger, now, wellForMs }: Around): readonly string[] =>
    [...ledger.pipelines.values()].flatMap(({ timers }) =>
      [...timers.values()].flatMap((timer) => {
        if (timer.dueAt > now) return []
        const since = this.#dueSince.get(timer) ?? now
        this.#dueSince.set(timer, since)
        return unless(
          now - since <= lateMaxMs || wellForMs < recoveryMs,
          () => `the timer ${timer.kind} of ${timer.subjectId} is late by ${now - since} ms`,
        )
      }),
    )
}

/** Every machine belongs to a resource that is open, or somebody is about to end it. */
export function machinesAreWanted({ ledger, outside, wellForMs }: Around): readonly string[] {
  if (wellForMs < recoveryMs || outside.machines.size === 0) return []
  const wanted = new Set(
    [...ledger.pipelines.values()].flatMap(({ row, instances, commands }) => [
      ...[...instances.values()].flatMap(({ instance: { id, state } }) =>
        'machineNumber' in state ? [machineIdOf({ pipelineId: row.id, instanceId: id }, state.machineNumber)] : [],
      ),
      ...[...commands.values()].flatMap(({ pipelineId, instanceId, command }) =>
        'machineNumber' in command ? [machineIdOf({ pipelineId, instanceId }, command.machineNumber)] : [],
      ),
    ]),
  )
  return [...outside.machines.keys()].flatMap((id) =>
    unless(wanted.has(id), () => `nobody will ever end machine ${id}`),
  )
}

/** No resource goes on with a machine that has been lost: it has another one made, or fails. */
export function lossesAreNoticed({ ledger, outside, wellForMs }: Around): readonly string[] {
  const { lostForMs } = outside
  if (wellForMs < recoveryMs || lostForMs.size === 0) return []
  return [...ledger.pipelines.values()].flatMap(({ row, instances }) =>
    [...instances.values()].flatMap(({ instance: { id, state } }) => {
      if (state.kind !== 'creating' && state.kind !== 'up') return []
      const lostMs = lostForMs.get(machineIdOf({ pipelineId: row.id, instanceId: id }, state.machineNumber)) ?? 0
      return unless(lostMs <= lossMaxMs, () => `${id} is ${state.kind}, and its machine was lost ${lostMs} ms ago`)
    }),
  )
}

/** Of an active pipeline, every interval that is due has its instance, as long as there is room. */
export function schedulesAreComplete(
  { ledger, now, wellForMs }: Around,
  oracleOf: (books: Books, version: number) => Oracle,
): readonly string[] {
  if (wellForMs < recoveryMs) return []
  return [...ledger.pipelines.values()].flatMap((books) => {
    const { state, activeVersion } = books.row
    if (state !== 'SCHEDULED' || activeVersion === undefined) return []
    const isAboutToGoOn = [...books.timers.values()].some(
      ({ kind, dueAt }) => (kind === 'schedule' || kind === 'reactivate') && dueAt <= now,
    )
    if (isAboutToGoOn) return []
    const oracle = oracleOf(books, activeVersion)
    return oracle.componentIds.flatMap((id) => {
      if (!oracle.isScheduled(id)) return []
      const most = Number(oracle.text(id, 'maxActiveInstances') ?? Number.POSITIVE_INFINITY)
      if ((books.components.get(id)?.activeInstances ?? 0) >= most) return []
      const intervals = oracle.intervals(id).slice(firstIndexOf(id, { books, oracle }))
      const missing = intervals.find(
        (each) => oracle.dueAt(id, each) <= now - lateMaxMs && !books.instances.has(instanceId(id, each)),
      )
      return unless(missing === undefined, () => `${id} has no instance of ${JSON.stringify(missing)}`)
    })
  })
}

/** The index of the first interval of a component: one that an edit has brought begins with what comes after that. */
function firstIndexOf(id: ObjectId, { books, oracle }: { readonly books: Books; readonly oracle: Oracle }): number {
  const [first] = books.definitions.values()
  if (first?.definition.objects.some((object) => object.id === id) === true) return 0
  const intervals = oracle.intervals(id)
  const index = intervals.findIndex((each) => books.instances.has(instanceId(id, each)))
  return index < 0 ? intervals.length : index
}

/** When everything is over, nothing is left outside or to do. */
export function nothingIsLeft({ ledger, outside }: Pick<Around, 'ledger' | 'outside'>): readonly string[] {
  return [
    ...[...outside.machines.keys()].map((id) => `machine ${id} is left`),
    ...[...ledger.pipelines.values()].flatMap(({ commands, instances }) => [
      ...[...commands.values()].map(({ command, instanceId: id }) => `${command.kind} of ${id} is left`),
      ...[...instances.values()]
        .filter(({ instance }) => isOpen(instance))
        .map(({ instance }) => `${instance.id} is open`),
    ]),
  ]
}

/** When a pipeline is finished, every interval of every schedule has been run. */
export const everyIntervalHasRun = (books: Books, oracle: Oracle): readonly string[] =>
  oracle.componentIds.flatMap((id) => {
    if (books.row.state !== 'FINISHED' || !oracle.isScheduled(id)) return []
    const intervals = oracle.intervals(id).slice(firstIndexOf(id, { books, oracle }))
    return intervals
      .filter((each) => !books.instances.has(instanceId(id, each)))
      .map((each) => `the pipeline is finished, and ${instanceId(id, each)} has never come to be`)
  })
