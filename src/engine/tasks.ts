import { type Field, textField } from '../core/definition/pipeline-object.ts'
import { isLegal } from '../core/lifecycle/advance.ts'
import { attemptIdOf } from '../core/lifecycle/component.ts'
import type { Event } from '../core/lifecycle/event.ts'
import type { Instance, Running, TaskError } from '../core/lifecycle/instance.ts'
import { knownSecrets, withoutSecrets } from '../core/lifecycle/known-secrets.ts'
import { taskObjects } from '../core/lifecycle/task-objects.ts'
import type { AttemptRow } from '../store/rows.ts'
import type { Transaction } from '../store/store.ts'
import { InvalidRequestException, TaskNotFoundException } from '../wire/errors.ts'
import type { Effects } from './changes.ts'
import type { Engine, Task } from './engine.ts'
import { newTaskId, parseTaskId } from './task-id.ts'
import { Turns } from './turns.ts'
import type { UnitOfWork } from './unit-of-work.ts'
import type { Place, Waiters } from './waiters.ts'
import { parseResourceWorkerGroup } from './worker-group.ts'
import type { Workshop } from './workshop.ts'

/** The words of errors that only the service may use. */
const serviceErrorPrefix = 'Service_'

/** Tasks that are looked at in one transaction: those that cannot be evaluated fail, those that are paused are set aside. */
const triesMax = 16

type TaskOperations = Pick<Engine, 'pollForTask' | 'reportTaskProgress' | 'reportTaskRunnerHeartbeat' | 'setTaskStatus'>

/** The operations of task runners. */
export function createTaskOperations(workshop: Workshop, waiters: Waiters): TaskOperations {
  const turns = new Turns()
  return {
    async pollForTask({ workerGroup, hostname, waitMs, signal }) {
      const deadline = workshop.clock.now() + waitMs
      while (!signal.aborted) {
        const remainingMs = Math.max(0, deadline - workshop.clock.now())
        // The poll is parked before it looks, so that a task that comes in between wakes it.
        const place = waiters.park(workerGroup, { after: (wake) => workshop.clock.after(remainingMs, wake), signal })
        const look = await lookFrom(place, async () => await claim(workshop, turns, { workerGroup, hostname }))
        if (look.kind === 'task' && !signal.aborted) return look.task
        if (look.kind === 'task') await giveBack(workshop, look.task)
        if (look.kind !== 'nothing') continue
        if ((await place.outcome) === 'over') return undefined
        if (signal.aborted) waiters.wake(workerGroup)
      }
      return undefined
    },

    async reportTaskProgress({ taskId, fields }) {
      return await onTask(workshop, taskId, async (unit, instance) => {
        if (!holds(instance, taskId)) return { canceled: true }
        if (fields.length > 0) {
          const number = instance.state.attempt.number
          await unit.transaction.updateAttemptFields({
            pipelineId: unit.pipelineId,
            instanceId: instance.id,
            number,
            fields: await shownFields(unit, instance, fields),
          })
        }
        const mustStop = instance.state.stop !== undefined
        await unit.deliver([{ id: instance.id, event: { kind: 'report' } }])
        return { canceled: mustStop }
      })
    },

    async setTaskStatus({ taskId, taskStatus, errorId, errorMessage, errorStackTrace }) {
      if (errorId?.startsWith(serviceErrorPrefix)) {
        throw new InvalidRequestException(`errorId may not begin with ${serviceErrorPrefix}; choose another word.`)
      }
      const error =
        taskStatus === 'FAILED'
          ? { id: errorId ?? 'TaskFailed', message: errorMessage ?? '', stackTrace: errorStackTrace }
          : undefined
      await onTask(workshop, taskId, async (unit, instance) => {
        if (!holds(instance, taskId)) return
        const shown = error && (await shownError(unit, instance, error))
        await unit.deliver([{ id: instance.id, event: { kind: 'result', status: taskStatus, error: shown } }])
      })
    },

    async reportTaskRunnerHeartbeat({ workerGroup }) {
      const place = workerGroup === undefined ? undefined : parseResourceWorkerGroup(workerGroup)
      if (place === undefined) return { terminate: false }
      const row = await workshop.store.reads.findInstance(place.pipelineId, place.instanceId)
      const state = row?.instance.state.kind
      return { terminate: state !== 'creating' && state !== 'up' }
    },
  }
}

/** Whether the instance runs under this very hand-out. */
function holds(instance: Instance, taskId: string): instance is RunningInstance {
  return instance.state.kind === 'running' && instance.state.taskId === taskId
}

type RunningInstance = Instance & { readonly state: Running }

/** What a task runner says of its work, as it may be kept: not every runner takes the secrets that it was given out of it. */
async function shownFields(
  unit: UnitOfWork,
  instance: RunningInstance,
  fields: readonly Field[],
): Promise<readonly Field[]> {
  const secrets = knownSecrets(await unit.planOf(instance.version), instance)
  return fields.map(({ key, value }) =>
    value.kind === 'string' ? textField(key, withoutSecrets(value.text, secrets)) : { key, value },
  )
}

