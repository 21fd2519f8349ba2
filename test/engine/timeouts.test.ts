import { describe, expect, test } from 'vitest'
import { at, minuteMs, once, run, setStatus, shell, useEngine } from './pipelines.ts'

const engine = useEngine()

const statusOf = async (pipelineId: Parameters<typeof engine.current.statuses>[0]) =>
  await engine.current.field(pipelineId, at('A'), '@status')

const report = async (taskId: Awaited<ReturnType<typeof engine.current.take>>['taskId']) =>
  await engine.current.engine.reportTaskProgress({ taskId, fields: [] })

describe('a task that is handed out', () => {
  test('and not acknowledged within two minutes is handed out again, as the same attempt', async () => {
    await run(engine.current, once(), shell('A'))
    const first = await engine.current.take('wg')
    await engine.current.pass(2 * minuteMs)
    const second = await engine.current.take('wg')
    expect(second.attemptId).toBe(first.attemptId)
    expect(await report(first.taskId)).toEqual({ canceled: true })
    expect(await report(second.taskId)).toEqual({ canceled: false })
  })

  test('and not heard of for 15 minutes is handed out again, without using up a try', async () => {
    const pipelineId = await run(engine.current, once(), shell('A'))
    const { taskId } = await engine.current.take('wg')
    await report(taskId)
    await engine.current.pass(14 * minuteMs)
    await report(taskId)
    await engine.current.pass(15 * minuteMs - 1)
    expect(await statusOf(pipelineId)).toBe('RUNNING')
    await engine.current.pass(1)
    expect(await statusOf(pipelineId)).toBe('WAITING_FOR_RUNNER')
    expect(await engine.current.field(pipelineId, at('A'), '@triesLeft')).toBe('2')
  })
})

describe('reportProgressTimeout', () => {
  test('makes a silent attempt fail, and the next one begin after retryDelay', async () => {
    const pipelineId = await run(
      engine.current,
      once(),
      shell('A', { reportProgressTimeout: '30 minutes', retryDelay: '5 minutes' }),
    )
    const { taskId } = await engine.current.take('wg')
    await report(taskId)
    await engine.current.pass(29 * minuteMs)
    expect(await statusOf(pipelineId)).toBe('RUNNING')
    await engine.current.pass(minuteMs)
    expect(await engine.current.field(pipelineId, `${at('A')}_Attempt=1`, 'errorId')).toBe('Service_Stalled')
    expect(await engine.current.poll('wg')).toBeUndefined()
    await engine.current.pass(5 * minuteMs)
    expect((await engine.current.take('wg')).attemptId).toBe(`${at('A')}_Attempt=2`)
  })
})

describe('attemptTimeout', () => {
  test('stops an attempt that reports progress all along, and another one begins after retryDelay', async () => {
    const pipelineId = await run(
      engine.current,
      once(),
      shell('A', { attemptTimeout: '20 minutes', retryDelay: '5 minutes' }),
    )
    const { taskId } = await engine.current.take('wg')
    for (let minutes = 0; minutes < 20; minutes += 1) {
      expect(await report(taskId)).toEqual({ canceled: false })
      await engine.current.pass(minuteMs)
    }
    expect(await report(taskId)).toEqual({ canceled: true })
    expect(await engine.current.field(pipelineId, `${at('A')}_Attempt=1`, 'errorId')).toBe('Service_AttemptTimedOut')
    await engine.current.pass(5 * minuteMs)
    expect((await engine.current.take('wg')).attemptId).toBe(`${at('A')}_Attempt=2`)
  })

  test('fails the instance with its last try', async () => {
    const pipelineId = await run(
      engine.current,
      once(),
      shell('A', { attemptTimeout: '10 minutes', maximumRetries: '0' }),
    )
    const { taskId } = await engine.current.take('wg')
    await report(taskId)
    await engine.current.pass(10 * minuteMs)
    await report(taskId)
    expect(await statusOf(pipelineId)).toBe('FAILED')
  })

  test('takes a runner that never comes back for stopped', async () => {
    const pipelineId = await run(
      engine.current,
      once(),
      shell('A', { attemptTimeout: '10 minutes', maximumRetries: '0' }),
    )
    const { taskId } = await engine.current.take('wg')
    await report(taskId)
    await engine.current.pass(15 * minuteMs)
    expect(await statusOf(pipelineId)).toBe('FAILED')
  })

  test('does not count the time before the hand-out, nor that of a pause', async () => {
    const pipelineId = await run(engine.current, once(), shell('A', { attemptTimeout: '10 minutes' }))
    await engine.current.pass(60 * minuteMs)
    await setStatus(engine.current, pipelineId, ['PAUSE', 'A'])
    await engine.current.pass(60 * minuteMs)
    await setStatus(engine.current, pipelineId, ['RESUME', 'A'])
    const { taskId } = await engine.current.take('wg')
    await report(taskId)
    await engine.current.pass(9 * minuteMs)
    expect(await report(taskId)).toEqual({ canceled: false })
  })
})
