import type { Definition, Field, ObjectId } from '../core/definition/pipeline-object.ts'
import type { Instant } from '../core/instant.ts'
import type { ComponentAccount, Health } from '../core/lifecycle/accounting.ts'
import type { LinkKind } from '../core/lifecycle/component.ts'
import type { Command, DependencyState, TimerKind } from '../core/lifecycle/event.ts'
import type { Attempt, Instance } from '../core/lifecycle/instance.ts'
import type { PipelineLife, PipelineTimerKind } from '../core/lifecycle/pipeline.ts'

/** The id of a pipeline: `df-` and 20 capitals and digits. */
export type PipelineId = string & { readonly brand: 'PipelineId' }

/** Wraps text as the id of a pipeline. */
export const pipelineId = (text: string): PipelineId => text as PipelineId

export type Tag = { readonly key: string; readonly value: string }

export type PipelineRow = PipelineLife & {
  readonly id: PipelineId
  readonly name: string
  readonly uniqueId: string
  readonly description: string | undefined
  readonly userId: string
  readonly accountId: string
  readonly tags: readonly Tag[]
  readonly createdAt: Instant
  /** 0 while no definition has been put. */
  readonly latestVersion: number
  readonly activeVersion: number | undefined
  readonly firstActivatedAt: Instant | undefined
  /** Occurrences that start earlier are skipped. */
  readonly startAt: Instant | undefined
  /** The time of the latest activation of an on-demand pipeline: its latest occurrence. */
  readonly latestOnDemandAt: Instant | undefined
  /** Instances that have not ended. */
  readonly openInstances: number
  readonly health: Health | undefined
  readonly healthUpdatedAt: Instant | undefined
  /** The scheduled start of the latest run that has begun. */
  readonly latestRunAt: Instant | undefined
}

export type DefinitionRow = {
  readonly pipelineId: PipelineId
  readonly version: number
  readonly definition: Definition
  /** Whether validation found no error. */
  readonly isValid: boolean
}

/** What is known of a component of an active pipeline beyond its definition. */
export type ComponentRow = ComponentAccount & {
  readonly pipelineId: PipelineId
  readonly id: ObjectId
  readonly isPaused: boolean
  /** The index of the next occurrence to make an instance of. */
  readonly nextIndex: number
}

export type InstanceRow = {
  readonly pipelineId: PipelineId
  readonly name: string
  readonly instance: Instance
}

export type DependencyRow = {
  readonly pipelineId: PipelineId
  readonly dependentId: ObjectId
  /** May name an instance that does not exist yet. */
  readonly targetId: ObjectId
  readonly kind: LinkKind
  /** Always `open` for `runsOn`, which is nothing to wait for. */
  readonly state: DependencyState
}

export type AttemptRow = {
  readonly pipelineId: PipelineId
  readonly instanceId: ObjectId
  readonly componentId: ObjectId
  /** The scheduled interval of its instance. */
  readonly scheduledStart: Instant
  readonly scheduledEnd: Instant
  /** Who may take it; absent for attempts that no task runner takes. */
  readonly workerGroup: string | undefined
  /** Orders the queue of a worker group: the oldest first. */
  readonly queuedAt: Instant
  readonly attempt: Attempt
  /** What the task runner reported beside its progress. */
  readonly fields: readonly Field[]
}

/** The pipeline of timers that concern all of them. */
export const noPipeline = pipelineId('')

/** A timer of the service as a whole: `expire` removes runs that ended long ago. */
export type ServiceTimerKind = 'expire'

export type TimerRow = {
  readonly pipelineId: PipelineId
  /** The instance; for a timer of the pipeline the place from which it goes on, the empty string at first. */
  readonly subjectId: ObjectId
  readonly kind: TimerKind | PipelineTimerKind | ServiceTimerKind
  readonly dueAt: Instant
}

/** A command that is performed outside the transaction that decided it. */
export type OutboxCommand = Extract<Command, { kind: 'check' | 'createMachine' | 'terminateMachine' | 'act' }>

export type OutboxRow = {
  /** Rises with each command. */
  readonly sequence: number
  readonly pipelineId: PipelineId
  readonly instanceId: ObjectId
  readonly command: OutboxCommand
  /** How often it has failed. */
  readonly failures: number
}

/** A message of an SnsAlarm, sent or given up. */
export type NotificationRow = {
  readonly sequence: number
  readonly pipelineId: PipelineId
  readonly instanceId: ObjectId
  readonly topicArn: string
  readonly subject: string
  readonly message: string
  /** When it was sent, or tried for the last time. */
  readonly sentAt: Instant
  /** Why it could not be delivered. */
  readonly error: string | undefined
}
