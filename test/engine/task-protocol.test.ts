import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Field, objectId, textField } from '../../src/core/definition/pipeline-object.ts'
import type { Task } from '../../src/engine/engine.ts'
import type { PipelineId } from '../../src/store/rows.ts'
import { definition, object, ref } from '../builders.ts'
import { TestEngine } from '../test-engine.ts'

let service: TestEngine

beforeEach(async () => {
  service = await TestEngine.start()
})

afterEach(async () => {
  await service.stop()
})

const minuteMs = 60_000

const instanceId = '@A_2026-01-01T00:00:00'

const shell = (fields: Parameters<typeof object>[1] = {}) =>
  definition([
    object('Daily', { type: 'Schedule', period: '1 day', startDateTime: '2026-01-01T00:00:00', occurrences: '1' }),
    object('A', {
      ...{ type: 'ShellCommandActivity', command: 'true', workerGroup: 'wg', schedule: ref('Daily') },
      ...fields,
    }),
  ])

const report = async (task: Task, fields: readonly Field[] = []) =>
  await service.engine.reportTaskProgress({ taskId: task.taskId, fields })

const statusOf = async (pipelineId: PipelineId) => await service.field(pipelineId, instanceId, '@status')

/** A poll that waits for up to a minute; it ends with the test. */
function park(workerGroup = 'wg', signal = new AbortController().signal): Promise<Task | undefined> {
  return service.engine.pollForTask({ workerGroup, hostname: 'parked', waitMs: minuteMs, signal })
}

describe('a task that has been handed out', () => {
  test('is offered again, as the same attempt, when it is not acknowledged within 2 minutes', async () => {
    await service.activate(shell())
    const first = await service.take('wg')
    await service.pass(2 * minuteMs - 1)
    expect(await service.poll('wg')).toBeUndefined()
    await service.pass(1)
    const second = await service.take('wg')
    expect([second.attemptId, second.taskId === first.taskId]).toEqual([first.attemptId, false])
  })

  test('stays with a runner that reports at least every 15 minutes', async () => {
    const pipelineId = await service.activate(shell())
    const task = await service.take('wg')
    for (let reports = 0; reports < 10; reports += 1) {
      expect(await report(task)).toEqual({ canceled: false })
      await service.pass(15 * minuteMs - 1)
    }
    expect(await statusOf(pipelineId)).toBe('RUNNING')
  })

  test('is offered to another runner when its own falls silent for 15 minutes', async () => {
    await service.activate(shell())
    const silent = await service.take('wg')
    await report(silent)
    await service.pass(15 * minuteMs)
    const other = await service.take('wg')
    expect(other.attemptId).toBe(silent.attemptId)
    expect(await report(silent)).toEqual({ canceled: true })
    await service.finish(silent, 'FAILED')
    expect(await report(other)).toEqual({ canceled: false })
  })

  test('costs a try when its runner is silent longer than its own reportProgressTimeout', async () => {
    const pipelineId = await service.activate(shell({ reportProgressTimeout: '5 minutes', retryDelay: '2 minutes' }))
    const stalled = await service.take('wg')
    await report(stalled)
    await service.pass(5 * minuteMs)
    expect(await service.field(pipelineId, stalled.attemptId, 'errorId')).toBe('Service_Stalled')
    await service.pass(2 * minuteMs)
    expect((await service.take('wg')).attemptId).toBe(`${instanceId}_Attempt=2`)
  })

  test('shows the fields that its runner reports', async () => {
    const pipelineId = await service.activate(shell())
    const task = await service.take('wg')
    await report(task, [textField('progress', '50 %')])
    expect(await service.field(pipelineId, task.attemptId, 'progress')).toBe('50 %')
  })

  test('is told to stop once when it is cancelled, and is over with that', async () => {
    const pipelineId = await service.activate(shell())
    const task = await service.take('wg')
    await report(task)
    await service.engine.setStatus({ pipelineId, objectIds: [objectId(instanceId)], status: 'TRY_CANCEL' })
    expect(await statusOf(pipelineId)).toBe('RUNNING')
    expect(await report(task)).toEqual({ canceled: true })
    expect(await statusOf(pipelineId)).toBe('CANCELED')
    await service.finish(task)
    expect(await statusOf(pipelineId)).toBe('CANCELED')
  })
})

