import { objectId } from '../../src/core/definition/pipeline-object.ts'
import { type Instant, instant } from '../../src/core/instant.ts'
import type { Attempt, Ended, Instance, Outcome, Running, TaskInstance } from '../../src/core/lifecycle/instance.ts'
import type { AttemptRow, ComponentRow, InstanceRow, PipelineId, PipelineRow } from '../../src/store/rows.ts'
import type { ObjectFilter, TimeFilter } from '../../src/store/store.ts'

/** The pipeline of a test that is not about several. */
export const PIPELINE = 'df-00000000000000000001' as PipelineId

/** Another one, whose rows are nobody's business. */
export const OTHER_PIPELINE = 'df-00000000000000000002' as PipelineId

/** The instant `minutes` after 2026-01-01T00:00:00Z. */
export const at = (minutes: number): Instant => instant(Date.UTC(2026, 0, 1, 0, minutes))

export const pipelineRow = (change: Partial<PipelineRow> = {}): PipelineRow => ({
  id: PIPELINE,
  name: 'weblogs',
  uniqueId: 'weblogs-1',
  description: undefined,
  userId: 'user',
  accountId: 'account',
  tags: [],
  state: 'PENDING',
  createdAt: at(0),
  latestVersion: 0,
  activeVersion: undefined,
  firstActivatedAt: undefined,
  lastActivatedAt: undefined,
  lastDeactivatedAt: undefined,
  deletionRequestedAt: undefined,
  finishedAt: undefined,
  startAt: undefined,
  latestOnDemandAt: undefined,
  openInstances: 0,
  health: undefined,
  healthUpdatedAt: undefined,
  latestRunAt: undefined,
  nextRunAt: undefined,
  ...change,
})

export const componentRow = (id: string, change: Partial<ComponentRow> = {}): ComponentRow => ({
  pipelineId: PIPELINE,
  id: objectId(id),
  isPaused: false,
  nextIndex: 0,
  activeInstances: 0,
  health: undefined,
  healthInstanceId: undefined,
  healthUpdatedAt: undefined,
  latestRunAt: undefined,
  latestCompletedRunAt: undefined,
  ...change,
})

/** An instance of the component `Copy` that came to be when its interval began. */
export function task(id: string, change: Partial<Omit<TaskInstance, 'id' | 'kind'>> = {}): TaskInstance {
  const occurrence = change.occurrence ?? { start: at(0), end: at(60) }
  return {
    kind: 'task',
    id: objectId(id),
    componentId: objectId('Copy'),
    version: 1,
    occurrence,
    nodeId: undefined,
    startedAt: occurrence.start,
    openDependencies: 0,
    failedDependencies: 0,
    attemptCount: 0,
    triesFailed: 0,
    state: { kind: 'waiting' },
    ...change,
  }
}

/** An instance named like its id. */
export const instanceRow = (instance: Instance, pipelineId: PipelineId = PIPELINE): InstanceRow => ({
  pipelineId,
  name: instance.id,
  instance,
})

export const attempt = (number: number, change: Partial<Attempt> = {}): Attempt => ({
  number,
  status: 'WAITING_FOR_RUNNER',
  startedAt: undefined,
  endedAt: undefined,
  handOuts: 0,
  hostname: undefined,
  error: undefined,
  ...change,
})

/** An attempt that is offered to the worker group `copiers`. */
export const attemptRow = (
  instanceId: string,
  numbered: Attempt,
  change: Partial<Omit<AttemptRow, 'attempt' | 'fields'>> = {},
): Omit<AttemptRow, 'fields'> => ({
  pipelineId: PIPELINE,
  instanceId: objectId(instanceId),
  componentId: objectId('Copy'),
  scheduledStart: at(0),
  scheduledEnd: at(60),
  workerGroup: 'copiers',
  queuedAt: at(0),
  attempt: numbered,
  ...change,
})

export const running = (startedAt: Instant): Running => ({
  kind: 'running',
  attempt: attempt(1, { status: 'RUNNING', startedAt, handOuts: 1, hostname: 'ip-10-0-0-1' }),
  taskId: 'a-task-id',
  handedOutAt: startedAt,
  reportedAt: undefined,
  stop: undefined,
})

export const ended = (endedAt: Instant, outcome: Partial<Outcome> = {}): Ended => ({
  kind: 'ended',
  endedAt,
  status: 'FINISHED',
  error: undefined,
  canceledBy: undefined,
  cascadeFailedOn: undefined,
  ...outcome,
})

const anyTime: TimeFilter = { from: undefined, to: undefined, anyOf: undefined }

/** What a query asks; whatever is not given matches everything. */
export const filter = (
  change: Partial<Omit<ObjectFilter, `${'scheduled' | 'actual'}${'Start' | 'End'}`>> & {
    [Time in `${'scheduled' | 'actual'}${'Start' | 'End'}`]?: Partial<TimeFilter>
  } = {},
): ObjectFilter => ({
  names: change.names,
  statuses: change.statuses,
  componentIds: change.componentIds,
  instanceIds: change.instanceIds,
  scheduledStart: { ...anyTime, ...change.scheduledStart },
  scheduledEnd: { ...anyTime, ...change.scheduledEnd },
  actualStart: { ...anyTime, ...change.actualStart },
  actualEnd: { ...anyTime, ...change.actualEnd },
})
