import { describe, expect, test } from 'vitest'
import { objectId, referenceField, textField } from '../../src/core/definition/pipeline-object.ts'
import type { AttemptRow, PipelineId } from '../../src/store/rows.ts'
import { at, attempt, attemptRow, OTHER_PIPELINE, PIPELINE } from './store-rows.ts'
import type { StoreUnderTest } from './store-under-test.ts'

type SavedRow = Omit<AttemptRow, 'fields'>

export function describeAttempts(place: StoreUnderTest): void {
  const save = (...rows: readonly SavedRow[]) => place.write((transaction) => transaction.saveAttempts(rows))
  const find = (id: string, number: number) => place.store.reads.findAttempt(PIPELINE, objectId(id), number)

  describe('an attempt', () => {
    const failed = attemptRow(
      '@a',
      attempt(2, {
        status: 'FAILED',
        startedAt: at(1),
        endedAt: at(2),
        handOuts: 3,
        hostname: 'ip-10-0-0-1',
        error: { id: 'E', message: '☃ "\n', stackTrace: undefined },
      }),
      {
        componentId: objectId('Report'),
        workerGroup: undefined,
        queuedAt: at(7),
        scheduledStart: at(8),
        scheduledEnd: at(9),
      },
    )

    test('keeps every field, and has no reported ones at first', async () => {
      await save(failed)
      expect(await find('@a', 2)).toEqual({ ...failed, fields: [] })
    })

    test('is found by its instance and number', async () => {
      await save(attemptRow('@a', attempt(1)), failed, attemptRow('@b', attempt(3)))
      expect((await find('@a', 1))?.attempt).toEqual(attempt(1))
      expect(await find('@a', 3)).toBeUndefined()
      expect(await place.store.reads.findAttempt(OTHER_PIPELINE, objectId('@a'), 1)).toBeUndefined()
    })

    test('is listed with its instance by number', async () => {
      const numbers = [10, 9, 1, 2]
      await save(...numbers.map((number) => attemptRow('@a', attempt(number))), attemptRow('@b', attempt(3)))
      const listed = await place.store.reads.listAttempts(PIPELINE, objectId('@a'))
      expect(listed.map((row) => row.attempt.number)).toEqual([1, 2, 9, 10])
    })

    test('that is saved again is replaced, but for its reported fields', async () => {
      const fields = [textField('progress', '50 %'), referenceField('node', objectId('A')), textField('progress', '')]
      const key = { pipelineId: PIPELINE, instanceId: objectId('@a'), number: 2 }
      await save(attemptRow('@a', attempt(1)), attemptRow('@a', attempt(2)), attemptRow('@b', attempt(2)))
      await place.write((transaction) => transaction.updateAttemptFields({ ...key, fields }))
      await save(failed)
      expect(await find('@a', 2)).toEqual({ ...failed, fields })
      expect([(await find('@a', 1))?.fields, (await find('@b', 2))?.fields]).toEqual([[], []])
      await place.write((transaction) => transaction.updateAttemptFields({ ...key, fields: [] }))
      expect((await find('@a', 2))?.fields).toEqual([])
    })
  })

  describe('the next attempt in the queue of a worker group', () => {
    const first = async (workerGroup: string, afterPipelineId = '') => {
      const row = await place.store.reads.nextQueuedAttempt(workerGroup, afterPipelineId)
      return row === undefined ? undefined : `${row.instanceId} ${row.attempt.number}`
    }

    test('is the one that has waited longest', async () => {
      await save(
        attemptRow('@a', attempt(1), { queuedAt: at(3) }),
        attemptRow('@b', attempt(2), { queuedAt: at(1), scheduledStart: at(9) }),
        attemptRow('@c', attempt(1), { queuedAt: at(2) }),
      )
      expect(await first('copiers')).toBe('@b 2')
    })

    test('is of the earliest interval, where several have waited equally long', async () => {
      const starts = [3, 1, 2]
      await save(...starts.map((start) => attemptRow(`@${start}`, attempt(1), { scheduledStart: at(start) })))
      expect(await first('copiers')).toBe('@1 1')
    })

    test('is of the pipeline after the one that was served last, however long that one has waited', async () => {
      const third = 'df-00000000000000000003' as PipelineId
      await save(
        attemptRow('@a', attempt(1), { queuedAt: at(1) }),
        attemptRow('@b', attempt(1), { pipelineId: OTHER_PIPELINE, queuedAt: at(9) }),
        attemptRow('@c', attempt(1), { pipelineId: OTHER_PIPELINE, queuedAt: at(8) }),
        attemptRow('@d', attempt(1), { pipelineId: third, queuedAt: at(5) }),
      )
      expect(await first('copiers', PIPELINE)).toBe('@c 1')
      expect(await first('copiers', OTHER_PIPELINE)).toBe('@d 1')
      expect(await first('copiers', third)).toBe('@a 1')
    })

    test('is of the same pipeline again where no other one has any', async () => {
      await save(attemptRow('@a', attempt(1)))
      expect(await first('copiers', PIPELINE)).toBe('@a 1')
    })

    test('may belong to any pipeline, but to this worker group only, with case respected', async () => {
      await save(
        attemptRow('@a', attempt(1), { workerGroup: 'Copiers' }),
        attemptRow('@b', attempt(1), { workerGroup: undefined }),
        attemptRow('@c', attempt(1), { pipelineId: OTHER_PIPELINE, queuedAt: at(9) }),
      )
      expect([await first('copiers'), await first('Copiers'), await first('')]).toEqual(['@c 1', '@a 1', undefined])
    })

    test('is none that has been handed out, set aside or ended', async () => {
      const statuses = ['RUNNING', 'PAUSED', 'CREATING', 'FINISHED', 'FAILED', 'CANCELED'] as const
      await save(...statuses.map((status, index) => attemptRow(`@${index}`, attempt(1, { status }))))
      expect(await first('copiers')).toBeUndefined()
    })

    test('leaves the queue when it is handed out, and waits anew when it is given back', async () => {
      await save(attemptRow('@a', attempt(1), { queuedAt: at(1) }), attemptRow('@b', attempt(1), { queuedAt: at(2) }))
      await save(attemptRow('@a', attempt(1, { status: 'RUNNING' }), { queuedAt: at(1) }))
      expect(await first('copiers')).toBe('@b 1')
      await save(attemptRow('@a', attempt(1), { queuedAt: at(3) }))
      expect(await first('copiers')).toBe('@b 1')
      await save(attemptRow('@b', attempt(1, { status: 'CANCELED' })))
      expect(await first('copiers')).toBe('@a 1')
    })
  })

  describe('the attempts of a worker group that run', () => {
    const running = async (workerGroup: string, limit = 9) =>
      (await place.store.reads.listRunningAttempts(workerGroup, limit)).map(({ instanceId }) => instanceId)
    const begun = (id: string, startedAt: number, change: Partial<AttemptRow> = {}) =>
      attemptRow(id, attempt(1, { status: 'RUNNING', startedAt: at(startedAt) }), change)

    test('are listed with the one that began first before the others, of all pipelines, up to the limit', async () => {
      await save(begun('@a', 3), begun('@b', 1, { pipelineId: OTHER_PIPELINE }), begun('@c', 2))
      expect([await running('copiers'), await running('copiers', 2)]).toEqual([
        ['@b', '@c', '@a'],
        ['@b', '@c'],
      ])
    })

    test('are none that wait or have ended, and none of another group or of no group', async () => {
      await save(attemptRow('@a', attempt(1)), attemptRow('@b', attempt(1, { status: 'FINISHED' })), begun('@c', 1))
      await save(begun('@d', 1, { workerGroup: 'Copiers' }), begun('@e', 1, { workerGroup: undefined }))
      expect(await running('copiers')).toEqual(['@c'])
    })
  })
}
