import { describe, expect, it } from 'vitest'
import { decodeInput } from './decode-input.ts'

describe('decodeInput', () => {
  it('drops members that the model does not have and members that are null', () => {
    const body = '{"name":"a","uniqueId":"b","description":null,"colour":"red"}'
    expect(decodeInput('CreatePipeline', body)).toEqual({ name: 'a', uniqueId: 'b' })
  })

  it.each([
    ['{', /^The body is not JSON: /],
    ['', /^The body is not JSON: /],
    ['[]', /^LIST_VALUE cannot be converted to object$/],
    ['{"pipelineIds":{}}', /^STRUCTURE_VALUE cannot be converted to array at 'pipelineIds'$/],
    ['{"pipelineIds":["a",1]}', /^NUMBER_VALUE cannot be converted to string at 'pipelineIds.2.member'$/],
  ])('refuses %s, which is not of the shape, as a SerializationException', (body, message) => {
    expect(refusal(() => decodeInput('DescribePipelines', body))).toMatchObject({
      name: 'SerializationException',
      message: expect.stringMatching(message),
    })
  })

  it('refuses a task status of another type as a SerializationException', () => {
    const body = '{"taskId":"t","taskStatus":true}'
    const message = /^BOOLEAN_VALUE cannot be converted to string at 'taskStatus'$/
    expect(refusal(() => decodeInput('SetTaskStatus', body))).toMatchObject({
      name: 'SerializationException',
      message: expect.stringMatching(message),
    })
  })

  it.each([
    ['{}', 'Value null at', 'Member must not be null'],
    ['{"taskStatus":null}', 'Value null at', 'Member must not be null'],
    ['{"taskStatus":"DONE"}', "Value 'DONE' at", 'Member must satisfy enum value set: [FINISHED, FAILED, FALSE]'],
  ])('says what is wrong with the task status in %s', (body, value, constraint) => {
    const message = `${value} 'taskStatus' failed to satisfy constraint: ${constraint}`
    expect(refusal(() => decodeInput('SetTaskStatus', body))).toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(message),
    })
  })

  it('counts and lists all violations, elements of lists counted from 1', () => {
    const body = JSON.stringify({ pipelineId: '', objectIds: ['a', null, 'x'.repeat(1025)] })
    const violations = [
      "Value '' at 'pipelineId' failed to satisfy constraint: Member must have length greater than or equal to 1",
      "Value null at 'objectIds.2.member' failed to satisfy constraint: Member must not be null",
      `Value '${'x'.repeat(256)}…' at 'objectIds.3.member' failed to satisfy constraint: Member must have length less than or equal to 1024`,
    ]
    expect(refusal(() => decodeInput('DescribeObjects', body))).toMatchObject({
      name: 'ValidationException',
      message: `3 validation errors detected: ${violations.join('; ')}`,
    })
  })

  it('lists ten violations at most, and counts all', () => {
    const body = JSON.stringify({ pipelineIds: Array(25).fill('') })
    const { message } = refusal(() => decodeInput('DescribePipelines', body))
    expect(message).toMatch(/^25 validation errors detected: /)
    expect(message.split('; ')).toHaveLength(10)
  })

  it.each(['\\u0000', '\\u001b', '\\ufffe', '\\ud800'])('refuses the character %s in text', (character) => {
    const body = `{"marker":"a${character}"}`
    expect(refusal(() => decodeInput('ListPipelines', body))).toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining('regular expression pattern'),
    })
  })

  it('accepts tabs, line ends and characters beyond the basic plane in text', () => {
    const body = JSON.stringify({ marker: 'a\t\r\n😀' })
    expect(decodeInput('ListPipelines', body)).toEqual({ marker: 'a\t\r\n😀' })
  })
})

function refusal(decode: () => unknown): Error {
  try {
    decode()
  } catch (error) {
    if (error instanceof Error) return error
  }
  throw new Error('Nothing was refused.')
}
