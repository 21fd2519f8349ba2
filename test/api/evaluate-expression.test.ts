import { describe, expect, it } from 'vitest'
import { object } from '../builders.ts'
import { errorOf, unknownPipelineId, useService } from '../test-service.ts'

const service = useService()

const instanceId = '@Work_2026-01-01T00:00:00'
const objects = [
  object('Default', { scheduleType: 'ondemand' }),
  object('Work', { type: 'ShellCommandActivity', command: 'true', workerGroup: 'wg', myTable: 'logs' }),
]

async function evaluate(expression: string, objectId = instanceId): Promise<string | undefined> {
  const pipelineId = await service.current.activate(objects)
  return (await service.current.client.evaluateExpression({ pipelineId, objectId, expression })).evaluatedExpression
}

describe('serialization', () => {
  it('answers with the text alone', async () => {
    const pipelineId = await service.current.activate()
    const input = { pipelineId, objectId: 'Work', expression: 'ü "#{1 + 1}"' }
    const { body } = await service.current.call('EvaluateExpression', input)
    expect(body).toBe('{"evaluatedExpression":"ü \\"2\\""}')
  })

  it('takes a text of 20 Mi characters', async () => {
    const script = 'x'.repeat(20_971_520)
    expect(await evaluate(script)).toHaveLength(20_971_520)
  })
})

describe('validation', () => {
  it('refuses a text that is longer', async () => {
    const input = { pipelineId: unknownPipelineId, objectId: 'Work', expression: 'x'.repeat(20_971_521) }
    const { message } = errorOf(await service.current.call('EvaluateExpression', input))
    expect(message).toMatch(/'expression' failed .* Member must have length less than or equal to 20971520$/)
  })

  it.each(['#{', '#{nothing}', '#{1 / 0}'])('says why %s cannot be evaluated', async (expression) => {
    await expect(evaluate(expression)).rejects.toMatchObject({ name: 'InvalidRequestException' })
  })
})

describe('behaviour', () => {
  it('sees the fields and the run of an instance', async () => {
    const expression = "select * from #{myTable} where day = '#{format(@scheduledStartTime, 'YYYY-MM-dd')}'"
    expect(await evaluate(expression)).toBe("select * from logs where day = '2026-01-01'")
  })

  it('leaves what is no expression as it is', async () => {
    expect(await evaluate('echo ${HOME} # {x}')).toBe('echo ${HOME} # {x}')
  })

  it('sees the fields of a component', async () => {
    expect(await evaluate('#{myTable}', 'Work')).toBe('logs')
  })

  it('names the object that the pipeline does not have', async () => {
    await expect(evaluate('#{1}', 'Nothing')).rejects.toMatchObject({
      name: 'InvalidRequestException',
      message: expect.stringContaining('Nothing'),
    })
  })

  it('knows no pipeline of an id that was never given', async () => {
    const input = { pipelineId: unknownPipelineId, objectId: 'Work', expression: '1' }
    const evaluation = service.current.client.evaluateExpression(input)
    await expect(evaluation).rejects.toMatchObject({ name: 'PipelineNotFoundException' })
  })
})
