import { assertNever } from '../assert-never.ts'
import { formatInstant, type Instant } from '../instant.ts'
import type { CancelCause } from './instance.ts'
import type { Cause, Runners, Unborn, WhyNode } from './why.ts'

/** What would move an instance on: what it does, and the command that does it, where one does. */
export type Remedy = { readonly does: string; readonly command: string | undefined }

/** What holds up an instance, as a sentence without a subject: "waits for 2 dependencies". */
export function causeText(cause: Cause): string {
  switch (cause.kind) {
    case 'dependencies':
      return dependenciesText(cause)
    case 'noDueActivity':
      return `is made when the first activity on it is due; ${counted(cause.activityCount, 'instance', 'instances')} on it still to come`
    case 'pausedComponent':
      return `could go on, but the component ${cause.componentId} is paused`
    case 'taskRunner':
      return taskRunnerText(cause)
    case 'resource':
      return `waits for the task runner on its resource${cause.runningCount === 0 ? '' : `, which has ${atWork(cause.runningCount)}`}`
    case 'retry':
      return `failed${because(cause.errorMessage)}; tries again at ${formatInstant(cause.retryAt)}, ${counted(cause.triesLeft, 'try', 'tries')} left after that`
    case 'running':
      return runningText(cause)
    case 'precondition':
      return preconditionText(cause)
    case 'machineStarting':
      return `is being made${by('is given up', cause.timeoutAt)}`
    case 'machineUp':
      return `is up as ${cause.resourceId}, for ${counted(cause.activityCount, 'instance', 'instances')} that ${cause.activityCount === 1 ? 'has' : 'have'} not ended${by('is terminated', cause.timeoutAt)}`
    case 'machineStopping':
      return 'is being terminated'
    case 'finished':
    case 'failed':
    case 'canceled':
    case 'cascadeFailed':
    case 'skipped':
      return endText(cause)
    case 'notDue':
    case 'beingMade':
    case 'maxActiveInstances':
    case 'pipelineState':
    case 'onDemand':
    case 'noOccurrence':
    case 'passed':
      return unbornText(cause)
    default:
      return assertNever(cause)
  }
}

type End = Extract<Cause, { kind: 'finished' | 'failed' | 'canceled' | 'cascadeFailed' | 'skipped' }>

function endText(cause: End): string {
  switch (cause.kind) {
    case 'finished':
      return 'is done'
    case 'failed':
      return `failed${because(cause.errorMessage)}`
    case 'canceled':
      return `was cancelled ${cancelTexts[cause.by]}${because(cause.errorMessage)}`
    case 'cascadeFailed':
      return 'was taken along by the failure of what it depends on'
    case 'skipped':
      return 'was passed over: its interval lies before the time from which the pipeline was activated'
    default:
      return assertNever(cause)
  }
}

function unbornText(cause: Unborn): string {
  switch (cause.kind) {
    case 'notDue':
      return `has not come to be: it is due at ${formatInstant(cause.dueAt)}`
    case 'beingMade':
      return `has not come to be: it was due at ${formatInstant(cause.dueAt)}, and those due before it are made first`
    case 'maxActiveInstances':
      return `has not come to be: ${cause.componentId} has ${cause.activeCount} active ${cause.activeCount === 1 ? 'instance' : 'instances'}, and maxActiveInstances is ${cause.max}`
    case 'pipelineState':
      return `has not come to be: the pipeline is ${cause.state}`
    case 'onDemand':
      return 'comes to be when the pipeline is activated'
    case 'noOccurrence':
      return `will not come to be: the schedule of ${cause.componentId} has no such interval`
    case 'passed':
      return 'does not exist, although its turn has been; it was removed, or its component came into the definition later'
    default:
      return assertNever(cause)
  }
}

function dependenciesText({ openCount, failedCount }: Extract<Cause, { kind: 'dependencies' }>): string {
  const waits = `waits for ${counted(openCount, 'dependency', 'dependencies')}`
  if (failedCount === 0) return waits
  const failed = failedCount === openCount ? (failedCount === 1 ? 'which has' : 'which have') : `${failedCount} of them`
  return `${waits}, ${failed} failed; with failureAndRerunMode none it waits until that is finished after all`
}

function taskRunnerText(cause: Extract<Cause, { kind: 'taskRunner' }>): string {
  const group = `the worker group ${cause.workerGroup}`
  switch (cause.runners) {
    case 'polling':
      return `is offered to ${group}, for which a task runner polls${lastPoll(cause)}`
    case 'busy':
      return `waits for ${group}, whose task runners have ${atWork(cause.runningCount)}${hosts(cause.hostnames)}`
    case 'absent':
      return `waits for ${group}, for which nobody polls${lastPoll(cause)}`
    default:
      return assertNever(cause.runners)
  }
}

function lastPoll({ polledAt, polledBy, watchedSince }: Runners): string {
  if (polledAt === undefined) return `, and nobody has since the server started at ${formatInstant(watchedSince)}`
  return `; the latest poll was at ${formatInstant(polledAt)}${polledBy === undefined ? '' : ` by ${polledBy}`}`
}

const hosts = (hostnames: readonly string[]): string => (hostnames.length === 0 ? '' : ` on ${hostnames.join(', ')}`)

