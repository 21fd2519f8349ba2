import { describe, expect, test } from 'vitest'
import { at, edit, hourMs, run, schedule, shell, useEngine } from './pipelines.ts'

const engine = useEngine()

const finishAll = async () => {
  for (let task = await engine.current.poll('wg'); task !== undefined; task = await engine.current.poll('wg')) {
    await engine.current.finish(task)
  }
}

describe('a FINISHED pipeline', () => {
  test.each([
    ['a later end', { endDateTime: '2026-01-01T01:00:00' }, { endDateTime: '2026-01-01T03:00:00' }],
    ['more occurrences', { occurrences: '1' }, { occurrences: '3' }],
    ['no end', { occurrences: '1' }, {}],
  ])('goes on with %s, from the interval after its last one', async (_, before, after) => {
    const pipelineId = await run(engine.current, schedule(before), shell('A'))
    await finishAll()
    expect(await engine.current.state(pipelineId)).toBe('FINISHED')
    const [finished] = await engine.current.engine.describePipelines([pipelineId])
    expect(finished?.fields.map(({ key }) => key)).toContain('@finishedTime')
    await engine.current.pass(2 * hourMs)
    await edit(engine.current, pipelineId, [schedule(after), shell('A')])
    expect(await engine.current.state(pipelineId)).toBe('SCHEDULED')
    expect(await engine.current.statuses(pipelineId)).toEqual({
      [at('A')]: 'FINISHED',
      [at('A', '01:00:00')]: 'WAITING_FOR_RUNNER',
      [at('A', '02:00:00')]: 'WAITING_FOR_RUNNER',
    })
  })

  test('that is activated as it is stays FINISHED', async () => {
    const pipelineId = await run(engine.current, schedule({ occurrences: '1' }), shell('A'))
    await finishAll()
    await edit(engine.current, pipelineId, [schedule({ occurrences: '1' }), shell('A')])
    expect(await engine.current.state(pipelineId)).toBe('FINISHED')
    expect(Object.keys(await engine.current.statuses(pipelineId))).toEqual([at('A')])
  })

  test('is not one that has an instance which waits for ever', async () => {
    const pipelineId = await run(engine.current, schedule({ occurrences: '1' }), shell('A', { workerGroup: 'nobody' }))
    await engine.current.pass(2 * hourMs)
    expect(await engine.current.state(pipelineId)).toBe('SCHEDULED')
  })
})
