import type { PipelineObject } from '../core/definition/pipeline-object.ts'
import { type Instant, parseInstant } from '../core/instant.ts'

/** An instance as commands show it. */
export type InstanceView = {
  readonly id: string
  readonly name: string
  readonly componentId: string
  readonly type: string
  readonly status: string
  readonly scheduledStart: Instant | undefined
  readonly actualStart: Instant | undefined
  readonly actualEnd: Instant | undefined
  readonly attemptCount: number
  /** The instances that it waits for. */
  readonly waitingOn: readonly string[]
  /** The instances that run on it, for a resource. */
  readonly users: readonly string[]
  readonly errorMessage: string | undefined
  /** What it is doing about a failure or a precondition that does not hold. */
  readonly note: string | undefined
}

const ENDED = new Set(['FINISHED', 'FAILED', 'CANCELED', 'CASCADE_FAILED', 'TIMEDOUT', 'SKIPPED'])

/** The words of an instance that has not ended. */
export const OPEN_STATUSES = [
  'WAITING_ON_DEPENDENCIES',
  'PAUSED',
  'WAITING_FOR_RUNNER',
  'CREATING',
  'RUNNING',
  'SHUTTING_DOWN',
] as const

const SUCCESSFUL = new Set(['FINISHED', 'SKIPPED'])

export const hasEnded = ({ status }: InstanceView): boolean => ENDED.has(status)

export const hasFailed = (instance: InstanceView): boolean => hasEnded(instance) && !SUCCESSFUL.has(instance.status)

/** Reads an instance from the answer of DescribeObjects. */
export function toInstanceView(object: PipelineObject): InstanceView {
  const texts = (key: string): readonly string[] =>
    object.fields
      .filter((field) => field.key === key)
      .map(({ value }) => (value.kind === 'string' ? value.text : value.target))
  const text = (key: string): string | undefined => texts(key)[0]
  const time = (key: string): Instant | undefined => parseInstant(text(key) ?? '')
  const type = text('type') ?? ''
  const isResource = type === 'Ec2Resource' || type === 'EmrCluster'
  return {
    id: object.id,
    name: object.name,
    componentId: text('@componentParent') ?? '',
    type,
    status: text('@status') ?? '',
    scheduledStart: time('@scheduledStartTime'),
    actualStart: time('@actualStartTime'),
    actualEnd: time('@actualEndTime'),
    attemptCount: Number(text('@attemptCount') ?? 0),
    waitingOn: texts('@waitingOn'),
    users: isResource ? texts('input') : [],
    errorMessage: text('errorMessage'),
    note: text('attemptStatus'),
  }
}

/** By scheduled start, then by id: the order in which a reader expects a run. */
export function compareInstances(left: InstanceView, right: InstanceView): number {
  const byStart = (left.scheduledStart ?? 0) - (right.scheduledStart ?? 0)
  if (byStart !== 0) return byStart
  return left.id < right.id ? -1 : 1
}
