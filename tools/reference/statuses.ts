import { checkTable } from '../../src/core/lifecycle/check.ts'
import { dataNodeTable } from '../../src/core/lifecycle/data-node.ts'
import type { Event } from '../../src/core/lifecycle/event.ts'
import type { Attempt, EndStatus, Instance, Status } from '../../src/core/lifecycle/instance.ts'
import type { PipelineState } from '../../src/core/lifecycle/pipeline.ts'
import { resourceTable } from '../../src/core/lifecycle/resource.ts'
import { taskTable } from '../../src/core/lifecycle/task.ts'

/** What a status means, who moves it on, and what happens if nobody does. */
type Entry = { readonly meaning: string; readonly movedOnBy: string; readonly otherwise: string }

/** A state of the lifecycle, with the word that clients see. */
type StateEntry = Entry & { readonly status: Status }

const stays = 'It stays.'

/** The states of pipelines, `@pipelineState`. */
export const pipelineStates: Readonly<Record<PipelineState, Entry>> = {
  PENDING: { meaning: 'Has never been activated.', movedOnBy: 'ActivatePipeline', otherwise: stays },
  SCHEDULED: {
    meaning: 'Makes and runs instances.',
    movedOnBy: 'the end of the last instance of the last interval; DeactivatePipeline, DeletePipeline',
    otherwise: 'An instance that waits for ever keeps it here.',
  },
  DEACTIVATING: {
    meaning: 'Makes no instances. What runs is cancelled or waited for.',
    movedOnBy: 'the end of the last instance that is open',
    otherwise: 'What is waited for may take its time; DeactivatePipeline with cancelActive ends it.',
  },
  INACTIVE: {
    meaning: 'Rests. An activation goes on where it stopped.',
    movedOnBy: 'ActivatePipeline, DeletePipeline',
    otherwise: stays,
  },
  FINISHED: {
    meaning: 'All intervals are over.',
    movedOnBy: 'ActivatePipeline, after the schedule has been given a later end; a RERUN',
    otherwise: stays,
  },
  DELETING: {
    meaning: 'What runs is being stopped, machines are being terminated, and what is known of it is removed.',
    movedOnBy: 'the service',
    otherwise: 'A machine that does not go is asked for again until it does.',
  },
  DELETED: {
    meaning:
      'Only its id is remembered; calls are answered with PipelineDeletedException. DescribePipelines never shows this word.',
    movedOnBy: 'time: after 60 days the id is as if it had never been',
    otherwise: stays,
  },
}

/** The statuses of components. */
export const componentStatuses: Readonly<Record<'PENDING' | 'SCHEDULED' | 'PAUSED', Entry>> = {
  PENDING: {
    meaning: 'Its pipeline has never been activated.',
    movedOnBy: 'ActivatePipeline',
    otherwise: stays,
  },
  SCHEDULED: { meaning: 'Its instances run when they are due.', movedOnBy: 'SetStatus PAUSE', otherwise: stays },
  PAUSED: {
    meaning: 'Its instances come to be and wait; none begins. What runs already goes on.',
    movedOnBy: 'SetStatus RESUME',
    otherwise: stays,
  },
}

type OpenState<K extends Instance['kind']> = Exclude<Extract<Instance, { kind: K }>['state']['kind'], 'ended'>

type Machine<K extends Instance['kind']> = Readonly<Record<OpenState<K>, StateEntry>>

const waiting: StateEntry = {
  status: 'WAITING_ON_DEPENDENCIES',
  meaning: 'Something that it depends on has not finished.',
  movedOnBy: 'the end of what it depends on',
  otherwise:
    'It stays: with `failureAndRerunMode` `none` also after a failure, which a RERUN can mend; with `cascade` it becomes CASCADE_FAILED.',
}

const held: StateEntry = {
  status: 'PAUSED',
  meaning: 'Could begin, but its component is paused.',
  movedOnBy: 'SetStatus RESUME on the component',
  otherwise: stays,
}

const retrying: StateEntry = {
  status: 'WAITING_FOR_RUNNER',
  meaning: 'Has failed, and waits for `retryDelay` before the next try.',
  movedOnBy: 'a timer',
  otherwise: 'The timer is durable: a server that was down fires it when it is back.',
}

