import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { textField } from '../core/definition/pipeline-object.ts'
import { instant } from '../core/instant.ts'
import { createClient } from '../wire/client.ts'
import { type TransportAnswer, TransportError } from '../wire/transport.ts'
import { Lease, LeaseOver, type Result } from './lease.ts'

/** What the service does with each call: it answers, is out of reach, or says nothing. */
type Answer = TransportAnswer | 'unreachable' | 'silent'

const ok = (body: unknown): TransportAnswer => ({ status: 200, headers: {}, body: JSON.stringify(body) })
const exception = (name: string): TransportAnswer => ({
  status: 400,
  headers: {},
  body: JSON.stringify({ __type: name }),
})

const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS

let calls: { readonly operation: string; readonly input: Record<string, unknown> }[]
let answers: { ReportTaskProgress: Answer; SetTaskStatus: Answer }
let patience: AbortController

beforeEach(() => {
  vi.useFakeTimers()
  calls = []
  answers = { ReportTaskProgress: ok({ canceled: false }), SetTaskStatus: ok({}) }
  patience = new AbortController()
})

afterEach(() => {
  vi.useRealTimers()
})

const client = createClient({
  endpoint: 'http://service',
  region: 'us-east-1',
  credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
  now: () => instant(0),
  transport: ({ headers, body }, signal) =>
    new Promise((resolve, reject) => {
      const operation =
        headers['x-amz-target']?.split('.')[1] === 'SetTaskStatus' ? 'SetTaskStatus' : 'ReportTaskProgress'
      calls.push({ operation, input: JSON.parse(body) })
      const answer = answers[operation]
      if (answer === 'unreachable') reject(new TransportError('connection refused'))
      else if (answer === 'silent') signal?.addEventListener('abort', () => reject(signal.reason))
      else resolve(answer)
    }),
})

const begin = (silenceMsMax = 15 * MINUTE_MS) => new Lease({ client, taskId: 'task-1', silenceMsMax })

const finished: Result = { taskStatus: 'FINISHED' }

const operations = () => calls.map(({ operation }) => operation)

test('a task with an early result is never reported on', async () => {
  const lease = begin()
  await vi.advanceTimersByTimeAsync(999)
  expect(await lease.conclude(finished, patience.signal)).toBe('arrived')
  await vi.advanceTimersByTimeAsync(MINUTE_MS)
  expect(calls).toEqual([{ operation: 'SetTaskStatus', input: { taskId: 'task-1', taskStatus: 'FINISHED' } }])
})

test('another one is acknowledged after a second, and reported on every ten', async () => {
  const lease = begin()
  await vi.advanceTimersByTimeAsync(SECOND_MS)
  expect(calls).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(MINUTE_MS)
  expect(calls).toHaveLength(7)
  lease.drop()
})

test('a task that is cancelled must stop', async () => {
  const lease = begin()
  answers.ReportTaskProgress = ok({ canceled: true })
  await vi.advanceTimersByTimeAsync(SECOND_MS)
  expect(lease.signal.reason).toMatchObject({ kind: 'canceled' })
  await vi.advanceTimersByTimeAsync(MINUTE_MS)
  expect(calls).toHaveLength(1)
  lease.drop()
})

test.each(['TaskNotFoundException', 'PipelineNotFoundException', 'PipelineDeletedException'])(
  'a task that the service answers with %s must stop',
  async (name) => {
    const lease = begin()
    answers.ReportTaskProgress = exception(name)
    await vi.advanceTimersByTimeAsync(SECOND_MS)
    expect(lease.signal.reason).toMatchObject({ kind: 'canceled' })
    lease.drop()
  },
)

test('a task that is never acknowledged must stop before the service gives it to another runner after two minutes', async () => {
  const lease = begin()
  answers.ReportTaskProgress = 'unreachable'
  await vi.advanceTimersByTimeAsync(110 * SECOND_MS - 1)
  expect(lease.signal.aborted).toBe(false)
  await vi.advanceTimersByTimeAsync(1)
  expect(lease.signal.reason).toBeInstanceOf(LeaseOver)
  expect(lease.signal.reason).toMatchObject({ kind: 'lost' })
  lease.drop()
})