/** The same of an error. */
async function shownError(unit: UnitOfWork, instance: RunningInstance, error: TaskError): Promise<TaskError> {
  const secrets = knownSecrets(await unit.planOf(instance.version), instance)
  const { id, message, stackTrace } = error
  return {
    id: withoutSecrets(id, secrets),
    message: withoutSecrets(message, secrets),
    stackTrace: stackTrace === undefined ? undefined : withoutSecrets(stackTrace, secrets),
  }
}

/** Does work on the instance that a task id is about. */
async function onTask<T>(
  workshop: Workshop,
  taskId: string,
  work: (unit: UnitOfWork, instance: Instance) => Promise<T>,
): Promise<T> {
  const place = parseTaskId(taskId)
  if (place === undefined) throw new TaskNotFoundException('No task has this task id.')
  return await workshop.onPipeline(place.pipelineId, async (unit) => {
    const instance = await unit.instance(place.instanceId)
    if (instance === undefined) throw new TaskNotFoundException('The task of this task id does not exist any more.')
    return await work(unit, instance)
  })
}

/** What a look at the queue of a worker group has found; `more` if it could not look at all of it. */
type Look = { readonly kind: 'task'; readonly task: Task } | { readonly kind: 'nothing' | 'more' }

/** Looks at the queue, and keeps the place of the poll only if there is nothing. */
async function lookFrom(place: Place, look: () => Promise<Look>): Promise<Look> {
  let found: Look | undefined
  try {
    found = await look()
    return found
  } finally {
    if (found?.kind !== 'nothing') place.leave()
  }
}

/** Hands out the oldest task of the pipeline whose turn it is in a worker group, if there is one. */
async function claim(
  workshop: Workshop,
  turns: Turns,
  request: { readonly workerGroup: string; readonly hostname: string | undefined },
): Promise<Look> {
  const { workerGroup, hostname } = request
  const queued = await workshop.store.reads.nextQueuedAttempt(workerGroup, '')
  if (queued === undefined) {
    turns.forget(workerGroup)
    return { kind: 'nothing' }
  }
  return await workshop.inTransaction<Look>(async (transaction) => {
    const effects: Effects[] = []
    for (let tries = 0; tries < triesMax; tries += 1) {
      const row = await transaction.nextQueuedAttempt(workerGroup, turns.lastServed(workerGroup))
      if (row === undefined) return { result: { kind: 'nothing' }, effects }
      turns.serve(workerGroup, row.pipelineId)
      const handed = await handOut(workshop, transaction, { row, hostname })
      effects.push(...handed.effects)
      if (handed.result !== undefined) return { result: { kind: 'task', task: handed.result }, effects }
    }
    return { result: { kind: 'more' }, effects }
  })
}

async function handOut(
  workshop: Workshop,
  transaction: Transaction,
  { row, hostname }: { readonly row: AttemptRow; readonly hostname: string | undefined },
): Promise<{ readonly result: Task | undefined; readonly effects: readonly Effects[] }> {
  const pipeline = await transaction.findPipeline(row.pipelineId)
  if (pipeline === undefined) throw new Error(`An attempt of ${row.pipelineId} is queued, which does not exist.`)
  return await workshop.perform(pipeline, transaction, async (unit) => {
    const instance = await unit.instance(row.instanceId)
    if (instance?.state.kind !== 'queued') throw new Error(`${row.instanceId} is in a queue, but not queued.`)
    const { isPaused } = await unit.component(instance.componentId)
    if (isPaused) {
      await unit.deliver([{ id: instance.id, event: { kind: 'pause' } }])
      return undefined
    }
    const attempt = instance.state.attempt
    const evaluated = taskObjects(await unit.planOf(instance.version), instance, attempt)
    if (evaluated.kind === 'failure') {
      const { objectId, field, message } = evaluated.problem
      const error = {
        id: 'Service_Unevaluated',
        message: `${objectId}, field ${field}: ${message}`,
        stackTrace: undefined,
      }
      await unit.deliver([{ id: instance.id, event: { kind: 'unrunnable', error } }])
      return undefined
    }
    const taskId = newTaskId({ pipelineId: pipeline.id, instanceId: instance.id }, workshop.chance)
    await unit.deliver([{ id: instance.id, event: { kind: 'handOut', taskId, hostname } }])
    const attemptId = attemptIdOf(instance.id, attempt.number)
    return { taskId, pipelineId: pipeline.id, attemptId, objects: evaluated.objects }
  })
}

/** Offers a task to another runner, because its own has gone before it could be told. */
async function giveBack(workshop: Workshop, task: Task): Promise<void> {
  const event: Event = { kind: 'runnerLost' }
  await onTask(workshop, task.taskId, async (unit, instance) => {
    if (holds(instance, task.taskId) && isLegal(instance, event)) await unit.deliver([{ id: instance.id, event }])
  })
}
