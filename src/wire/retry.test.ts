import { expect, it } from 'vitest'
import { InternalServiceError, InvalidRequestException, ThrottlingException } from './errors.ts'
import { type Backoff, retryWithBackoff } from './retry.ts'
import { TransportError } from './transport.ts'

it('returns the first answer, and waits for a part of a doubling bound before each further attempt', async () => {
  const failures = [new TransportError('lost'), new InternalServiceError('down'), new ThrottlingException('slow')]
  const { backoff, delaysMs } = recordedBackoff({ firstDelayMs: 100, delayMaxMs: 300 })

  expect(await retryWithBackoff(backoff)(() => failOr('answer', failures))).toBe('answer')
  expect(delaysMs).toEqual([50, 100, 150])
})

it('does not repeat what would fail again', async () => {
  const { backoff, delaysMs } = recordedBackoff({})
  const failure = new InvalidRequestException('wrong')

  await expect(retryWithBackoff(backoff)(() => failOr('answer', [failure]))).rejects.toBe(failure)
  expect(delaysMs).toEqual([])
})

it('gives up after the last attempt with the last failure', async () => {
  const { backoff, delaysMs } = recordedBackoff({ attemptsMax: 2 })
  const failures = [new TransportError('first'), new TransportError('second'), new TransportError('third')]

  await expect(retryWithBackoff(backoff)(() => failOr('answer', failures))).rejects.toThrow('second')
  expect(delaysMs).toHaveLength(1)
})

it('ends with the reason when the signal is aborted during a wait', async () => {
  const reason = new Error('stopped')
  const sleep = () => Promise.reject(reason)
  const retry = retryWithBackoff({ ...recordedBackoff({}).backoff, sleep })

  await expect(retry(() => failOr('answer', [new TransportError('lost')]))).rejects.toBe(reason)
})

function recordedBackoff(overrides: Partial<Backoff>) {
  const delaysMs: number[] = []
  const sleep = async (delayMs: number) => {
    delaysMs.push(delayMs)
  }
  const defaults = { attemptsMax: 5, firstDelayMs: 10, delayMaxMs: 1000, random: () => 0.5 }
  return { backoff: { ...defaults, sleep, ...overrides }, delaysMs }
}

async function failOr(answer: string, failures: Error[]): Promise<string> {
  const failure = failures.shift()
  if (failure !== undefined) throw failure
  return answer
}