/** The states in which an instance is open, for each kind of instance. */
export const openStates: { readonly [K in Instance['kind']]: Machine<K> } = {
  task: {
    waiting,
    paused: held,
    queued: {
      status: 'WAITING_FOR_RUNNER',
      meaning: 'Is offered to the task runners of its worker group, or to that of its resource.',
      movedOnBy: 'a task runner that polls',
      otherwise: 'It stays; `lateAfterTimeout` with `onLateAction` tells somebody.',
    },
    running: {
      status: 'RUNNING',
      meaning: 'A task runner has it.',
      movedOnBy: 'the result that the task runner reports',
      otherwise:
        'It is offered again when it is not acknowledged within 2 minutes, or nothing is heard of it for 15 minutes; after `reportProgressTimeout`, where there is one, or `attemptTimeout` the try has failed.',
    },
    retrying,
  },
  dataNode: { waiting, held },
  check: {
    waiting,
    held,
    checking: {
      status: 'RUNNING',
      meaning: 'The service asks again and again whether it holds.',
      movedOnBy: 'a check that finds that it holds',
      otherwise: 'It fails after `preconditionTimeout`; without one it is asked for ever.',
    },
    retrying: {
      ...retrying,
      status: 'RUNNING',
      meaning: 'Could not be checked, and waits for `retryDelay` before the next try.',
    },
  },
  resource: {
    waiting: {
      status: 'WAITING_ON_DEPENDENCIES',
      meaning: 'No activity on it is due yet, so there is no machine.',
      movedOnBy: 'the first activity that is due; it is FINISHED when none can come any more',
      otherwise: 'It stays as long as activities on it wait.',
    },
    held,
    creating: {
      status: 'CREATING',
      meaning: 'Its machine is being made.',
      movedOnBy: 'the provider of machines',
      otherwise: 'After `initTimeout`, 30 minutes where there is none, the try has failed.',
    },
    up: {
      status: 'RUNNING',
      meaning: 'Its machine is up and its task runner works.',
      movedOnBy: 'the end of the last activity on it. A machine that is lost is replaced',
      otherwise: 'After `terminateAfter` it is TIMEDOUT; without one it stays up as long as an activity on it is open.',
    },
    shuttingDown: {
      status: 'SHUTTING_DOWN',
      meaning: 'Its machine is being terminated.',
      movedOnBy: 'the provider of machines',
      otherwise: 'The provider is asked again until the machine is gone.',
    },
    retrying: {
      ...retrying,
      status: 'CREATING',
      meaning: 'No machine could be had; waits for `retryDelay` before the next try.',
    },
  },
}

/** How instances end. */
export const endStatuses: Readonly<Record<EndStatus, Entry>> = {
  FINISHED: {
    meaning: 'The work is done, or somebody has marked it so.',
    movedOnBy: 'SetStatus RERUN',
    otherwise: stays,
  },
  FAILED: {
    meaning: 'All tries have failed, or the first one in a way that no other can mend.',
    movedOnBy: 'SetStatus RERUN or MARK_FINISHED',
    otherwise: 'It stays, and what depends on it waits or has failed with it.',
  },
  CANCELED: {
    meaning:
      'Was called off: by hand, by Terminate, with its resource, with the failure of what it guards, or with its pipeline.',
    movedOnBy:
      'SetStatus RERUN or MARK_FINISHED; the activation of the pipeline with whose deactivation it was cancelled',
    otherwise: stays,
  },
  CASCADE_FAILED: {
    meaning: 'Something that it depends on has failed, and its `failureAndRerunMode` is `cascade`.',
    movedOnBy: 'the RERUN of what has failed',
    otherwise: stays,
  },
  TIMEDOUT: {
    meaning: 'Of a resource: `terminateAfter` has passed. It is not tried again.',
    movedOnBy: 'SetStatus RERUN or MARK_FINISHED',
    otherwise: stays,
  },
  SKIPPED: {
    meaning:
      'Its interval lies before the start timestamp of the activation. What depends on it takes it for finished.',
    movedOnBy: 'SetStatus RERUN or MARK_FINISHED',
    otherwise: stays,
  },
}