describe('a result', () => {
  const fail = async (task: Task, error: { errorId?: string; errorMessage?: string; errorStackTrace?: string }) => {
    const { errorId, errorMessage, errorStackTrace } = error
    const { taskId } = task
    await service.engine.setTaskStatus({ taskId, taskStatus: 'FAILED', errorId, errorMessage, errorStackTrace })
    await service.settle()
  }

  test('of a failure leaves its error on the attempt, the message of the last one on the instance', async () => {
    const pipelineId = await service.activate(shell({ maximumRetries: '0' }))
    const task = await service.take('wg')
    await fail(task, { errorId: 'Oops', errorMessage: 'It broke.', errorStackTrace: 'at a\nat b' })
    const shown = async (id: string) =>
      await Promise.all(
        ['errorId', 'errorMessage', 'errorStackTrace'].map(async (key) => await service.field(pipelineId, id, key)),
      )
    expect(await shown(task.attemptId)).toEqual(['Oops', 'It broke.', 'at a\nat b'])
    expect(await shown(instanceId)).toEqual(['Oops', 'It broke.', 'at a\nat b'])
  })

  test('may not have an error id that only the service uses', async () => {
    await service.activate(shell())
    const task = await service.take('wg')
    await expect(fail(task, { errorId: 'Service_Oops' })).rejects.toMatchObject({ name: 'InvalidRequestException' })
    expect(await report(task)).toEqual({ canceled: false })
  })

  test.each(['FINISHED', 'FAILED'] as const)('%s that is reported twice counts once', async (taskStatus) => {
    const pipelineId = await service.activate(shell({ maximumRetries: '3', retryDelay: '2 minutes' }))
    const task = await service.take('wg')
    await service.finish(task, taskStatus)
    const once = await service.engine.describeObjects({
      pipelineId,
      objectIds: [objectId(instanceId)],
      expressions: 'verbatim',
    })
    await service.finish(task, taskStatus)
    const twice = await service.engine.describeObjects({
      pipelineId,
      objectIds: [objectId(instanceId)],
      expressions: 'verbatim',
    })
    expect(twice).toEqual(once)
  })

  test('of an earlier hand-out changes nothing', async () => {
    const pipelineId = await service.activate(shell())
    const stale = await service.take('wg')
    await service.pass(2 * minuteMs)
    const current = await service.take('wg')
    await service.finish(stale)
    expect(await statusOf(pipelineId)).toBe('RUNNING')
    await service.finish(current)
    expect(await statusOf(pipelineId)).toBe('FINISHED')
    await service.finish(stale, 'FAILED')
    expect(await statusOf(pipelineId)).toBe('FINISHED')
  })

  test('with a task id that was never given is refused', async () => {
    await service.activate(shell())
    const task = await service.take('wg')
    const forged = { ...task, taskId: 'nonsense' as typeof task.taskId }
    await expect(service.finish(forged)).rejects.toMatchObject({ name: 'TaskNotFoundException' })
    const [place] = task.taskId.split(':')
    await service.finish({ ...task, taskId: `${place}:guessed` as typeof task.taskId }, 'FAILED')
    expect(await report(task)).toEqual({ canceled: false })
  })

  test('that no repetition can change is not retried', async () => {
    const pipelineId = await service.activate(shell({ maximumRetries: '3' }))
    await fail(await service.take('wg'), { errorId: 'InvalidField', errorMessage: 'It has no command.' })
    expect(await statusOf(pipelineId)).toBe('FAILED')
  })

  test('that says that the runner was stopped puts the same attempt back at once', async () => {
    const pipelineId = await service.activate(shell({ maximumRetries: '0' }))
    const stopped = await service.take('wg')
    await fail(stopped, { errorId: 'TaskRunnerStopped' })
    const again = await service.take('wg')
    expect(again.attemptId).toBe(stopped.attemptId)
    await service.finish(again)
    expect(await statusOf(pipelineId)).toBe('FINISHED')
  })
})

describe('a runner that is known to be dead', () => {
  const lose = async (workerGroup: string, hostname: string) => {
    await service.engine.loseRunner({ workerGroup, hostname })
    await service.settle()
  }

  test('has its tasks offered again at once, and nobody else has', async () => {
    const pipelineId = await service.activate(shell())
    const other = await service.activate(shell({ workerGroup: 'others' }))
    const [held, ofOthers] = [await service.take('wg'), await service.take('others')]
    await lose('wg', 'somebody else')
    expect(await statusOf(pipelineId)).toBe('RUNNING')
    await lose('wg', 'test')
    expect(await report(held)).toEqual({ canceled: true })
    expect((await service.take('wg')).attemptId).toBe(held.attemptId)
    expect(await report(ofOthers)).toEqual({ canceled: false })
    expect(await statusOf(other)).toBe('RUNNING')
  })

  test('wakes a poll that waits for what it held', async () => {
    await service.activate(shell())
    const held = await service.take('wg')
    const waiting = park()
    await lose('wg', 'test')
    expect((await waiting)?.attemptId).toBe(held.attemptId)
  })
})

describe('polls that wait', () => {
  const two = () =>
    definition([
      object('Default', { scheduleType: 'ondemand', workerGroup: 'wg' }),
      object('A', { type: 'ShellCommandActivity', command: 'true' }),
      object('B', { type: 'ShellCommandActivity', command: 'true', dependsOn: ref('A') }),
    ])

  test('are woken one for each task, the longest waiting first', async () => {
    const answers: (Task | undefined)[] = []
    const polls = [park(), park(), park()].map(async (poll, index) => {
      answers[index] = await poll
    })
    await service.settle()
    await service.activate(two())
    expect(answers.map((task) => task?.attemptId.slice(0, 2))).toEqual(['@A'])
    await service.finish(await firstOf(answers))
    expect(answers.map((task) => task?.attemptId.slice(0, 2))).toEqual(['@A', '@B'])
    await service.pass(minuteMs)
    await Promise.all(polls)
    expect(answers[2]).toBeUndefined()
  })

  test('take no task with them when they are given up', async () => {
    const giveUp = new AbortController()
    const abandoned = park('wg', giveUp.signal)
    await service.settle()
    giveUp.abort()
    expect(await abandoned).toBeUndefined()
    await service.activate(two())
    expect((await service.take('wg')).attemptId.slice(0, 2)).toBe('@A')
  })

  const firstOf = async ([task]: readonly (Task | undefined)[]): Promise<Task> => {
    if (task === undefined) throw new Error('Nobody was woken.')
    return task
  }
})
