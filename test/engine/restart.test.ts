import { describe, expect, test } from 'vitest'
import { object, ref } from '../builders.ts'
import {
  at,
  groupOf,
  hourMs,
  machine,
  minuteMs,
  once,
  onMachine,
  run,
  schedule,
  shell,
  useEngine,
} from './pipelines.ts'

const engine = useEngine()

type Pipeline = Parameters<typeof engine.current.statuses>[0]

const statusOf = async (pipelineId: Pipeline, id: string) => await engine.current.field(pipelineId, id, '@status')

const alarm = object('Alarm', { type: 'SnsAlarm', topicArn: 't', subject: 's', message: 'm', role: 'r' })
const key = (fields = {}) => object('Key', { type: 'S3KeyExists', role: 'r', s3Key: 's3://b/k', ...fields })

describe('a restart in the middle of the wait for', () => {
  /** What is waited for: how it comes about, for how long, and what shows that it is over. */
  const waits: Readonly<
    Record<string, { begin: () => Promise<Pipeline>; waitMs: number; id: string; before: string; after: string }>
  > = {
    'the next interval': {
      begin: async () => await run(engine.current, schedule({ startDateTime: '2026-01-01T01:00:00' }), shell('A')),
      waitMs: hourMs,
      id: at('A', '01:00:00'),
      before: 'not there',
      after: 'WAITING_FOR_RUNNER',
    },
    'the next try of a machine': {
      begin: async () => {
        engine.current.machines.mode = 'fail'
        const pipelineId = await run(engine.current, once(), machine({ retryDelay: '30 minutes' }), onMachine('A'))
        engine.current.machines.mode = 'up'
        return pipelineId
      },
      waitMs: 30 * minuteMs,
      id: at('M'),
      before: 'CREATING',
      after: 'RUNNING',
    },
    'the acknowledgement of a task': {
      begin: async () => {
        const pipelineId = await run(engine.current, once(), shell('A'))
        await engine.current.take('wg')
        return pipelineId
      },
      waitMs: 2 * minuteMs,
      id: at('A'),
      before: 'RUNNING',
      after: 'WAITING_FOR_RUNNER',
    },
    reportProgressTimeout: {
      begin: async () => {
        const objects = [once(), shell('A', { reportProgressTimeout: '30 minutes', maximumRetries: '0' })]
        const pipelineId = await run(engine.current, ...objects)
        const { taskId } = await engine.current.take('wg')
        await engine.current.engine.reportTaskProgress({ taskId, fields: [] })
        return pipelineId
      },
      waitMs: 30 * minuteMs,
      id: at('A'),
      before: 'RUNNING',
      after: 'FAILED',
    },
    preconditionTimeout: {
      begin: async () => {
        engine.current.checkResult = { kind: 'notYet', message: 'no key' }
        return await run(
          engine.current,
          once(),
          key({ preconditionTimeout: '1 hour' }),
          shell('A', { precondition: ref('Key') }),
        )
      },
      waitMs: hourMs,
      id: at('Key'),
      before: 'RUNNING',
      after: 'FAILED',
    },
    initTimeout: {
      begin: async () => {
        engine.current.machines.mode = 'wait'
        const fields = { initTimeout: '20 minutes', maximumRetries: '0' }
        return await run(engine.current, once(), machine(fields), onMachine('A'))
      },
      waitMs: 20 * minuteMs,
      id: at('M'),
      before: 'CREATING',
      after: 'FAILED',
    },
    terminateAfter: {
      begin: async () => await run(engine.current, once(), machine({ terminateAfter: '1 hour' }), onMachine('A')),
      waitMs: hourMs,
      id: at('M'),
      before: 'RUNNING',
      after: 'TIMEDOUT',
    },
  }

  test.each(Object.entries(waits))('%s changes nothing of it', async (_, { begin, waitMs, id, before, after }) => {
    const pipelineId = await begin()
    const status = async () =>
      id in (await engine.current.statuses(pipelineId)) ? await statusOf(pipelineId, id) : 'not there'
    await engine.current.pass(waitMs / 2)
    await engine.current.restart()
    await engine.current.pass(Math.max(0, waitMs / 2 - 1))
    expect(await status()).toBe(before)
    await engine.current.restart()
    await engine.current.pass(1)
    expect(await status()).toBe(after)
    expect(engine.current.errors).toEqual([])
    engine.current.machines.goOn('up')
  })

  test('the next try does not bring it earlier or later', async () => {
    await run(engine.current, once(), shell('A', { retryDelay: '10 minutes' }))
    await engine.current.finish(await engine.current.take('wg'), 'FAILED')
    await engine.current.pass(9 * minuteMs)
    await engine.current.restart()
    expect(await engine.current.poll('wg')).toBeUndefined()
    await engine.current.pass(minuteMs)
    expect((await engine.current.take('wg')).attemptId).toBe(`${at('A')}_Attempt=2`)
  })

  test('attemptTimeout stops the attempt all the same', async () => {
    await run(engine.current, once(), shell('A', { attemptTimeout: '20 minutes' }))
    const { taskId } = await engine.current.take('wg')
    const report = async () => await engine.current.engine.reportTaskProgress({ taskId, fields: [] })
    await report()
    await engine.current.pass(10 * minuteMs)
    await engine.current.restart()
    expect(await report()).toEqual({ canceled: false })
    await engine.current.pass(10 * minuteMs)
    expect(await report()).toEqual({ canceled: true })
  })

  test('the next check of a precondition lets it be checked', async () => {
    engine.current.checkResult = { kind: 'notYet', message: 'no key' }
    const pipelineId = await run(
      engine.current,
      once(),
      key({ retryDelay: '5 minutes' }),
      shell('A', { precondition: ref('Key') }),
    )
    await engine.current.pass(4 * minuteMs)
    await engine.current.restart()
    engine.current.checkResult = { kind: 'met' }
    expect(await statusOf(pipelineId, at('Key'))).toBe('RUNNING')
    await engine.current.pass(minuteMs)
    expect(await statusOf(pipelineId, at('Key'))).toBe('FINISHED')
  })

  test('lateness says so once', async () => {
    await run(engine.current, once(), alarm, shell('A', { lateAfterTimeout: '30 minutes', onLateAction: ref('Alarm') }))
    await engine.current.pass(20 * minuteMs)
    await engine.current.restart()
    await engine.current.pass(10 * minuteMs)
    await engine.current.restart()
    await engine.current.pass(hourMs)
    expect(engine.current.notifications).toHaveLength(1)
  })
})

