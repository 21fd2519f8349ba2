import type { ObjectId } from '../core/definition/pipeline-object.ts'
import type { Instant } from '../core/instant.ts'
import type { DependencyState } from '../core/lifecycle/event.ts'
import type {
  AttemptRow,
  ComponentRow,
  DefinitionRow,
  DependencyRow,
  InstanceRow,
  NotificationRow,
  OutboxCommand,
  OutboxRow,
  PipelineId,
  PipelineRow,
  TimerRow,
} from './rows.ts'

/**
 * Times to select by: bounds are inclusive, `anyOf` lists exact ones, absent means any. They are compared to the second, for the clients
 * who give them have never seen more.
 */
export type TimeFilter = {
  readonly from: Instant | undefined
  readonly to: Instant | undefined
  readonly anyOf: readonly Instant[] | undefined
}

/** What QueryObjects asks of instances and attempts. Absent lists match everything, empty ones nothing. */
export type ObjectFilter = {
  readonly names: readonly string[] | undefined
  readonly statuses: readonly string[] | undefined
  readonly componentIds: readonly string[] | undefined
  /** Attempts only. */
  readonly instanceIds: readonly string[] | undefined
  readonly scheduledStart: TimeFilter
  readonly scheduledEnd: TimeFilter
  readonly actualStart: TimeFilter
  readonly actualEnd: TimeFilter
}

/** Reads. Outside a transaction they see what is durable. Lists are ordered by id unless said otherwise. */
export type Reads = {
  findPipeline(id: PipelineId): Promise<PipelineRow | undefined>
  /** The pipeline that this caller made with this name and unique id, if it is neither DELETING nor DELETED; there is at most one. */
  findPipelineByUniqueId(key: {
    accountId: string
    userId: string
    name: string
    uniqueId: string
  }): Promise<PipelineRow | undefined>
  /** Pipelines that are not DELETED, after `afterId`. */
  listPipelines(afterId: string, limit: number): Promise<readonly PipelineRow[]>
  findDefinition(pipelineId: PipelineId, version: number): Promise<DefinitionRow | undefined>
  findComponent(pipelineId: PipelineId, id: ObjectId): Promise<ComponentRow | undefined>
  listComponents(pipelineId: PipelineId): Promise<readonly ComponentRow[]>
  findInstance(pipelineId: PipelineId, id: ObjectId): Promise<InstanceRow | undefined>
  findInstances(pipelineId: PipelineId, ids: readonly ObjectId[]): Promise<readonly InstanceRow[]>
  /** Ids of instances that have not ended, component by component, the oldest interval first, after the instance `afterId`. */
  listOpenInstanceIds(pipelineId: PipelineId, page: { afterId: string; limit: number }): Promise<readonly ObjectId[]>
  /** Ids of instances of one component that have not ended, the oldest interval first. */
  listActiveInstanceIds(
    pipelineId: PipelineId,
    selection: { componentId: ObjectId; limit: number },
  ): Promise<readonly ObjectId[]>
  /** The resource instances of a pipeline that have not ended, in the order of their ids, after `afterId`. */
  listOpenResources(pipelineId: PipelineId, page: { afterId: string; limit: number }): Promise<readonly InstanceRow[]>
  /** The resource instances of all pipelines that have a machine, or are being given one. */
  listResourcesWithMachines(): Promise<readonly InstanceRow[]>
  /** Ids of instances of one component that have this status word, none that ends an instance, oldest interval first. */
  listInstanceIdsByStatus(
    pipelineId: PipelineId,
    selection: { componentId: ObjectId; status: string; limit: number },
  ): Promise<readonly ObjectId[]>
  /** Ids of instances that ended because the pipeline was deactivated. */
  listDeactivatedInstanceIds(pipelineId: PipelineId, limit: number): Promise<readonly ObjectId[]>
  /** Instance ids that match, in the order in which the instances came to be (then of their ids), after the instance `afterId`. */
  queryInstances(
    pipelineId: PipelineId,
    filter: ObjectFilter,
    page: { afterId: string; limit: number },
  ): Promise<readonly ObjectId[]>
  /** Attempt ids (`<instance>_Attempt=<n>`) that match, after `afterId`, in the order of instance id and number. */
  queryAttempts(
    pipelineId: PipelineId,
    filter: ObjectFilter,
    page: { afterId: string; limit: number },
  ): Promise<readonly ObjectId[]>
  /** What an instance depends on, in the order in which it was inserted. */
  listDependencies(pipelineId: PipelineId, dependentId: ObjectId): Promise<readonly DependencyRow[]>
  /** What an instance waits for, its machine excepted: failed dependencies first, then in the order in which they were inserted. */
  listUnmetDependencies(
    pipelineId: PipelineId,
    selection: { dependentId: ObjectId; limit: number },
  ): Promise<readonly DependencyRow[]>
  /** What depends on an instance. */
  listDependents(pipelineId: PipelineId, targetId: ObjectId): Promise<readonly DependencyRow[]>
  /**
   * Instances that ended before an instant (or then, and have a smaller id), the latest first; without those that a deactivation cancelled,
   * and those of which commands are still to be performed.
   */
  listEndedInstances(
    pipelineId: PipelineId,
    page: { before: { endedAt: Instant; id: string }; limit: number },
  ): Promise<readonly InstanceRow[]>
  /** What depends on any of these instances, in no particular order. */
  listDependentsOfAll(pipelineId: PipelineId, targetIds: readonly ObjectId[]): Promise<readonly DependencyRow[]>
  /** What has failed of that on which any of these instances depend, in no particular order. */
  listFailuresOfAll(pipelineId: PipelineId, dependentIds: readonly ObjectId[]): Promise<readonly DependencyRow[]>
  findAttempt(pipelineId: PipelineId, instanceId: ObjectId, number: number): Promise<AttemptRow | undefined>
  listAttempts(pipelineId: PipelineId, instanceId: ObjectId): Promise<readonly AttemptRow[]>
  /**
   * What a runner of this worker group gets next. Pipelines take turns: it is of the one whose id follows `afterPipelineId`, or of the
   * first one after the last. Within a pipeline it is the attempt that has waited longest; of several, the one with the earliest interval.
   */
  nextQueuedAttempt(workerGroup: string, afterPipelineId: string): Promise<AttemptRow | undefined>
  /** The attempts of this worker group that are RUNNING, those that began first before the others. */
  listRunningAttempts(workerGroup: string, limit: number): Promise<readonly AttemptRow[]>
  /** When the next timer is due. */
  nextTimerAt(): Promise<Instant | undefined>
  /** Timers due at `now`, earliest first. */
  listDueTimers(now: Instant, limit: number): Promise<readonly TimerRow[]>
  /** The timers of one subject, in the order of their kinds. */
  listTimers(pipelineId: PipelineId, subjectId: ObjectId): Promise<readonly TimerRow[]>
  /** Commands that have not been performed, in their order, after `afterSequence`. */
  listOutbox(afterSequence: number, limit: number): Promise<readonly OutboxRow[]>
  listNotifications(pipelineId: PipelineId, limit: number): Promise<readonly NotificationRow[]>
  /** The notifications about an instance that could not be delivered, the latest first. */
  listUndeliveredNotifications(
    pipelineId: PipelineId,
    selection: { instanceId: ObjectId; limit: number },
  ): Promise<readonly NotificationRow[]>
}

