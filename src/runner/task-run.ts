import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { S3Client } from '@aws-sdk/client-s3'
import type { Command, TaskContext } from '../activities/activity.ts'
import { loadActivity } from '../activities/activity-types.ts'
import type { PipelineObject } from '../core/definition/pipeline-object.ts'
import type { Instant } from '../core/instant.ts'
import { parsePeriod, shortestMs } from '../core/schedule/period.ts'
import { TaskFailure } from '../core/task-failure.ts'
import { fieldText, objectType, type TaskObjects } from '../datanodes/task-objects.ts'
import type { Client } from '../wire/client.ts'
import type { DecodedTask } from '../wire/codec.ts'
import { AttemptLog, logFolderOf } from './attempt-log.ts'
import type { CommandLauncher } from './command-launcher.ts'
import { Lease, LeaseOver, type Result } from './lease.ts'
import { preconditionTask } from './precondition-task.ts'
import type { RunnerLog } from './runner-log.ts'
import { Secrets, secretsOf } from './secrets.ts'
import { checked, failed, finished, messageOf } from './task-result.ts'

/**
 * The longest silence that the service bears where an object has no `reportProgressTimeout`, in milliseconds.
 *
 * @source model: ReportTaskProgress
 */
const SILENCE_MS_MAX = 15 * 60_000

/** What a task runner offers to all its tasks. */
export type Workplace = {
  readonly client: Client
  readonly s3: () => Promise<S3Client>
  readonly launcher: CommandLauncher
  readonly log: RunnerLog
  readonly workerGroup: string
  /** Each task gets a folder in it. */
  readonly tasksFolder: string
  readonly commandFolder: string
  /** Texts that must not be in any log, besides what is encrypted in the task itself. */
  readonly secrets: readonly string[]
  readonly now: () => Instant
  /** Aborted when the runner stops, with the failure that its tasks end with. */
  readonly stopping: AbortSignal
  /** Aborted some time after that: what could not be reported or put away by then is given up. */
  readonly patience: AbortSignal
}

/** A task whose result has been reported; `cleanUp` puts its logs away and removes its files. It never fails. */
export type EndedTask = { cleanUp(): Promise<void> }

/** Does one task, and reports how it ended. Resolves as soon as the service knows; what is left to do can wait. */
export async function runTask(task: DecodedTask, place: Workplace): Promise<EndedTask> {
  const objects: TaskObjects = new Map(task.objects.map((object) => [object.id, object]))
  const attempt = task.objects.find(({ id }) => id === task.attemptId)
  const { client, workerGroup, now, patience } = place
  const { taskId, pipelineId } = task
  const secrets = new Secrets([...task.objects.flatMap(secretsOf), ...place.secrets])
  const lease = new Lease({ client, taskId, silenceMsMax: silenceOf(attempt) })
  if (attempt === undefined) {
    const failure = new TaskFailure('InvalidField', `The task came without its attempt '${task.attemptId}'.`)
    await lease.conclude(failed(failure, secrets.mask), patience)
    return { cleanUp: async () => undefined }
  }
  const log = new AttemptLog({ workerGroup, pipelineId }, { secrets, now })
  const taskFolder = join(place.tasksFolder, crypto.randomUUID())
  const run: Run = { task, attempt, objects, place, lease, log, secrets, taskFolder }
  const result = await perform(run)
  if (result === undefined) lease.drop()
  else await report(run, result)
  return { cleanUp: () => cleanUp(run) }
}

type Run = {
  readonly task: DecodedTask
  readonly attempt: PipelineObject
  readonly objects: TaskObjects
  readonly place: Workplace
  readonly lease: Lease
  readonly log: AttemptLog
  readonly secrets: Secrets
  readonly taskFolder: string
}

/** Does the work; the result is missing if nobody wants it any more. */
async function perform(run: Run): Promise<Result | undefined> {
  const { attempt, place, lease, log, secrets, task } = run
  const type = objectType(attempt)
  const signal = AbortSignal.any([lease.signal, place.stopping])
  place.log.write('INFO', `Executing ${type} ${attempt.id}`, task.pipelineId)
  log.write(`Executing ${type} ${attempt.id}`)
  try {
    const context = createContext(run, signal)
    const precondition = preconditionTask(type)
    if (precondition !== undefined) return checked(await precondition(context), secrets.mask)
    await (await loadActivity(type))(context)
    return finished
  } catch (error) {
    // Whatever an interrupted step made of it, why the work had to stop is what counts.
    const cause: unknown = signal.aborted ? signal.reason : error
    if (!(cause instanceof LeaseOver)) return failed(cause, secrets.mask)
    log.write(cause.message)
    place.log.write('WARN', `${attempt.id}: ${cause.message}`, task.pipelineId)
    return undefined
  }
}

function createContext(
  { attempt, objects, place, lease, log, task, taskFolder }: Run,
  signal: AbortSignal,
): TaskContext {
  return {
    attempt,
    objects,
    s3: place.s3,
    signal,
    taskFolder,
    commandFolder: place.commandFolder,
    logFolderUri: logFolderOf(attempt, task.pipelineId),
    log: (sentence) => log.write(sentence),
    reportFields: (fields) => lease.reportFields(fields),
    async runCommand(command: Command) {
      const end = await place.launcher.launch(command, signal)
      log.addCommand(end, command.logFolder)
      return end
    },
  }
}

async function report({ attempt, task, place, lease, log }: Run, result: Result): Promise<void> {
  const sentence = `${objectType(attempt)} ended with ${result.taskStatus}`
  log.write(result.errorMessage === undefined ? sentence : `${sentence}: ${result.errorMessage}`)
  const outcome = await lease.conclude(result, place.patience)
  if (outcome === 'arrived') place.log.write('INFO', `${attempt.id}: ${result.taskStatus}`, task.pipelineId)
  else place.log.write('WARN', `${attempt.id}: the result ${result.taskStatus} is ${outcome}`, task.pipelineId)
}

function silenceOf(attempt: PipelineObject | undefined): number {
  const text = attempt === undefined ? undefined : fieldText(attempt, 'reportProgressTimeout')
  const timeout = text === undefined ? undefined : parsePeriod(text)
  return timeout === undefined ? SILENCE_MS_MAX : shortestMs(timeout)
}

async function cleanUp({ attempt, task, place, log, taskFolder }: Run): Promise<void> {
  const logFolder = logFolderOf(attempt, task.pipelineId)
  const complain = (what: string) => (error: unknown) =>
    place.log.write('ERROR', `${what} ${attempt.id}: ${messageOf(error)}`, task.pipelineId)
  if (logFolder !== undefined) {
    await place
      .s3()
      .then((s3) => log.upload(s3, logFolder, place.patience))
      .catch(complain(`${logFolder} did not take the logs of`))
  }
  log.release()
  if (!existsSync(taskFolder)) return
  await rm(taskFolder, { recursive: true, force: true }).catch(complain(`${taskFolder} could not be removed after`))
}