test('silence is counted from the last report that arrived', async () => {
  const lease = begin(3 * MINUTE_MS)
  await vi.advanceTimersByTimeAsync(SECOND_MS)
  answers.ReportTaskProgress = 'unreachable'
  await vi.advanceTimersByTimeAsync(170 * SECOND_MS - 1)
  expect(lease.signal.aborted).toBe(false)
  await vi.advanceTimersByTimeAsync(1)
  expect(lease.signal.aborted).toBe(true)
  lease.drop()
})

test('a service that comes back in time finds the task going on', async () => {
  const lease = begin(2 * MINUTE_MS)
  for (let outage = 0; outage < 5; outage++) {
    answers.ReportTaskProgress = 'unreachable'
    await vi.advanceTimersByTimeAsync(90 * SECOND_MS)
    answers.ReportTaskProgress = ok({ canceled: false })
    await vi.advanceTimersByTimeAsync(11 * SECOND_MS)
  }
  expect(lease.signal.aborted).toBe(false)
  lease.drop()
})

test('a call that is never answered is given up and made again', async () => {
  const lease = begin()
  answers.ReportTaskProgress = 'silent'
  await vi.advanceTimersByTimeAsync(31 * SECOND_MS)
  expect(calls).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(SECOND_MS)
  expect(calls).toHaveLength(2)
  lease.drop()
})

test('a refusal that is about something else does not end the lease', async () => {
  const lease = begin()
  answers.ReportTaskProgress = exception('InvalidSignatureException')
  await vi.advanceTimersByTimeAsync(100 * SECOND_MS)
  expect(lease.signal.aborted).toBe(false)
  lease.drop()
})

test('fields go with the next report, or before the result', async () => {
  const lease = begin()
  lease.reportFields([textField('emrStepLog', 'a'), textField('emrStepLog', 'b')])
  await vi.advanceTimersByTimeAsync(11 * SECOND_MS)
  expect(calls.map(({ input }) => input.fields)).toEqual([[{ key: 'emrStepLog', stringValue: 'b' }], []])
  lease.reportFields([textField('hadoopJobLog', 'c')])
  await lease.conclude(finished, patience.signal)
  expect(operations().slice(2)).toEqual(['ReportTaskProgress', 'SetTaskStatus'])
  expect(calls[2]?.input.fields).toEqual([{ key: 'hadoopJobLog', stringValue: 'c' }])
})

test('a result is reported until it arrives', async () => {
  const lease = begin()
  answers.SetTaskStatus = 'unreachable'
  const outcome = lease.conclude(finished, patience.signal)
  await vi.advanceTimersByTimeAsync(MINUTE_MS)
  answers.SetTaskStatus = ok({})
  await vi.advanceTimersByTimeAsync(5 * SECOND_MS)
  expect(await outcome).toBe('arrived')
})

test('a result is given up when the lease is over', async () => {
  const lease = begin()
  answers.SetTaskStatus = 'unreachable'
  const outcome = lease.conclude(finished, patience.signal)
  await vi.advanceTimersByTimeAsync(2 * MINUTE_MS)
  expect(await outcome).toBe('undelivered')
})

test('a result is given up when the runner has no more patience', async () => {
  const lease = begin()
  answers.SetTaskStatus = 'silent'
  const outcome = lease.conclude(finished, patience.signal)
  await vi.advanceTimersByTimeAsync(SECOND_MS)
  patience.abort()
  expect(await outcome).toBe('undelivered')
})

test.each(['TaskNotFoundException', 'InvalidRequestException'])(
  'a result that is answered with %s is not repeated',
  async (name) => {
    answers.SetTaskStatus = exception(name)
    expect(await begin().conclude(finished, patience.signal)).toBe('unwanted')
    expect(operations()).toEqual(['SetTaskStatus'])
  },
)
