import { assertNever } from '../assert-never.ts'
import type { Field, ObjectId } from '../definition/pipeline-object.ts'
import type { Instant } from '../instant.ts'
import type { TimerKind } from './event.ts'
import {
  type Attempt,
  type CancelCause,
  type Checking,
  type Instance,
  type Outcome,
  type Running,
  type Status,
  statusOf,
  type Up,
} from './instance.ts'
import type { RunPolicy } from './run-policy.ts'
import { leaseEndOf, unmet } from './task.ts'

/**
 * Why an instance is where it is: what holds it up, what holds that up, and so on. The first node is the one asked about. What several
 * wait for has one node; what a node waits for and has no node here has not been looked into.
 *
 * @source ours: differences#why
 */
export type Why = { readonly nodes: readonly WhyNode[] }

/** What holds up one instance, which may not have come to be yet. */
export type WhyNode = {
  readonly id: ObjectId
  /** Absent while the instance does not exist. */
  readonly status?: Status | undefined
  /** Since when it is so, where that is known. */
  readonly since?: Instant | undefined
  readonly cause: Cause
  /** The instances that it waits for, what has failed first; at most {@link waitsForMax}. */
  readonly waitsFor: readonly ObjectId[]
  /** How many more it waits for. */
  readonly moreCount?: number | undefined
}

/** The most instances that a node names as what it waits for. */
export const waitsForMax = 10

/** What is kept of a message of a task, in UTF-16 units: enough to see what went wrong. The whole message is in a field of its own. */
const messageLengthMax = 300

/** What holds up an instance. */
export type Cause =
  /** Instances that have not finished. With failed ones among them, and unless it cascades, it waits until those are rerun. */
  | { readonly kind: 'dependencies'; readonly openCount: number; readonly failedCount: number }
  /** A resource that is made when the first activity on it is due. */
  | { readonly kind: 'noDueActivity'; readonly activityCount: number }
  | { readonly kind: 'pausedComponent'; readonly componentId: ObjectId }
  /** A task that no runner has taken. */
  | ({ readonly kind: 'taskRunner' } & Runners)
  /** A task that only the runner of its resource may take. */
  | { readonly kind: 'resource'; readonly runningCount: number }
  | {
      readonly kind: 'retry'
      readonly retryAt: Instant
      readonly triesLeft: number
      readonly errorMessage?: string | undefined
    }
  | {
      readonly kind: 'running'
      readonly hostname?: string | undefined
      readonly attemptNumber: number
      readonly handedOutAt: Instant
      /** Absent until the runner has reported for the first time. */
      readonly reportedAt?: Instant | undefined
      /** What the runner last said of its progress. */
      readonly progress?: string | undefined
      /** When the runner is given up, unless it reports. */
      readonly leaseEndsAt: Instant
      readonly timeoutAt?: Instant | undefined
      /** Why the runner is being told to stop. */
      readonly stop?: 'canceled' | 'attemptTimedOut' | undefined
    }
  /** A precondition that does not hold yet. */
  | {
      readonly kind: 'precondition'
      readonly checkCount: number
      readonly checkedAt?: Instant | undefined
      readonly result?: string | undefined
      readonly nextCheckAt?: Instant | undefined
      readonly timeoutAt?: Instant | undefined
    }
  | { readonly kind: 'machineStarting'; readonly timeoutAt?: Instant | undefined }
  | {
      readonly kind: 'machineUp'
      readonly resourceId: string
      readonly activityCount: number
      readonly timeoutAt?: Instant | undefined
    }
  | { readonly kind: 'machineStopping' }
  | { readonly kind: 'finished' }
  | { readonly kind: 'failed'; readonly errorId?: string | undefined; readonly errorMessage?: string | undefined }
  | { readonly kind: 'canceled'; readonly by: CancelCause; readonly errorMessage?: string | undefined }
  | { readonly kind: 'cascadeFailed' }
  /** Its interval lies before the time from which the pipeline was activated. */
  | { readonly kind: 'skipped' }
  | Unborn

/** Why an instance has not come to be. */
export type Unborn =
  /** Its time has not come. */
  | { readonly kind: 'notDue'; readonly dueAt: Instant }
  /** It is due, and its turn comes in a moment. */
  | { readonly kind: 'beingMade'; readonly dueAt: Instant }
  /** The component has as many active instances as it may have. */
  | {
      readonly kind: 'maxActiveInstances'
      readonly componentId: ObjectId
      readonly max: number
      readonly activeCount: number
    }
  /** The pipeline makes no instances. */
  | { readonly kind: 'pipelineState'; readonly state: string }
  /** It comes with an activation of the pipeline. */
  | { readonly kind: 'onDemand' }
  /** The schedule has no such interval. */
  | { readonly kind: 'noOccurrence'; readonly componentId: ObjectId }
  /** It is not there although its turn has been: its component is younger than the interval, or it has been removed. */
  | { readonly kind: 'passed' }

