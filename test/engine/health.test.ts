import { describe, expect, test } from 'vitest'
import { object, ref } from '../builders.ts'
import { at, hourMs, machine, once, onMachine, run, schedule, setStatus, shell, useEngine } from './pipelines.ts'

const engine = useEngine()

type Pipeline = Parameters<typeof engine.current.statuses>[0]

const healthOf = async (pipelineId: Pipeline, id: string) => await engine.current.field(pipelineId, id, '@healthStatus')

const pipelineHealth = async (pipelineId: Pipeline) =>
  (await engine.current.store.reads.findPipeline(pipelineId))?.health

const noRetry = { maximumRetries: '0' }

describe('the health of a component', () => {
  test('is unknown before an instance has ended', async () => {
    const pipelineId = await run(engine.current, once(), shell('A'))
    expect([await healthOf(pipelineId, 'A'), await pipelineHealth(pipelineId)]).toEqual(['', undefined])
  })

  test('is that of the instance which ended last, and names it', async () => {
    const pipelineId = await run(engine.current, schedule(), shell('A', noRetry))
    await engine.current.pass(hourMs)
    const [first, second] = [await engine.current.take('wg'), await engine.current.take('wg')]
    await engine.current.finish(second, 'FAILED')
    expect(await healthOf(pipelineId, 'A')).toBe('ERROR')
    expect(await engine.current.field(pipelineId, 'A', '@healthStatusFromInstanceId')).toBe(at('A', '01:00:00'))
    await engine.current.pass(1000)
    await engine.current.finish(first)
    expect(await healthOf(pipelineId, 'A')).toBe('HEALTHY')
    expect(await engine.current.field(pipelineId, 'A', '@healthStatusFromInstanceId')).toBe(at('A'))
    expect(await engine.current.field(pipelineId, 'A', '@healthStatusUpdatedTime')).toBe('2026-01-01T01:00:01')
  })

  test('is ERROR when an instance is cancelled, and not when it is CASCADE_FAILED', async () => {
    const hit = shell('B', { dependsOn: ref('A'), failureAndRerunMode: 'cascade' })
    const pipelineId = await run(engine.current, once(), shell('A'), hit)
    await setStatus(engine.current, pipelineId, ['TRY_CANCEL', at('A')])
    expect([await healthOf(pipelineId, 'A'), await healthOf(pipelineId, 'B')]).toEqual(['ERROR', ''])
  })

  test('is ERROR when its precondition fails', async () => {
    engine.current.checkResult = new Error('denied')
    const key = object('Key', { type: 'S3KeyExists', role: 'r', s3Key: 's3://b/k', ...noRetry })
    const pipelineId = await run(engine.current, once(), key, shell('A', { precondition: ref('Key') }))
    expect([await healthOf(pipelineId, 'A'), await healthOf(pipelineId, 'Key')]).toEqual(['ERROR', ''])
  })

  test('is ERROR between a failure and the end of the rerun, and HEALTHY after that', async () => {
    const pipelineId = await run(engine.current, once(), shell('A', noRetry))
    await engine.current.finish(await engine.current.take('wg'), 'FAILED')
    await setStatus(engine.current, pipelineId, ['RERUN', at('A')])
    expect(await healthOf(pipelineId, 'A')).toBe('ERROR')
    await engine.current.finish(await engine.current.take('wg'))
    expect([await healthOf(pipelineId, 'A'), await pipelineHealth(pipelineId)]).toEqual(['HEALTHY', 'HEALTHY'])
  })

  test('is not changed by a try that fails and is repeated', async () => {
    const pipelineId = await run(engine.current, once(), shell('A'))
    await engine.current.finish(await engine.current.take('wg'), 'FAILED')
    expect(await healthOf(pipelineId, 'A')).toBe('')
  })
})

describe('the health of a pipeline', () => {
  test('is ERROR as long as one of its components is', async () => {
    const pipelineId = await run(engine.current, once(), shell('A', noRetry), shell('B', { workerGroup: 'b' }))
    await engine.current.finish(await engine.current.take('b'))
    expect(await pipelineHealth(pipelineId)).toBe('HEALTHY')
    await engine.current.finish(await engine.current.take('wg'), 'FAILED')
    expect(await pipelineHealth(pipelineId)).toBe('ERROR')
    await setStatus(engine.current, pipelineId, ['MARK_FINISHED', at('A')])
    expect(await pipelineHealth(pipelineId)).toBe('HEALTHY')
  })

  test('does not depend on machines', async () => {
    engine.current.machines.mode = 'fail'
    const pipelineId = await run(engine.current, once(), machine(noRetry), onMachine('A'))
    expect([await healthOf(pipelineId, 'M'), await healthOf(pipelineId, 'A')]).toEqual(['', 'ERROR'])
  })
})
