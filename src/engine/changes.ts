import type { ObjectId } from '../core/definition/pipeline-object.ts'
import type { Instant } from '../core/instant.ts'
import type { DependencyState, TimerKind } from '../core/lifecycle/event.ts'
import type { PipelineTimerKind } from '../core/lifecycle/pipeline.ts'
import type { AttemptRow, OutboxCommand, PipelineId, TimerRow } from '../store/rows.ts'
import type { Transaction } from '../store/store.ts'

/** What a unit of work leaves to be done once it is durable. */
export type Effects = {
  /** Worker groups that have a task more; once for each task. */
  readonly queuedGroups: readonly string[]
  /** When the earliest timer that was set is due. */
  readonly timerAt: Instant | undefined
  /** Whether there are commands to perform. */
  readonly hasCommands: boolean
}

/** The writes of one unit of work on one pipeline, collected so that each table is written once. The last word on a row counts. */
export class Changes {
  readonly #pipelineId: PipelineId
  readonly #timers = new Map<string, TimerRow>()
  readonly #deletedTimers = new Map<string, Pick<TimerRow, 'pipelineId' | 'subjectId' | 'kind'>>()
  readonly #endedSubjects = new Set<ObjectId>()
  readonly #attempts = new Map<string, Omit<AttemptRow, 'fields'>>()
  readonly #commands: { pipelineId: PipelineId; instanceId: ObjectId; command: OutboxCommand }[] = []
  readonly #dependencies = new Map<string, DependencyChange>()

  constructor(pipelineId: PipelineId) {
    this.#pipelineId = pipelineId
  }

  setTimer(subjectId: ObjectId, kind: TimerKind | PipelineTimerKind, dueAt: Instant): void {
    const row = { pipelineId: this.#pipelineId, subjectId, kind, dueAt }
    this.#deletedTimers.delete(timerKey(subjectId, kind))
    this.#timers.set(timerKey(subjectId, kind), row)
  }

  clearTimer(subjectId: ObjectId, kind: TimerKind | PipelineTimerKind): void {
    this.#timers.delete(timerKey(subjectId, kind))
    this.#deletedTimers.set(timerKey(subjectId, kind), { pipelineId: this.#pipelineId, subjectId, kind })
  }

  clearAllTimers(subjectId: ObjectId): void {
    this.#endedSubjects.add(subjectId)
    for (const [key, row] of this.#timers) if (row.subjectId === subjectId) this.#timers.delete(key)
  }

  recordAttempt(row: Omit<AttemptRow, 'fields'>): void {
    this.#attempts.set(`${row.instanceId} ${row.attempt.number}`, row)
  }

  command(instanceId: ObjectId, command: OutboxCommand): void {
    this.#commands.push({ pipelineId: this.#pipelineId, instanceId, command })
  }

  /**
   * Takes back what this unit of work was about to do because the instance ended: it has come back or ended otherwise, and that end has
   * not been.
   */
  takeBackEnd(instanceId: ObjectId): void {
    const kept = this.#commands.filter(
      ({ instanceId: id, command }) => id !== instanceId || command.kind !== 'act' || command.cause === 'late',
    )
    this.#commands.splice(0, this.#commands.length, ...kept)
  }

  /** Says what `dependentId` knows of `targetId`. */
  setDependency(change: Omit<DependencyChange, 'pipelineId'>): void {
    const key = dependencyKey(change.dependentId, change.targetId)
    this.#dependencies.set(key, { pipelineId: this.#pipelineId, ...change })
  }

  /** What this unit of work has made of a dependency; `undefined` if it has not changed it. */
  dependencyState(dependentId: ObjectId, targetId: ObjectId): DependencyState | undefined {
    return this.#dependencies.get(dependencyKey(dependentId, targetId))?.state
  }

  async write(transaction: Transaction): Promise<Effects> {
    const ended = [...this.#endedSubjects].map((subjectId) => ({ pipelineId: this.#pipelineId, subjectId }))
    if (ended.length > 0) await transaction.deleteTimersOf(ended)
    if (this.#deletedTimers.size > 0) await transaction.deleteTimers([...this.#deletedTimers.values()])
    if (this.#timers.size > 0) await transaction.saveTimers([...this.#timers.values()])
    if (this.#attempts.size > 0) await transaction.saveAttempts([...this.#attempts.values()])
    if (this.#dependencies.size > 0) await transaction.updateDependencies([...this.#dependencies.values()])
    if (this.#commands.length > 0) await transaction.insertOutbox(this.#commands)
    return {
      queuedGroups: [...this.#attempts.values()].flatMap(({ attempt, workerGroup }) =>
        attempt.status === 'WAITING_FOR_RUNNER' && workerGroup !== undefined ? [workerGroup] : [],
      ),
      timerAt: [...this.#timers.values()].reduce<Instant | undefined>(earlier, undefined),
      hasCommands: this.#commands.length > 0,
    }
  }
}

type DependencyChange = {
  readonly pipelineId: PipelineId
  readonly dependentId: ObjectId
  readonly targetId: ObjectId
  readonly state: DependencyState
}

const timerKey = (subjectId: ObjectId, kind: string): string => `${kind} ${subjectId}`

const dependencyKey = (dependentId: ObjectId, targetId: ObjectId): string => `${dependentId}\n${targetId}`

const earlier = (found: Instant | undefined, { dueAt }: TimerRow): Instant =>
  found === undefined || dueAt < found ? dueAt : found
