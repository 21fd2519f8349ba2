import { describe, expect, test } from 'vitest'
import { objectId } from '../../src/core/definition/pipeline-object.ts'
import type { NotificationRow, OutboxCommand, TimerRow } from '../../src/store/rows.ts'
import { at, OTHER_PIPELINE, PIPELINE } from './store-rows.ts'
import type { StoreUnderTest } from './store-under-test.ts'

const timer = (subjectId: string, kind: TimerRow['kind'], dueAt: number): TimerRow => ({
  pipelineId: PIPELINE,
  subjectId: objectId(subjectId),
  kind,
  dueAt: at(dueAt),
})

const ofOther = (row: TimerRow): TimerRow => ({ ...row, pipelineId: OTHER_PIPELINE })

/** What is to be done later: timers, the outbox and what was told to people. */
export function describeQueues(place: StoreUnderTest): void {
  describe('a timer', () => {
    const set = (...rows: readonly TimerRow[]) => place.write((transaction) => transaction.saveTimers(rows))
    const due = (now: number, limit = 100) => place.store.reads.listDueTimers(at(now), limit)

    test('is due at its time and not before', async () => {
      await set(timer('@a', 'retryDue', 5))
      expect([await due(4), await due(5)]).toEqual([[], [timer('@a', 'retryDue', 5)]])
    })

    test('is listed with the earliest first, of all pipelines, up to the limit', async () => {
      const rows = [timer('@a', 'late', 3), ofOther(timer('', 'schedule', 1)), timer('@a', 'leaseExpired', 2)]
      await set(...rows)
      expect(await due(9)).toEqual([rows[1], rows[2], rows[0]])
      expect(await due(9, 2)).toEqual([rows[1], rows[2]])
    })

    test('replaces one of the same pipeline, subject and kind, and no other', async () => {
      const others = [timer('@a', 'late', 7), timer('@b', 'leaseExpired', 8), ofOther(timer('@a', 'leaseExpired', 9))]
      await set(timer('@a', 'leaseExpired', 1), ...others)
      await set(timer('@a', 'leaseExpired', 6))
      expect(await due(99)).toEqual([timer('@a', 'leaseExpired', 6), ...others])
    })

    test('is deleted by pipeline, subject and kind', async () => {
      const kept = [timer('@a', 'late', 2), timer('@b', 'retryDue', 3), ofOther(timer('@a', 'retryDue', 4))]
      await set(timer('@a', 'retryDue', 1), ...kept)
      const { pipelineId, subjectId, kind } = timer('@a', 'retryDue', 1)
      await place.write((transaction) => transaction.deleteTimers([{ pipelineId, subjectId, kind }]))
      expect(await due(99)).toEqual(kept)
    })

    test('is deleted with all of its subject', async () => {
      const kept = [timer('@b', 'late', 3), ofOther(timer('@a', 'late', 4)), timer('', 'schedule', 5)]
      await set(timer('@a', 'late', 1), timer('@a', 'retryDue', 2), ...kept)
      await place.write((transaction) =>
        transaction.deleteTimersOf([{ pipelineId: PIPELINE, subjectId: objectId('@a') }]),
      )
      expect(await due(99)).toEqual(kept)
    })

    test('is listed with its subject, by kind', async () => {
      await set(
        timer('@a', 'retryDue', 1),
        timer('@b', 'late', 2),
        timer('@a', 'late', 3),
        ofOther(timer('@a', 'late', 4)),
      )
      expect(await place.store.reads.listTimers(PIPELINE, objectId('@a'))).toEqual([
        timer('@a', 'late', 3),
        timer('@a', 'retryDue', 1),
      ])
    })

    test('is the next one if none is earlier', async () => {
      expect(await place.store.reads.nextTimerAt()).toBeUndefined()
      await set(timer('@a', 'late', 7), timer('@b', 'late', 5), timer('@c', 'late', 9))
      expect(await place.store.reads.nextTimerAt()).toBe(at(5))
      await set(timer('@b', 'late', 8))
      expect(await place.store.reads.nextTimerAt()).toBe(at(7))
    })
  })

  describe('the outbox', () => {
    const commands: readonly OutboxCommand[] = [
      { kind: 'check' },
      { kind: 'createMachine', machineNumber: 2 },
      { kind: 'terminateMachine', machineNumber: 2 },
    ]
    const put = (...each: readonly OutboxCommand[]) =>
      place.write((transaction) =>
        transaction.insertOutbox(
          each.map((command) => ({ pipelineId: PIPELINE, instanceId: objectId('@a'), command })),
        ),
      )
    const list = (afterSequence = 0, limit = 100) => place.store.reads.listOutbox(afterSequence, limit)

    test('gives the commands in the order in which they came, with rising numbers', async () => {
      await put(...commands.slice(0, 2))
      await put(...commands.slice(2))
      const rows = await list()
      expect(rows.map(({ pipelineId, instanceId, command }) => ({ pipelineId, instanceId, command }))).toEqual(
        commands.map((command) => ({ pipelineId: PIPELINE, instanceId: '@a', command })),
      )
      const sequences = rows.map(({ sequence }) => sequence)
      expect(sequences).toEqual([...new Set(sequences)].toSorted((left, right) => left - right))
    })

    test('goes on after a number, up to the limit', async () => {
      await put(...commands)
      const rows = await list()
      expect(await list(rows[0]?.sequence, 2)).toEqual(rows.slice(1, 3))
    })

    test('forgets what has been performed', async () => {
      await put(...commands)
      const rows = await list()
      await place.write((transaction) => transaction.deleteOutbox(rows[1]?.sequence ?? 0))
      expect(await list()).toEqual(rows.filter((_, index) => index !== 1))
    })

    test('counts how often a command has failed', async () => {
      await put(...commands.slice(0, 2))
      const [first, second] = await list()
      await place.write((transaction) => transaction.updateOutboxFailures(first?.sequence ?? 0, 3))
      expect(await list()).toEqual([{ ...first, failures: 3 }, second])
      expect(second?.failures).toBe(0)
    })

    test('gives no number twice, not even when it has been empty', async () => {
      await put({ kind: 'check' })
      const before = (await list())[0]?.sequence ?? Number.NaN
      await place.write((transaction) => transaction.deleteOutbox(before))
      await put({ kind: 'check' })
      expect((await list())[0]?.sequence).toBeGreaterThan(before)
      expect(await list(before)).toHaveLength(1)
    })
  })

  describe('a notification', () => {
    const notification = (subject: string, pipelineId = PIPELINE): Omit<NotificationRow, 'sequence'> => ({
      pipelineId,
      instanceId: objectId('@a'),
      topicArn: 'arn:aws:sns:us-east-1:123456789012:alarms',
      subject,
      message: 'It failed ☃\n"',
      sentAt: at(3),
      error: undefined,
    })

    test('is kept whole, in the order in which it was sent, with those of its pipeline', async () => {
      await place.write(async (transaction) => {
        for (const subject of ['c', 'a', 'b']) await transaction.insertNotification(notification(subject))
        await transaction.insertNotification(notification('d', OTHER_PIPELINE))
      })
      const listed = await place.store.reads.listNotifications(PIPELINE, 2)
      expect(listed).toEqual([
        { ...notification('c'), sequence: expect.any(Number) },
        { ...notification('a'), sequence: expect.any(Number) },
      ])
      expect(await place.store.reads.listNotifications(OTHER_PIPELINE, 9)).toHaveLength(1)
    })

    test('that could not be delivered is found with its instance, the latest first', async () => {
      const undelivered = (subject: string, id = '@a') => ({
        ...notification(subject),
        instanceId: objectId(id),
        error: 'No topic ☃',
      })
      await place.write(async (transaction) => {
        await transaction.insertNotification(notification('delivered'))
        for (const subject of ['1', '2', '3']) await transaction.insertNotification(undelivered(subject))
        await transaction.insertNotification(undelivered('other', '@b'))
      })
      const list = (id: string) =>
        place.store.reads.listUndeliveredNotifications(PIPELINE, { instanceId: objectId(id), limit: 2 })
      expect(await list('@a')).toEqual([
        { ...undelivered('3'), sequence: expect.any(Number) },
        { ...undelivered('2'), sequence: expect.any(Number) },
      ])
      expect(await list('@c')).toEqual([])
    })
  })
}