/** Writes; each is one statement for all its rows. They exist only inside a transaction. */
export type Writes = {
  insertPipeline(row: PipelineRow): Promise<void>
  updatePipeline(row: PipelineRow): Promise<void>
  insertDefinition(row: DefinitionRow): Promise<void>
  updateDefinition(row: DefinitionRow): Promise<void>
  /** Inserts, or replaces what is there. */
  saveComponents(rows: readonly ComponentRow[]): Promise<void>
  /** Inserts, or replaces what changes of an instance: not its name, component, occurrence and start. */
  saveInstances(rows: readonly InstanceRow[]): Promise<void>
  insertDependencies(rows: readonly DependencyRow[]): Promise<void>
  /** Sets what `dependentId` knows of `targetId`, for every kind but `runsOn`. */
  updateDependencies(
    rows: readonly { pipelineId: PipelineId; dependentId: ObjectId; targetId: ObjectId; state: DependencyState }[],
  ): Promise<void>
  /** Inserts, or replaces what is there but for the reported fields. */
  saveAttempts(rows: readonly Omit<AttemptRow, 'fields'>[]): Promise<void>
  updateAttemptFields(row: Pick<AttemptRow, 'pipelineId' | 'instanceId' | 'fields'> & { number: number }): Promise<void>
  /** Sets timers; one of the same pipeline, subject and kind is replaced. */
  saveTimers(rows: readonly TimerRow[]): Promise<void>
  deleteTimers(rows: readonly Pick<TimerRow, 'pipelineId' | 'subjectId' | 'kind'>[]): Promise<void>
  /** Deletes every timer of these subjects. */
  deleteTimersOf(rows: readonly Pick<TimerRow, 'pipelineId' | 'subjectId'>[]): Promise<void>
  insertOutbox(rows: readonly { pipelineId: PipelineId; instanceId: ObjectId; command: OutboxCommand }[]): Promise<void>
  /** Sets how often a command has failed. */
  updateOutboxFailures(sequence: number, failures: number): Promise<void>
  deleteOutbox(sequence: number): Promise<void>
  insertNotification(row: Omit<NotificationRow, 'sequence'>): Promise<void>
  /**
   * Removes up to `limit` rows of a pipeline, of everything but its own row and its commands, which are still to be performed: machines
   * must go. Says whether there may be more.
   */
  deletePipelineContents(pipelineId: PipelineId, limit: number): Promise<'more' | 'nothing'>
  deletePipeline(id: PipelineId): Promise<void>
  /** Removes instances with their attempts, what they depend on, and notifications about them. */
  removeInstances(pipelineId: PipelineId, ids: readonly ObjectId[]): Promise<void>
  /** Removes the definitions with a version < `below`, but for `except`, from which no instance was made that is there. */
  removeUnusedDefinitions(
    pipelineId: PipelineId,
    versions: { below: number; except: number | undefined },
  ): Promise<void>
}

/** Reads and writes that become durable together, or not at all. Its reads see its own writes. */
export type Transaction = Reads &
  Writes & {
    /** Runs `work`; if it rejects, what it wrote is undone and the rejection passed on, and the transaction goes on. */
    savepoint<T>(work: () => Promise<T>): Promise<T>
  }

/**
 * A database. The transactions of a process take turns, in the order in which they were asked for; reads outside them may overlap.
 * A read outside may have to wait for the running transaction, so no transaction may wait for one.
 */
export type Store = {
  readonly reads: Reads
  /** Commits when `work` resolves: then what it wrote is durable. Rolls back when it rejects. */
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>
  /** Closes the database; no transaction may be running. May be called twice. */
  close(): Promise<void>
}
