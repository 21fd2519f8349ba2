import { assertNever } from '../src/core/assert-never.ts'
import { objectId } from '../src/core/definition/pipeline-object.ts'
import { instant, plusMs } from '../src/core/instant.ts'
import { advance } from '../src/core/lifecycle/advance.ts'
import type { Command, Event, Signal, Subject, TimerKind, Transition } from '../src/core/lifecycle/event.ts'
import type { Attempt, Ended, Instance, Outcome } from '../src/core/lifecycle/instance.ts'
import type { RunPolicy } from '../src/core/lifecycle/run-policy.ts'

/** The time at which every transition of a test happens: half an hour into the interval of every instance. */
export const testNow = instant(Date.UTC(2026, 0, 1, 0, 30))

const start = instant(Date.UTC(2026, 0, 1))

const retryDelayMs = 600_000

/** A policy in which nothing is said but the defaults. */
export const policyOf = (said: Partial<RunPolicy> = {}): RunPolicy => ({
  retriesMax: 2,
  retryDelayMs,
  recheckDelayMs: 10_000,
  attemptTimeout: undefined,
  reportProgressTimeout: undefined,
  lateAfterTimeout: undefined,
  preconditionTimeout: undefined,
  initTimeout: { count: 30, unit: 'minute' },
  terminateAfter: undefined,
  failureAndRerunMode: 'none',
  actionOnTaskFailure: 'continue',
  actionOnResourceFailure: 'retryAll',
  onSuccess: [],
  onFail: [],
  onLateAction: [],
  ...said,
})

/** The attempt that instances of tests are at. */
export const attemptOf = (said: Partial<Attempt> = {}): Attempt => ({
  number: 1,
  status: 'RUNNING',
  startedAt: start,
  endedAt: undefined,
  handOuts: 1,
  hostname: 'host',
  error: undefined,
  ...said,
})

/** The end of an instance that failed, unless something else is said. */
export const ended = (said: Partial<Outcome> = {}): Ended => ({
  kind: 'ended',
  endedAt: start,
  status: 'FAILED',
  error: undefined,
  canceledBy: undefined,
  cascadeFailedOn: undefined,
  ...said,
})

const common = {
  id: objectId('@X_2026-01-01T00:00:00'),
  componentId: objectId('X'),
  version: 1,
  occurrence: { start, end: plusMs(start, 3_600_000) },
  nodeId: undefined,
  startedAt: start,
  openDependencies: 0,
  failedDependencies: 0,
  attemptCount: 1,
  triesFailed: 0,
} as const

type KindOf<K extends Instance['kind']> = Extract<Instance, { kind: K }>

type Said<K extends Instance['kind']> = Partial<Omit<KindOf<K>, 'kind' | 'state'>>

/** One instance of each kind in the state given; a task, for instance, by `instances.task({ kind: 'waiting' })`. */
export const instances = {
  task: (state: KindOf<'task'>['state'], said: Said<'task'> = {}): Instance => ({
    ...common,
    kind: 'task',
    state,
    ...said,
  }),
  dataNode: (state: KindOf<'dataNode'>['state'], said: Said<'dataNode'> = {}): Instance => ({
    ...common,
    kind: 'dataNode',
    state,
    attemptCount: 0,
    ...said,
  }),
  check: (state: KindOf<'check'>['state'], said: Said<'check'> = {}): Instance => ({
    ...common,
    kind: 'check',
    state,
    ...said,
  }),
  resource: (state: KindOf<'resource'>['state'], said: Said<'resource'> = {}): Instance => ({
    ...common,
    kind: 'resource',
    state,
    openUsers: 1,
    dueUsers: 1,
    ...said,
  }),
}

