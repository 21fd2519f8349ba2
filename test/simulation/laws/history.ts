import type { ObjectId } from '../../../src/core/definition/pipeline-object.ts'
import type { Instance } from '../../../src/core/lifecycle/instance.ts'
import type { Change, Step } from '../ledger.ts'
import type { Oracle } from '../oracle.ts'
import { isOpen, unless } from './law.ts'

/** A unit of work that has become durable, with what was true then. */
export type DurableStep = {
  readonly step: Step
  readonly now: number
  oracleOf(version: number): Oracle
  /** The instances that somebody has asked to mark as finished. */
  readonly markedFinished: ReadonlySet<string>
}

/**
 * The actions that an instance takes in one unit of work, as `<action> <cause>`: exactly these or, where it may have been run again and
 * ended several times, a multiple of them.
 */
type Expected = { readonly actions: readonly string[]; readonly isExact: boolean }

/** Watches what follows from one unit of work to the next. */
export class History {
  /** The lives of instances in which onLateAction has been taken: `<instance> <life>`. */
  readonly #late = new Set<string>()
  /** How often an instance has come back after it had ended. */
  readonly #lives = new Map<string, number>()
  /** Since when a resource is at work, in milliseconds since the epoch. */
  readonly #atWorkSince = new Map<string, number>()

  /** Takes in what has become durable, and says what is broken. */
  absorb({ step, now, oracleOf, markedFinished }: DurableStep): readonly string[] {
    return [...step.changes.values()].flatMap((change) => {
      const oracle = oracleOf(change.after.version)
      const taken = step.commands.flatMap(({ instanceId, command }) =>
        instanceId === change.after.id && command.kind === 'act' ? [`${command.action} ${command.cause}`] : [],
      )
      const complaints = [
        ...wrongActions(change, taken, expectedActions(change, { oracle, markedFinished })),
        ...this.#wrongLateActions(change, { taken, oracle, now }),
        ...this.#wrongLifetime(change, { step, oracle, now, markedFinished }),
      ]
      const { before, after } = change
      if (before?.state.kind === 'ended' && isOpen(after))
        this.#lives.set(keyOf(step, after), this.#life(step, after) + 1)
      return complaints
    })
  }

  #life(step: Step, instance: Instance): number {
    return this.#lives.get(keyOf(step, instance)) ?? 0
  }

  #wrongLateActions(
    { before, after }: Change,
    { taken, oracle, now }: { readonly taken: readonly string[]; readonly oracle: Oracle; readonly now: number },
  ): readonly string[] {
    const late = taken.filter((action) => action.endsWith(' late'))
    if (late.length === 0) return []
    const lateAfterMs = oracle.lengthMs(after.componentId, 'lateAfterTimeout') ?? Number.POSITIVE_INFINITY
    const life = `${after.id} ${this.#lives.get(after.id) ?? 0}`
    const isRepeated = this.#late.has(life)
    this.#late.add(life)
    return [
      ...unless(
        isSame(late, actionsOf(oracle.targets(after.componentId, 'onLateAction'), 'late')),
        () => `${after.id} is late and takes ${late}`,
      ),
      ...unless(!isRepeated, () => `${after.id} is late twice`),
      ...unless(now >= after.occurrence.start + lateAfterMs, () => `${after.id} is late before its time`),
      ...unless(before === undefined || isOpen(before), () => `${after.id} is late after it has ended`),
    ]
  }

  #wrongLifetime(
    { before, after }: Change,
    {
      step,
      oracle,
      now,
      markedFinished,
    }: Pick<DurableStep, 'step' | 'now' | 'markedFinished'> & { readonly oracle: Oracle },
  ): readonly string[] {
    if (after.kind !== 'resource') return []
    const isAtWork = ['creating', 'retrying', 'up'].includes(after.state.kind)
    // What is marked as finished has ended, and may be made again at once for work that is due.
    const isMadeAgain = markedFinished.has(after.id) && after.attemptCount > (before?.attemptCount ?? 0)
    const wasAtWork = !isMadeAgain && before !== undefined && ['creating', 'retrying', 'up'].includes(before.state.kind)
    if (!isAtWork) {
      this.#atWorkSince.delete(keyOf(step, after))
      return []
    }
    if (!wasAtWork) this.#atWorkSince.set(keyOf(step, after), now)
    const lifetimeMs = oracle.lengthMs(after.componentId, 'terminateAfter') ?? Number.NaN
    const dueAt = (this.#atWorkSince.get(keyOf(step, after)) ?? Number.NaN) + lifetimeMs
    const timer = step.books.timers.get(`lifetimeOver ${after.id}`)
    return unless(
      timer === undefined || timer.dueAt <= dueAt,
      () => `${after.id} may live until ${timer?.dueAt}, and terminateAfter ends at ${dueAt}`,
    )
  }
}

const keyOf = ({ books }: Step, { id }: Instance): string => `${books.row.id} ${id}`

/** Actions are taken once for each end, and not without one. */
function wrongActions(change: Change, taken: readonly string[], { actions, isExact }: Expected): readonly string[] {
  const found = taken.filter((action) => !action.endsWith(' late'))
  return unless(
    isExact ? isSame(found, actions) : isMultiple(found, actions),
    () =>
      `${change.after.id} takes [${found}] and not [${actions}] as it goes from ${describe(change.before)} to ${describe(change.after)}`,
  )
}

function expectedActions(
  { before, after }: Change,
  { oracle, markedFinished }: { readonly oracle: Oracle; readonly markedFinished: ReadonlySet<string> },
): Expected {
  const { state } = after
  if (after.kind === 'resource' && isOpen(after)) {
    // It may have ended, and be made again at once for work that is due.
    return { actions: actionsOf(oracle.targets(after.componentId, 'onSuccess'), 'success'), isExact: false }
  }
  if (state.kind !== 'ended' || state.canceledBy !== undefined) return { actions: [], isExact: true }
  const hadEnded = before?.state.kind === 'ended'
  const isUnchanged = hadEnded && before.state === state
  const component = after.componentId
  // A resource comes back at once for work that is due; what had ended otherwise and is marked as finished takes no action again.
  const isExact = !hadEnded && after.kind !== 'resource' && !markedFinished.has(after.id)
  if (state.status === 'SKIPPED' || isUnchanged) return { actions: [], isExact: true }
  if (state.status === 'FINISHED')
    return { actions: actionsOf(oracle.targets(component, 'onSuccess'), 'success'), isExact }
  return { actions: actionsOf(oracle.targets(component, 'onFail'), 'fail'), isExact }
}

const actionsOf = (ids: readonly ObjectId[], cause: string): readonly string[] => ids.map((id) => `${id} ${cause}`)

function isMultiple(found: readonly string[], actions: readonly string[]): boolean {
  const times = actions.length === 0 ? 0 : found.length / actions.length
  return isSame(found, Array.from({ length: Math.ceil(times) }, () => actions).flat())
}

const isSame = (left: readonly string[], right: readonly string[]): boolean =>
  left.toSorted().join() === right.toSorted().join()

const describe = (instance: Instance | undefined): string =>
  instance === undefined
    ? 'nothing'
    : instance.state.kind === 'ended'
      ? `${instance.state.status} by ${instance.state.canceledBy}`
      : instance.state.kind
