import type { ObjectId } from '../../src/core/definition/pipeline-object.ts'
import type { Instance } from '../../src/core/lifecycle/instance.ts'
import { statusOf } from '../../src/core/lifecycle/instance.ts'
import type { Store } from '../../src/store/store.ts'
import { AlarmWatch } from './laws/alarms.ts'
import {
  attemptsAreCounted,
  birthsStay,
  closedAttemptsStay,
  onlyTheHolderIsHeard,
  retriesAreBounded,
  silenceIsForgiven,
} from './laws/attempts.ts'
import { activeInstancesAreBounded, birthsFollowTheSchedule } from './laws/births.ts'
import { accountsAreRight, countsAreRight, edgesAreRight, usersAreCounted } from './laws/counts.ts'
import { type DurableStep, History } from './laws/history.ts'
import type { Case, Law, Said } from './laws/law.ts'
import {
  everyIntervalHasRun,
  lossesAreNoticed,
  machinesAreWanted,
  nothingIsLeft,
  schedulesAreComplete,
  TimerWatch,
} from './laws/moments.ts'
import { dependenciesAreThoseOfTheDefinition, failuresCascade, nothingBeginsTooEarly } from './laws/order.ts'
import { timersAreThere, timersHaveSubjects, whatIsOverIsEmpty, whatWasDeactivatedGoesOn } from './laws/timers.ts'
import type { Books, Ledger, Step } from './ledger.ts'
import type { Operator } from './operator.ts'
import { Oracle } from './oracle.ts'
import type { Outside } from './outside.ts'
import { readBooks } from './read-books.ts'
import type { SimulatedServer } from './simulated-server.ts'
import type { Say } from './trace.ts'

/** What must hold after each unit of work. */
const laws: readonly Law[] = [
  countsAreRight,
  edgesAreRight,
  usersAreCounted,
  accountsAreRight,
  attemptsAreCounted,
  closedAttemptsStay,
  birthsStay,
  retriesAreBounded,
  silenceIsForgiven,
  onlyTheHolderIsHeard,
  dependenciesAreThoseOfTheDefinition,
  nothingBeginsTooEarly,
  failuresCascade,
  timersAreThere,
  timersHaveSubjects,
  whatWasDeactivatedGoesOn,
  whatIsOverIsEmpty,
  birthsFollowTheSchedule,
  activeInstancesAreBounded,
]

type JudgeParts = {
  readonly ledger: Ledger
  readonly server: SimulatedServer
  readonly outside: Outside
  readonly operator: Operator
  say: Say
}

/** Finds out which laws are broken: after each unit of work, each commit, each moment, and at the end. */
export class Judge {
  readonly #parts: JudgeParts
  readonly #history = new History()
  readonly #timerWatch = new TimerWatch()
  readonly #alarms = new AlarmWatch()
  readonly #oracles = new Map<string, Oracle>()
  /** Up to which commit moments have been judged, and when there may be more to see without another one. */
  #judgedCommits = -1
  #judgeAgainAt = 0
  /** What has been done in the running transaction. */
  #pending: DurableStep[] = []
  /** Results that task runners have sent, as `<task id> <status>`. */
  readonly results = new Set<string>()
  hasAbandonedPolls = false

  constructor(parts: JudgeParts) {
    this.#parts = parts
  }

  /** A unit of work is done, and may still be undone. */
  judgeUnit(mark: number): readonly string[] {
    const { ledger, server } = this.#parts
    return ledger.stepsSince(mark).flatMap((step) => {
      const { books } = step
      for (const change of step.changes.values()) this.#sayChange(change)
      const oracleOf = this.#oracleOf(books)
      const { markedFinished } = this.#said
      this.#pending.push({ step, now: server.now, oracleOf, markedFinished })
      return this.#judge({ books, instances: around(step), step, oracleOf, now: server.now, said: this.#said })
    })
  }

  /** What has been done in the running transaction is undone. */
  forgetPending(): void {
    this.#pending = []
  }

  /** What has been done has become durable. */
  judgeCommit(): readonly string[] {
    const steps = this.#pending
    this.#pending = []
    return steps.flatMap((durable) => {
      const { activeVersion } = durable.step.books.row
      if (activeVersion !== undefined) this.#alarms.absorb(durable.step, durable.oracleOf(activeVersion))
      return this.#history.absorb(durable)
    })
  }