describe('time that passes while no server runs', () => {
  test('is caught up: what became due meanwhile is done at the start', async () => {
    const pipelineId = await run(engine.current, schedule(), shell('A', { retryDelay: '10 minutes' }))
    await engine.current.finish(await engine.current.take('wg'), 'FAILED')
    await engine.current.engine.stop()
    engine.current.clock.advance(3 * hourMs)
    await engine.current.restart()
    expect(Object.keys(await engine.current.statuses(pipelineId))).toHaveLength(4)
    expect((await engine.current.take('wg')).attemptId).toContain('@A')
  })
})

describe('a restart', () => {
  test('leaves a task with the runner that has it, whose result counts', async () => {
    const pipelineId = await run(engine.current, once(), machine(), onMachine('A'))
    const task = await engine.current.take(groupOf(pipelineId))
    await engine.current.restart()
    expect(engine.current.machines.up.size).toBe(1)
    await engine.current.finish(task)
    expect(await engine.current.state(pipelineId)).toBe('FINISHED')
    expect(engine.current.machines.up.size).toBe(0)
  })

  test('between the slices of a backfill makes each instance once', async () => {
    const many = schedule({
      period: '1 minute',
      startDateTime: '2025-12-31T12:00:00',
      endDateTime: '2026-01-01T00:00:00',
    })
    const pipelineId = await engine.current.put({
      objects: [many, shell('A')],
      parameterObjects: [],
      parameterValues: [],
    })
    await engine.current.engine.activatePipeline({ pipelineId, parameterValues: [], startAt: undefined })
    const open = async () => (await engine.current.store.reads.findPipeline(pipelineId))?.openInstances ?? 0
    while ((await open()) === 0) await new Promise((resolve) => setImmediate(resolve))
    await engine.current.restart()
    expect(await open()).toBe(720)
  })
})