/** What is known of those who work for a worker group. */
export type Runners = {
  readonly workerGroup: string
  /** Whether somebody asks for tasks, everybody is at work, or nobody is there. */
  readonly runners: 'polling' | 'busy' | 'absent'
  /** The latest poll that the service remembers. */
  readonly polledAt?: Instant | undefined
  readonly polledBy?: string | undefined
  /** How far back the service remembers polls. */
  readonly watchedSince: Instant
  /** Tasks of the group that run. */
  readonly runningCount: number
  readonly hostnames: readonly string[]
}

/** An instance, and what has to be known beyond it in its state; see {@link factsNeeded}. */
export type WhyFacts = {
  readonly instance: Instance
  readonly policy: RunPolicy
  /** What it waits for, the first ones. */
  readonly unmet: readonly ObjectId[]
  /** For a resource: the open instances that are to run on it, the first ones. */
  readonly users: readonly ObjectId[]
  /** The resource instance that it runs on. */
  readonly machine: ObjectId | undefined
  /** Its latest attempt, with what the runner reported of it, and since when that has been offered. */
  readonly attempt:
    | { readonly attempt: Attempt; readonly queuedAt: Instant; readonly fields: readonly Field[] }
    | undefined
  readonly runners: Runners | undefined
  readonly timers: ReadonlyMap<string, Instant>
}

/** What has to be looked up to say what holds up an instance in this state. */
export function factsNeeded({
  kind,
  state,
}: Instance): ReadonlySet<'unmet' | 'users' | 'attempt' | 'runners' | 'timers'> {
  switch (state.kind) {
    case 'waiting':
      return new Set(kind === 'resource' ? (['users'] as const) : (['unmet'] as const))
    case 'queued':
      return new Set(['attempt', 'runners'] as const)
    case 'paused':
      return new Set(['attempt'] as const)
    case 'retrying':
    case 'running':
      return new Set(['attempt', 'timers'] as const)
    case 'checking':
    case 'creating':
    case 'up':
      return new Set(['timers'] as const)
    case 'held':
    case 'shuttingDown':
    case 'ended':
      return new Set()
    default:
      return assertNever(state)
  }
}

/** What holds up an instance that exists. */
export function whyOf(facts: WhyFacts): WhyNode {
  const { id } = facts.instance
  const { cause, since, waitsFor = [], count = waitsFor.length } = explain(facts)
  const shown = waitsFor.slice(0, waitsForMax)
  const moreCount = Math.max(count, waitsFor.length) - shown.length
  return {
    id,
    status: statusOf(facts.instance),
    since,
    cause,
    waitsFor: shown,
    moreCount: moreCount > 0 ? moreCount : undefined,
  }
}

type Explanation = {
  readonly cause: Cause
  readonly since: Instant | undefined
  readonly waitsFor?: readonly ObjectId[]
  /** How many it waits for in all, if more than `waitsFor` names. */
  readonly count?: number
}

function explain(facts: WhyFacts): Explanation {
  const { instance, attempt } = facts
  const { state } = instance
  switch (state.kind) {
    case 'waiting':
      return explainWaiting(facts)
    case 'held':
      return { cause: { kind: 'pausedComponent', componentId: instance.componentId }, since: undefined }
    case 'paused':
      return { cause: { kind: 'pausedComponent', componentId: instance.componentId }, since: attempt?.queuedAt }
    case 'queued':
      return explainQueued(facts)
    case 'retrying':
      return explainRetry(facts, state.retryAt)
    case 'running':
      return { cause: runningCause(state, facts), since: state.attempt.startedAt }
    case 'checking':
      return { cause: preconditionCause(state, facts), since: state.attempt.startedAt }
    case 'creating':
      return {
        cause: { kind: 'machineStarting', timeoutAt: timerOf(facts, 'startTimedOut') },
        since: state.attempt.startedAt,
      }
    case 'up':
      return { cause: machineCause(state, facts), since: state.attempt.startedAt }
    case 'shuttingDown':
      return { cause: { kind: 'machineStopping' }, since: undefined }
    case 'ended':
      return { ...explainEnd(facts, state), since: state.endedAt }
    default:
      return assertNever(state)
  }
}

function explainWaiting({ instance, unmet: waitsFor, users }: WhyFacts): Explanation {
  // What has been tried before has been set back since: when, nobody has noted.
  const since = instance.attemptCount > 0 ? undefined : waitingSince(instance)
  if (instance.kind === 'resource') {
    const { openUsers } = instance
    return {
      cause: { kind: 'noDueActivity', activityCount: openUsers },
      since,
      waitsFor: users,
      count: openUsers,
    }
  }
  const { openDependencies: openCount, failedDependencies: failedCount } = instance
  return { cause: { kind: 'dependencies', openCount, failedCount }, since, waitsFor, count: openCount }
}