  /** Time is about to pass: whatever is due at this moment has been done, if nothing kept the server from it. */
  judgeMoment(): readonly string[] {
    const { ledger, server, outside } = this.#parts
    // Where nothing has been written, nothing is to be found before the next timer is due.
    const isQuiet = ledger.commits === this.#judgedCommits && server.now < this.#judgeAgainAt
    if (isQuiet) return []
    this.#judgedCommits = ledger.commits
    this.#judgeAgainAt = nextTimerAt(ledger)
    const around = { ledger, outside, now: server.now, wellForMs: server.wellForMs }
    return [
      ...this.#timerWatch.look(around),
      ...machinesAreWanted(around),
      ...lossesAreNoticed(around),
      ...schedulesAreComplete(around, (books, version) => this.#oracleOf(books)(version)),
    ]
  }

  /** Everything is over. The store itself is read once, and holds what has been written to it. */
  async judgeEnd(store: Store): Promise<readonly string[]> {
    const { ledger, outside, server } = this.#parts
    const all = [...ledger.pipelines.values()].flatMap((books) =>
      this.#judge({
        books,
        instances: [...books.instances.values()].map(({ instance }) => instance),
        step: undefined,
        oracleOf: this.#oracleOf(books),
        now: server.now,
        said: this.#said,
      }),
    )
    const unborn = [...ledger.pipelines.values()].flatMap((books) => {
      const { activeVersion } = books.row
      const oracle = activeVersion === undefined ? undefined : this.#oracleOf(books)(activeVersion)
      return oracle === undefined || books.row.state === 'DELETED' ? [] : everyIntervalHasRun(books, oracle)
    })
    const stored = await Promise.all(
      [...ledger.pipelines.values()].map(async (books) => {
        const found = await readBooks(store, books)
        return found === undefined ? [] : [`the store holds something else: ${found}`]
      }),
    )
    return [
      ...all,
      ...unborn,
      ...stored.flat(),
      ...nothingIsLeft({ ledger, outside }),
      ...this.#alarms.judge({ ledger, outside }),
    ]
  }

  /** What keeps pipelines from their end. */
  whyNotOver(): readonly string[] {
    return [...this.#parts.ledger.pipelines.values()].flatMap(({ row, instances, timers }) => {
      if (row.state === 'FINISHED' || row.state === 'DELETED') return []
      const open = [...instances.values()].filter(({ instance }) => instance.state.kind !== 'ended')
      const words = open.map(({ instance }) => `${instance.id} ${instance.state.kind}`)
      return [`${row.id} stays ${row.state}: ${words.join(', ')}; ${[...timers.keys()].join(', ')}`]
    })
  }

  #judge(found: Case): readonly string[] {
    return laws.flatMap((law) => law(found))
  }

  get #said(): Said {
    return {
      results: this.results,
      markedFinished: this.#parts.operator.markedFinished,
      hasAbandonedPolls: this.hasAbandonedPolls,
    }
  }

  #oracleOf(books: Books): (version: number) => Oracle {
    return (version) => {
      const key = `${books.row.id} ${version} ${books.row.firstActivatedAt}`
      const known = this.#oracles.get(key)
      if (known !== undefined) return known
      const row = books.definitions.get(version)
      if (row === undefined) throw new Error(`Version ${version} of ${books.row.id} is not there.`)
      const oracle = new Oracle(row.definition, books.row.firstActivatedAt ?? books.row.createdAt)
      this.#oracles.set(key, oracle)
      return oracle
    }
  }

  #sayChange({ before, after }: { readonly before: Instance | undefined; readonly after: Instance }): void {
    if (before?.state === after.state || (before?.state.kind === after.state.kind && after.state.kind !== 'ended'))
      return
    const reason =
      after.state.kind === 'ended' && after.state.canceledBy !== undefined ? ` by ${after.state.canceledBy}` : ''
    const status = after.state.kind === 'ended' ? statusOf(after) : after.state.kind
    this.#parts.say(() => `  ${after.id}: ${before?.state.kind ?? 'born'} → ${status}${reason}`)
  }
}

function nextTimerAt({ pipelines }: Ledger): number {
  let next = Number.POSITIVE_INFINITY
  for (const { timers } of pipelines.values()) for (const { dueAt } of timers.values()) next = Math.min(next, dueAt)
  return next
}

/** The instances that a unit of work has changed, and those that stand around them. */
function around({ books, changes }: Step): readonly Instance[] {
  const ids = new Set<ObjectId>(changes.keys())
  for (const id of changes.keys()) {
    for (const { dependentId } of books.dependents.get(id) ?? []) ids.add(dependentId)
    for (const { targetId } of books.dependencies.get(id) ?? []) ids.add(targetId)
  }
  return [...ids].flatMap((id) => books.instances.get(id)?.instance ?? [])
}
