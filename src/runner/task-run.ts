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

/**
 * The longest silence that the service bears where an object has no `reportProgressTimeout`, in milliseconds.
 *
 * @source model: ReportTaskProgress
 */
const SILENCE_MS_MAX = 15 * 60_000

/** The most of a stack trace that is reported, in characters: the model's bound of a string. */
const STACK_TRACE_MAX = 1024

/** The most of a message that is reported, in characters: the model has no bound, people have. */
const MESSAGE_MAX = 10_000

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
  readonly now: () => Instant
  /** Aborted when the runner stops: its tasks stop with it. */
  readonly stopping: AbortSignal
}

/** A task whose result has been reported; `cleanUp` puts its logs away and removes its files. */
export type EndedTask = { cleanUp(): Promise<void> }

/** Does one task, and reports how it ended. Resolves as soon as the service knows; what is left to do can wait. */
export async function runTask(task: DecodedTask, place: Workplace): Promise<EndedTask> {
  const objects: TaskObjects = new Map(task.objects.map((object) => [object.id, object]))
  const attempt = task.objects.find(({ id }) => id === task.attemptId)
  const { client, workerGroup, now } = place
  const lease = new Lease({
    client,
    taskId: task.taskId,
    silenceMsMax: attempt === undefined ? SILENCE_MS_MAX : silenceOf(attempt),
  })
  const log = new AttemptLog({ workerGroup, pipelineId: task.pipelineId, objects, now })
  if (attempt === undefined) {
    await lease.conclude(
      failureOf(new TaskFailure('InvalidField', `The task came without its attempt '${task.attemptId}'.`), log),
    )
    return { cleanUp: async () => undefined }
  }
  const taskFolder = join(place.tasksFolder, crypto.randomUUID())
  const run: Run = { task, attempt, objects, place, lease, log, taskFolder }
  const result = await perform(run)
  if (result !== undefined) {
    log.write(
      `${objectType(attempt)} ended with ${result.taskStatus}${result.errorMessage ? `: ${result.errorMessage}` : ''}`,
    )
    const outcome = await lease.conclude(result)
    if (outcome !== 'arrived') place.log.write('WARN', `The result of ${attempt.id} was ${outcome}`, task.pipelineId)
  }
  lease.drop()
  return { cleanUp: () => cleanUp(run) }
}

type Run = {
  readonly task: DecodedTask
  readonly attempt: PipelineObject
  readonly objects: TaskObjects
  readonly place: Workplace
  readonly lease: Lease
  readonly log: AttemptLog
  readonly taskFolder: string
}

/** Does the work; the result is missing if nobody wants it any more. */
async function perform(run: Run): Promise<Result | undefined> {
  const { attempt, place, lease, log, task } = run
  const type = objectType(attempt)
  place.log.write('INFO', `Executing ${type} ${attempt.id}`, task.pipelineId)
  try {
    const signal = AbortSignal.any([lease.signal, place.stopping])
    const context = createContext(run, signal)
    log.write(`Executing ${type} ${attempt.id}`)
    const precondition = preconditionTask(type)
    if (precondition === undefined) {
      await (await loadActivity(type))(context)
      return { taskStatus: 'FINISHED' }
    }
    const check = await precondition(context)
    return check.kind === 'met'
      ? { taskStatus: 'FINISHED' }
      : { taskStatus: 'FALSE', errorMessage: limited(log.mask(check.message), MESSAGE_MAX) }
  } catch (error) {
    if (error instanceof LeaseOver) {
      place.log.write('WARN', `${attempt.id}: ${error.message}`, task.pipelineId)
      return undefined
    }
    return failureOf(error, log)
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

function failureOf(error: unknown, log: AttemptLog): Result {
  const failure =
    error instanceof TaskFailure ? error : new TaskFailure('TaskRunnerFault', describe(error), { cause: error })
  return {
    taskStatus: 'FAILED',
    errorId: failure.errorId,
    errorMessage: limited(log.mask(failure.message), MESSAGE_MAX),
    errorStackTrace: limited(log.mask(failure.stack ?? ''), STACK_TRACE_MAX),
  }
}

const describe = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const limited = (text: string, charactersMax: number): string => text.slice(0, charactersMax)

function silenceOf(attempt: PipelineObject): number {
  const timeout = parsePeriod(fieldText(attempt, 'reportProgressTimeout') ?? '')
  return timeout === undefined ? SILENCE_MS_MAX : shortestMs(timeout)
}

async function cleanUp({ attempt, task, place, log, taskFolder }: Run): Promise<void> {
  const folder = logFolderOf(attempt, task.pipelineId)
  try {
    if (folder !== undefined) await log.upload(await place.s3(), folder, new AbortController().signal)
  } catch (error) {
    place.log.write(
      'ERROR',
      `The logs of ${attempt.id} could not be put to ${folder}: ${describe(error)}`,
      task.pipelineId,
    )
  }
  for (const path of [taskFolder, ...log.folders]) await rm(path, { recursive: true, force: true })
}
