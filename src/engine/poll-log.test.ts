import { expect, test } from 'vitest'
import { TestClock } from '../../test/test-clock.ts'
import { startOfTest } from '../../test/test-engine.ts'
import { PollLog } from './poll-log.ts'

const poll = { workerGroup: 'wg', hostname: 'host' }

test('a poll is open while it waits, and remembered with its end afterwards', async () => {
  const clock = new TestClock(startOfTest)
  const log = new PollLog(clock)
  expect([log.since, log.latest('wg')]).toEqual([startOfTest, undefined])
  const { promise, resolve } = Promise.withResolvers<string>()
  const answered = log.during(poll, () => promise)
  expect(log.latest('wg')).toEqual({ openCount: 1, at: startOfTest, hostname: 'host' })
  clock.advance(90_000)
  resolve('task')
  expect(await answered).toBe('task')
  expect(log.latest('wg')).toEqual({ openCount: 0, at: startOfTest + 90_000, hostname: 'host' })
})

test('a poll that fails is over as well', async () => {
  const log = new PollLog(new TestClock(startOfTest))
  await expect(log.during(poll, () => Promise.reject(new Error('stopped')))).rejects.toThrow('stopped')
  expect(log.latest('wg')?.openCount).toBe(0)
})

test('of more worker groups than are remembered the one polled longest ago is forgotten', async () => {
  const log = new PollLog(new TestClock(startOfTest))
  for (let index = 0; index <= 10_000; index += 1) {
    await log.during({ ...poll, workerGroup: `wg-${index}` }, async () => undefined)
  }
  expect([log.latest('wg-0'), log.latest('wg-1')?.openCount]).toEqual([undefined, 0])
})
