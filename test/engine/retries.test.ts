import { describe, expect, test } from 'vitest'
import { ref } from '../builders.ts'
import { at, minuteMs, once, run, shell, useEngine } from './pipelines.ts'

const engine = useEngine()

const fail = async () => await engine.current.finish(await engine.current.take('wg'), 'FAILED')

describe('a failed attempt', () => {
  test('is repeated twice, ten minutes later, where nothing is said', async () => {
    const pipelineId = await run(engine.current, once(), shell('A'))
    await fail()
    await engine.current.pass(10 * minuteMs - 1)
    expect(await engine.current.poll('wg')).toBeUndefined()
    await engine.current.pass(1)
    await fail()
    await engine.current.pass(10 * minuteMs)
    await fail()
    expect(await engine.current.field(pipelineId, at('A'), '@status')).toBe('FAILED')
    expect(await engine.current.field(pipelineId, at('A'), '@attemptCount')).toBe('3')
  })

  test('is not repeated with maximumRetries 0', async () => {
    const pipelineId = await run(engine.current, once(), shell('A', { maximumRetries: '0' }))
    await fail()
    expect(await engine.current.field(pipelineId, at('A'), '@status')).toBe('FAILED')
  })

  test('keeps its error, and the next attempt begins without it', async () => {
    const pipelineId = await run(engine.current, once(), shell('A', { retryDelay: '2 minutes' }))
    await fail()
    await engine.current.pass(2 * minuteMs)
    await engine.current.finish(await engine.current.take('wg'))
    expect(await engine.current.field(pipelineId, `${at('A')}_Attempt=1`, 'errorMessage')).toBe('it failed')
    expect(await engine.current.field(pipelineId, `${at('A')}_Attempt=1`, '@status')).toBe('FAILED')
    expect(await engine.current.field(pipelineId, `${at('A')}_Attempt=2`, 'errorMessage')).toBe('')
    expect(await engine.current.field(pipelineId, at('A'), '@status')).toBe('FINISHED')
  })

  test('is no failure for others while there are tries left', async () => {
    const pipelineId = await run(
      engine.current,
      once(),
      shell('A'),
      shell('B', { workerGroup: 'b', failureAndRerunMode: 'cascade', dependsOn: ref('A') }),
    )
    await fail()
    expect(await engine.current.field(pipelineId, at('B'), '@status')).toBe('WAITING_ON_DEPENDENCIES')
  })
})
