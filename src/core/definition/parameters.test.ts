import { describe, expect, test } from 'vitest'
import { definition, parameter, values } from '../../../test/builders.ts'
import { isSecret, parameterEntries } from './parameters.ts'
import type { ParameterObject, ParameterValue } from './pipeline-object.ts'

const parametersOf = (
  parameterObjects: readonly ParameterObject[],
  parameterValues: readonly ParameterValue[] = [],
  activationValues?: readonly ParameterValue[],
) => parameterEntries(definition([], { parameterObjects, parameterValues }), activationValues)

const text = (value: string) => ({ kind: 'string', text: value })

describe('precedence', () => {
  const declared = [parameter('myX', { default: 'from default' })]

  test('a default holds where no value is given', () => {
    expect(parametersOf(declared).entries.get('myX')).toEqual([text('from default')])
  })

  test('a value of the definition beats the default', () => {
    expect(parametersOf(declared, values('myX', 'put')).entries.get('myX')).toEqual([text('put')])
  })

  test('a value given at activation beats both', () => {
    const { entries } = parametersOf(declared, values('myX', 'put'), values('myX', 'activated'))
    expect(entries.get('myX')).toEqual([text('activated')])
  })

  test('the values of an array are replaced all at once', () => {
    const list = [parameter('myList', { isArray: 'true', default: ['a', 'b', 'c'] })]
    expect(parametersOf(list, values('myList', 'x', 'y')).entries.get('myList')).toEqual([text('x'), text('y')])
  })
})

describe('missing values', () => {
  test('are a warning while the definition is stored, and an error at activation', () => {
    expect(parametersOf([parameter('myX')]).problems).toMatchObject([{ severity: 'warning', parameterId: 'myX' }])
    expect(parametersOf([parameter('myX')], [], []).problems).toMatchObject([{ severity: 'error', parameterId: 'myX' }])
    expect(parametersOf([parameter('myX')]).entries.has('myX')).toBe(false)
  })

  test('of an optional parameter are no problem, and leave it there without a value', () => {
    const { entries, problems } = parametersOf([parameter('myX', { optional: 'TRUE' })], [], [])
    expect(problems).toEqual([])
    expect(entries.get('myX')).toEqual([])
  })

  test('an empty text is a value', () => {
    expect(parametersOf([parameter('myX')], values('myX', ''), []).problems).toEqual([])
  })
})

describe('types', () => {
  test.each([
    ['Integer', '12', { kind: 'value', value: { kind: 'integer', number: 12 } }],
    ['integer', '-3', { kind: 'value', value: { kind: 'integer', number: -3 } }],
    ['Double', '0.25', { kind: 'value', value: { kind: 'double', number: 0.25 } }],
    ['String', '12', text('12')],
    ['AWS::S3::ObjectKey', 's3://b/k', text('s3://b/k')],
    ['Integer', '#{1 + 1}', text('#{1 + 1}')],
  ])('%s reads %s', (type, value, entry) => {
    const { entries, problems } = parametersOf([parameter('myX', { type })], values('myX', value))
    expect(entries.get('myX')).toEqual([entry])
    expect(problems).toEqual([])
  })

  test.each([
    ['Integer', '1.5', 'error', "Parameter 'myX' must be an Integer, but is '1.5'. Give a whole number such as 12."],
    ['Double', 'half', 'error', "Parameter 'myX' must be a Double, but is 'half'. Give a number such as 0.25."],
    [
      'AWS::S3::ObjectKey',
      '/tmp/x',
      'warning',
      "Parameter 'myX' should be an S3 path, but is '/tmp/x'. Give one such as s3://bucket/folder.",
    ],
  ])('%s refuses %s', (type, value, ...expected) => {
    const [severity, message] = expected
    const { problems } = parametersOf([parameter('myX', { type })], values('myX', value))
    expect(problems).toEqual([{ severity, parameterId: 'myX', valueIndex: 0, message }])
  })

  test('an optional number with an empty value has no value', () => {
    const declared = [parameter('myX', { type: 'Integer', optional: 'true' })]
    expect(parametersOf(declared, values('myX', '')).entries.get('myX')).toEqual([])
  })

  test('the keys of attributes are taken in any case', () => {
    const { entries } = parametersOf([parameter('myX', { Type: 'Integer', Default: '7' })])
    expect(entries.get('myX')).toEqual([{ kind: 'value', value: { kind: 'integer', number: 7 } }])
  })
})

test('a single allowed value, all that an old console exported of several, refuses nothing', () => {
  const exported = [parameter('myMode', { allowedValues: 'TRUNCATE', default: 'APPEND' })]
  expect(parametersOf(exported, []).problems).toMatchObject([{ severity: 'warning', parameterId: 'myMode' }])
})

test('a value that is not among the allowed ones is an error', () => {
  const declared = [parameter('myX', { allowedValues: ['a', 'b'] })]
  expect(parametersOf(declared, values('myX', 'b')).problems).toEqual([])
  expect(parametersOf(declared, values('myX', 'c')).problems).toMatchObject([
    {
      severity: 'error',
      message:
        "Parameter 'myX' must be one of 'a', 'b', but is 'c'. Give one of them, or add this one to 'allowedValues'.",
    },
  ])
})

test('several values need an array', () => {
  expect(parametersOf([parameter('myX')], values('myX', '1', '2')).problems).toMatchObject([{ severity: 'error' }])
  expect(parametersOf([parameter('myX', { isArray: 'true' })], values('myX', '1', '2')).problems).toEqual([])
})

test('a value of an undeclared parameter counts, with a warning', () => {
  const { entries, problems } = parametersOf([], values('myX', 'v'))
  expect(entries.get('myX')).toEqual([text('v')])
  expect(problems).toMatchObject([{ severity: 'warning', parameterId: 'myX' }])
})

test('the value of a secret never appears in a message', () => {
  const declared = [parameter('*myPwd', { type: 'Integer', allowedValues: ['1'] })]
  const messages = parametersOf(declared, values('*myPwd', 'hunter2')).problems.map(({ message }) => message)
  expect(messages).toHaveLength(2)
  expect(messages.join()).not.toContain('hunter2')
  expect(isSecret('*myPwd') && !isSecret('myPwd')).toBe(true)
})