const waitingSince = ({ isRerun, startedAt }: Instance): Instant | undefined =>
  isRerun === true ? undefined : startedAt

function explainQueued({ machine, attempt, runners }: WhyFacts): Explanation {
  const since = attempt?.queuedAt
  if (machine !== undefined) {
    return { cause: { kind: 'resource', runningCount: runners?.runningCount ?? 0 }, since, waitsFor: [machine] }
  }
  if (runners === undefined) return { cause: { kind: 'resource', runningCount: 0 }, since }
  return { cause: { kind: 'taskRunner', ...runners }, since }
}

/** What is tried again has failed; or it is a precondition that did not hold yet, which is no failure. */
function explainRetry(facts: WhyFacts, retryAt: Instant): Explanation {
  const { instance, policy, attempt } = facts
  const { error, endedAt: since } = attempt?.attempt ?? {}
  if (error?.id === unmet.id) {
    const cause: Cause = {
      kind: 'precondition',
      checkCount: instance.attemptCount,
      checkedAt: since,
      result: brief(error.message),
      nextCheckAt: retryAt,
      timeoutAt: timerOf(facts, 'preconditionTimedOut'),
    }
    // It has not held since it came to be, and not only since the latest check.
    return { cause, since: waitingSince(instance) }
  }
  const triesLeft = Math.max(0, policy.retriesMax - instance.triesFailed)
  return { cause: { kind: 'retry', retryAt, triesLeft, errorMessage: brief(error?.message) }, since }
}

function runningCause(state: Running, facts: WhyFacts): Cause {
  const said = facts.attempt?.fields.findLast(({ key }) => key === 'attemptStatus')?.value
  return {
    kind: 'running',
    hostname: state.attempt.hostname,
    attemptNumber: state.attempt.number,
    handedOutAt: state.handedOutAt,
    reportedAt: state.reportedAt,
    progress: brief(said?.kind === 'string' ? said.text : undefined),
    leaseEndsAt: leaseEndOf(state, facts.policy),
    timeoutAt: timerOf(facts, 'attemptTimedOut'),
    stop: state.stop?.kind,
  }
}

const preconditionCause = (state: Checking, facts: WhyFacts): Cause => ({
  kind: 'precondition',
  checkCount: state.checkCount,
  checkedAt: state.checkedAt,
  result: brief(state.message),
  nextCheckAt: timerOf(facts, 'recheckDue'),
  timeoutAt: timerOf(facts, 'preconditionTimedOut'),
})

const machineCause = ({ resourceId }: Up, facts: WhyFacts): Cause => ({
  kind: 'machineUp',
  resourceId,
  activityCount: facts.instance.kind === 'resource' ? facts.instance.openUsers : 0,
  timeoutAt: timerOf(facts, 'lifetimeOver'),
})

const timerOf = ({ timers }: WhyFacts, kind: TimerKind): Instant | undefined => timers.get(kind)

function explainEnd({ instance, machine }: WhyFacts, outcome: Outcome): Omit<Explanation, 'since'> {
  const { status, error, canceledBy, cascadeFailedOn } = outcome
  switch (status) {
    case 'FINISHED':
      return { cause: { kind: 'finished' } }
    case 'SKIPPED':
      return { cause: { kind: 'skipped' } }
    case 'CASCADE_FAILED':
      return { cause: { kind: 'cascadeFailed' }, waitsFor: listOf(cascadeFailedOn) }
    case 'FAILED':
    case 'TIMEDOUT':
      return { cause: { kind: 'failed', errorId: error?.id, errorMessage: brief(error?.message) } }
    case 'CANCELED': {
      const by = canceledBy ?? 'user'
      // The failure that took it along: that of its machine, or that of what it guards.
      const origin = by === 'resource' ? machine : by === 'cascade' ? instance.nodeId : undefined
      return { cause: { kind: 'canceled', by, errorMessage: brief(error?.message) }, waitsFor: listOf(origin) }
    }
    default:
      return assertNever(status)
  }
}

const listOf = (id: ObjectId | undefined): readonly ObjectId[] => (id === undefined ? [] : [id])

const brief = (message: string | undefined): string | undefined =>
  message !== undefined && message.length > messageLengthMax ? `${message.slice(0, messageLengthMax)}…` : message

/** The instances that are to be looked into next, so that there are at most `nodesMax` nodes: those nearest to the first one. */
export function nextOf(nodes: readonly WhyNode[], nodesMax: number): readonly ObjectId[] {
  const known = new Set(nodes.map(({ id }) => id))
  const found = new Set(nodes.flatMap(({ waitsFor }) => waitsFor.filter((id) => !known.has(id))))
  return [...found].slice(0, Math.max(0, nodesMax - nodes.length))
}
