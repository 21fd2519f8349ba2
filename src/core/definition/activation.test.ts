import { expect, test } from 'vitest'
import { definition, object, parameter, ref, values } from '../../../test/builders.ts'
import { pipeline, shell, shortForms } from '../../../test/validation.ts'
import { parseInstant } from '../instant.ts'
import { judgeActivation, withActivationValues } from './activation.ts'
import { awsLimits, defaultLimits } from './limits.ts'

const now = parseInstant('2026-06-01T12:00:00') ?? fail()

function fail(): never {
  throw new Error('The time of these tests cannot be read.')
}

const weekly = object('Daily', { type: 'Schedule', period: '1 day', startDateTime: '2026-05-01T00:00:00' })

const errors = (...args: Parameters<typeof judgeActivation>) =>
  shortForms(judgeActivation(...args)).filter((problem) => problem.startsWith('error'))

test('a start more than a day ago is an error at the first activation under the limits of AWS alone', () => {
  const late = pipeline(weekly, shell('A'))
  const circumstances = { limits: awsLimits, now, parameterValues: undefined, turn: 'first' } as const
  expect(errors(late, circumstances)).toEqual([expect.stringContaining('error Daily.startDateTime')])
  expect(errors(late, { ...circumstances, turn: 'later' })).toEqual([])
  expect(errors(late, { ...circumstances, limits: defaultLimits })).toEqual([])
})

test('a parameter without a value is an error once all values are known', () => {
  const { objects } = pipeline(shell('A', { command: 'echo #{myX}' }))
  const needing = definition(objects, { parameterObjects: [parameter('myX', { type: 'String' })] })
  const circumstances = { limits: defaultLimits, now, turn: 'first' } as const
  expect(errors(needing, { ...circumstances, parameterValues: undefined })).toEqual([])
  expect(errors(needing, { ...circumstances, parameterValues: [] })).toEqual([
    expect.stringContaining("'myX' has no value"),
  ])
  expect(errors(needing, { ...circumstances, parameterValues: values('myX', '1') })).toEqual([])
})

test('the size of the values given at activation counts', () => {
  const { objects } = pipeline(shell('A', { command: 'echo #{myX}' }))
  const small = definition(objects, {
    parameterObjects: [parameter('myX', { type: 'String' })],
    parameterValues: values('myX', 'small'),
  })
  const given = values('myX', 'x'.repeat(awsLimits.parameterValuesBytesMax))
  expect(errors(small, { limits: awsLimits, now, turn: 'first', parameterValues: given })).toHaveLength(1)
})

test('values given at activation replace all those of the same parameter', () => {
  const before = definition([object('A', { runsOn: ref('B') })], {
    parameterValues: [...values('myList', '1', '2'), ...values('myX', 'kept')],
  })
  const after = withActivationValues(before, values('myList', '3'))
  expect(after.parameterValues).toEqual([...values('myX', 'kept'), ...values('myList', '3')])
})