/** The statuses of attempts. */
export const attemptStatuses: Readonly<Record<Attempt['status'], Entry>> = {
  WAITING_FOR_RUNNER: {
    meaning: 'Is offered to task runners.',
    movedOnBy: 'a task runner that polls',
    otherwise: stays,
  },
  PAUSED: { meaning: 'Is set aside while its component is paused.', movedOnBy: 'SetStatus RESUME', otherwise: stays },
  CREATING: {
    meaning: 'The machine of this try is being made.',
    movedOnBy: 'the provider of machines',
    otherwise: 'It has failed after `initTimeout`.',
  },
  RUNNING: {
    meaning: 'A task runner works, a precondition is being checked, or the machine is up.',
    movedOnBy: 'as its instance',
    otherwise: 'As its instance.',
  },
  FINISHED: { meaning: 'The try has done its work.', movedOnBy: 'nobody', otherwise: stays },
  FAILED: {
    meaning:
      'The try has failed, with `errorId`, `errorMessage` and `errorStackTrace`; of a precondition also: it did not hold.',
    movedOnBy: 'nobody: the next try is an attempt of its own',
    otherwise: stays,
  },
  CANCELED: { meaning: 'Was called off with its instance.', movedOnBy: 'nobody', otherwise: stays },
  CASCADE_FAILED: {
    meaning: 'Was open when its instance failed with something else.',
    movedOnBy: 'nobody',
    otherwise: stays,
  },
  TIMEDOUT: {
    meaning: 'The machine of this try was terminated after `terminateAfter`.',
    movedOnBy: 'nobody',
    otherwise: stays,
  },
  SKIPPED: { meaning: 'Was open when its instance was passed over.', movedOnBy: 'nobody', otherwise: stays },
}

/** Words of the original that Millrace never shows, and why. */
export const unusedStatuses: Readonly<Record<string, string>> = {
  VALIDATING: 'A definition is validated within the call that puts or activates it.',
  ACTIVATING: 'A resource whose machine is being made is CREATING.',
  MARK_FINISHED: 'What is marked so is FINISHED.',
}

const tables = { task: taskTable, dataNode: dataNodeTable, check: checkTable, resource: resourceTable }

const kindNames: Readonly<Record<Instance['kind'], string>> = {
  task: 'Instances of activities, and of preconditions that a task runner checks',
  dataNode: 'Instances of data nodes',
  check: 'Instances of preconditions that the service checks',
  resource: 'Instances of resources',
}

/** The words of SetStatus for instances, and the events that they become. */
const requests: readonly (readonly [string, Event['kind']])[] = [
  ['TRY_CANCEL', 'cancel'],
  ['MARK_FINISHED', 'markFinished'],
  ['RERUN', 'rerun'],
]

/** The sections of the page about statuses. */
export const statusSections = (): readonly string[] => [
  'Every status that the API shows, what it means, who moves it on, and what happens if nobody does. `millrace why` says of an instance what it waits for.',
  section('Pipelines', entryTable('State', Object.entries(pipelineStates))),
  section('Components', entryTable('Status', Object.entries(componentStatuses))),
  ...kinds.map((kind) => section(kindNames[kind], stateTable(kind))),
  section('Instances that have ended', entryTable('Status', Object.entries(endStatuses))),
  section('Attempts', entryTable('Status', Object.entries(attemptStatuses))),
  section(
    'Words that are not used',
    table(
      ['Word', 'Why'],
      Object.entries(unusedStatuses).map(([word, reason]) => [`\`${word}\``, reason]),
    ),
  ),
]

const kinds = ['task', 'dataNode', 'check', 'resource'] as const

const section = (heading: string, content: string): string => `## ${heading}\n\n${content}`

const entryTable = (first: string, entries: readonly (readonly [string, Entry])[]): string =>
  table(
    [first, 'Meaning', 'Moved on by', 'Otherwise'],
    entries.map(([word, { meaning, movedOnBy, otherwise }]) => [`\`${word}\``, meaning, movedOnBy, otherwise]),
  )

function stateTable(kind: Instance['kind']): string {
  const rows = Object.entries<StateEntry>(openStates[kind]).map(([state, entry]) => [
    `\`${entry.status}\``,
    entry.meaning,
    entry.movedOnBy,
    entry.otherwise,
    requestsIn(kind, state),
  ])
  return table(['Status', 'Meaning', 'Moved on by', 'Otherwise', 'SetStatus takes'], rows)
}

/** The words of SetStatus that mean something in a state, as its transition table has it. */
function requestsIn(kind: Instance['kind'], state: string): string {
  const events = Object.entries(tables[kind]).find(([name]) => name === state)?.[1] ?? {}
  return requests.flatMap(([word, event]) => (Object.hasOwn(events, event) ? [`\`${word}\``] : [])).join(', ')
}

const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
  [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