function runningText(cause: Extract<Cause, { kind: 'running' }>): string {
  const { hostname, attemptNumber, handedOutAt, reportedAt, progress, leaseEndsAt, timeoutAt, stop } = cause
  const where = hostname === undefined ? '' : ` on ${hostname}`
  const report = reportedAt === undefined ? 'which has not reported yet' : `last report at ${formatInstant(reportedAt)}`
  const silent = `; without a report it is taken back at ${formatInstant(leaseEndsAt)}`
  const stopping = stop === undefined ? '' : `; its runner is told to stop with its next report (${stopTexts[stop]})`
  return `attempt ${attemptNumber} runs${where} since ${formatInstant(handedOutAt)}, ${report}${because(progress)}${silent}${by('times out', timeoutAt)}${stopping}`
}

const stopTexts = { canceled: 'cancelled', attemptTimedOut: 'attemptTimeout' } as const

function preconditionText(cause: Extract<Cause, { kind: 'precondition' }>): string {
  const { checkCount, checkedAt, result, nextCheckAt, timeoutAt } = cause
  if (checkedAt === undefined) return 'is being checked for the first time'
  const checks = `does not hold after ${counted(checkCount, 'check', 'checks')}, the latest at ${formatInstant(checkedAt)}`
  const next = nextCheckAt === undefined ? 'and is being checked' : `next check at ${formatInstant(nextCheckAt)}`
  return `${checks}${because(result)}; ${next}${by('fails', timeoutAt)}`
}

const cancelTexts: Readonly<Record<CancelCause, string>> = {
  user: 'by hand',
  deactivation: 'with the deactivation of the pipeline',
  deletion: 'with the deletion of the pipeline',
  action: 'by a Terminate action',
  cascade: 'because what it guards has failed',
  resource: 'with its resource',
}

/** Messages of tasks may have several lines; a sentence has one. */
const because = (message: string | undefined): string =>
  message === undefined || message.trim() === '' ? '' : `: ${message.trim().replace(/\s+/g, ' ').replace(/\.$/, '')}`

const by = (what: string, moment: Instant | undefined): string =>
  moment === undefined ? '' : `; ${what} at ${formatInstant(moment)}`

const atWork = (count: number): string => `${counted(count, 'task', 'tasks')} at work`

const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`

/** What would move an instance on at which nothing else has to happen first. */
export function remediesOf({ id, cause }: WhyNode, pipelineId: string): readonly Remedy[] {
  const setStatus = (status: string, objectId: string): string =>
    `aws datapipeline set-status --pipeline-id ${pipelineId} --object-ids ${shellWord(objectId)} --status ${status}`
  const markFinished: Remedy = { does: 'go on without it', command: setStatus('MARK_FINISHED', id) }
  switch (cause.kind) {
    case 'failed':
      return [{ does: 'run it again', command: setStatus('RERUN', id) }, markFinished]
    case 'canceled':
      return cancelRemedies(cause.by, pipelineId, { does: 'run it again', command: setStatus('RERUN', id) })
    case 'skipped':
      return [{ does: 'run it after all', command: setStatus('RERUN', id) }]
    case 'precondition':
      return [markFinished]
    case 'pausedComponent':
      return [{ does: 'let the component go on', command: setStatus('RESUME', cause.componentId) }]
    case 'taskRunner':
      return cause.runners === 'polling' ? [] : [startRunner(cause)]
    case 'pipelineState':
      return stateRemedies(cause.state, pipelineId)
    case 'onDemand':
      return [{ does: 'run it', command: activate(pipelineId) }]
    case 'maxActiveInstances':
      return [{ does: `give ${cause.componentId} a larger maxActiveInstances and activate`, command: undefined }]
    case 'dependencies':
    case 'noDueActivity':
    case 'resource':
    case 'retry':
    case 'running':
    case 'machineStarting':
    case 'machineUp':
    case 'machineStopping':
    case 'finished':
    case 'cascadeFailed':
    case 'notDue':
    case 'beingMade':
    case 'noOccurrence':
    case 'passed':
      // It goes on by itself, or with what it waits for, or never.
      return []
    default:
      return assertNever(cause)
  }
}

const activate = (pipelineId: string): string => `aws datapipeline activate-pipeline --pipeline-id ${pipelineId}`

function startRunner({ workerGroup, runners }: Runners): Remedy {
  const does = runners === 'busy' ? 'start one more task runner' : 'start a task runner'
  return { does, command: `millrace task-runner --workerGroup=${shellWord(workerGroup)}` }
}

/** What ended with its resource, or because of what it guards, is run again with that. */
function cancelRemedies(by: CancelCause, pipelineId: string, rerun: Remedy): readonly Remedy[] {
  if (by === 'user' || by === 'action') return [rerun]
  return by === 'deactivation' ? [{ does: 'let the pipeline go on', command: activate(pipelineId) }] : []
}

function stateRemedies(state: string, pipelineId: string): readonly Remedy[] {
  if (state === 'PENDING') return [{ does: 'begin', command: activate(pipelineId) }]
  if (state === 'INACTIVE') return [{ does: 'let the pipeline go on', command: activate(pipelineId) }]
  if (state !== 'DEACTIVATING') return []
  const command = `aws datapipeline deactivate-pipeline --pipeline-id ${pipelineId} --cancel-active`
  return [{ does: 'end what still runs, so that the pipeline can be activated again', command }]
}

/** A word of a POSIX shell. */
const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