/** One event of each kind. */
export const events: {
  readonly [K in Event['kind']]: K extends TimerKind ? { kind: K } : Extract<Event, { kind: K }>
} = {
  created: { kind: 'created' },
  skip: { kind: 'skip' },
  dependency: { kind: 'dependency', source: objectId('@S_2026-01-01T00:00:00'), from: 'open', to: 'failed' },
  handOut: { kind: 'handOut', taskId: 'new', hostname: 'host' },
  unrunnable: { kind: 'unrunnable', error: { id: 'Service_Test', message: 'cannot', stackTrace: undefined } },
  report: { kind: 'report' },
  result: { kind: 'result', status: 'FINISHED', error: undefined },
  checked: { kind: 'checked', result: { kind: 'met' } },
  cancel: { kind: 'cancel', by: 'user' },
  rerun: { kind: 'rerun', by: 'user' },
  markFinished: { kind: 'markFinished' },
  pause: { kind: 'pause' },
  resume: { kind: 'resume' },
  reactivate: { kind: 'reactivate' },
  runnerLost: { kind: 'runnerLost' },
  resourceEnded: { kind: 'resourceEnded', error: { id: 'Service_Test', message: 'gone', stackTrace: undefined } },
  userBorn: { kind: 'userBorn' },
  userDue: { kind: 'userDue' },
  userDone: { kind: 'userDone', wasDue: true, hasFailed: false },
  userReopened: { kind: 'userReopened', by: 'rerun' },
  unneeded: { kind: 'unneeded' },
  machineUp: { kind: 'machineUp', machineNumber: 11, resourceId: 'i-1' },
  machineFailed: { kind: 'machineFailed', machineNumber: 11, message: 'no capacity' },
  machineLost: { kind: 'machineLost', machineNumber: 11, message: 'gone' },
  machineGone: { kind: 'machineGone', machineNumber: 11 },
  retryDue: { kind: 'retryDue' },
  recheckDue: { kind: 'recheckDue' },
  leaseExpired: { kind: 'leaseExpired' },
  attemptTimedOut: { kind: 'attemptTimedOut' },
  late: { kind: 'late' },
  preconditionTimedOut: { kind: 'preconditionTimedOut' },
  startTimedOut: { kind: 'startTimedOut' },
  lifetimeOver: { kind: 'lifetimeOver' },
}

/** What happens to an instance when an event meets it. */
export const step = (
  instance: Instance,
  event: Event,
  { policy = policyOf(), isPaused = false }: Partial<Subject> = {},
): Transition => advance({ instance, policy, isPaused }, event, testNow)

/**
 * A transition in one line: the state afterwards, then the commands, then the signals, such as
 * `running | attempt 1 RUNNING, set leaseExpired in 120 s |`. The word `same` stands for a state that has not changed.
 */
export function line(before: Instance, { next, commands, signals }: Transition): string {
  const state = next.state === before.state ? 'same' : stateWord(next)
  return [state, commands.map(commandWord).join(', '), signals.map(signalWord).join(', ')].join(' | ').trim()
}

function stateWord({ state }: Instance): string {
  if (state.kind === 'ended') {
    const by = state.canceledBy === undefined ? '' : ` by ${state.canceledBy}`
    const error = state.error === undefined ? '' : ` (${state.error.id})`
    return `${state.status}${by}${error}`
  }
  if (state.kind === 'running' && state.stop !== undefined) return `running to stop: ${state.stop.kind}`
  if (state.kind === 'creating') return `creating ${state.machineNumber}`
  if (state.kind === 'shuttingDown') return `shuttingDown ${state.machineNumber} to ${state.outcome.status}`
  return state.kind
}

function commandWord(command: Command): string {
  switch (command.kind) {
    case 'setTimer':
      return `set ${command.timer} in ${(command.at - testNow) / 1000} s`
    case 'clearTimer':
      return `clear ${command.timer}`
    case 'recordAttempt': {
      const { number, status, error } = command.attempt
      return `attempt ${number} ${status}${error === undefined ? '' : ` (${error.id})`}`
    }
    case 'createMachine':
    case 'terminateMachine':
      return `${command.kind} ${command.machineNumber}`
    case 'act':
      return `act ${command.action} on ${command.cause}`
    case 'clearAllTimers':
    case 'check':
      return command.kind
    default:
      return assertNever(command)
  }
}

function signalWord(signal: Signal): string {
  switch (signal.kind) {
    case 'dependents':
      return `dependents ${signal.to}`
    case 'idle':
      return 'idle'
    case 'resource':
    case 'users':
    case 'preconditions': {
      const { kind, ...details } = signal.event
      const words = Object.values(details).map((value) => (typeof value === 'object' ? value.id : String(value)))
      return [signal.kind, kind, ...words].join(' ')
    }
    default:
      return assertNever(signal)
  }
}
