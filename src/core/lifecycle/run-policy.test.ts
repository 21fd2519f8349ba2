import { describe, expect, test } from 'vitest'
import { object, parameter, ref } from '../../../test/builders.ts'
import { componentOf, planFrom, schedule, sketchPlan } from '../../../test/plans.ts'
import { holdToForm } from '../../../test/validation.ts'

const activity = (fields = {}) =>
  object('A', { type: 'ShellCommandActivity', command: 'true', workerGroup: 'wg', schedule: ref('Hourly'), ...fields })

const policy = (fields = {}) => componentOf(planFrom(schedule('Hourly', '1 hour'), activity(fields)), 'A').policy

const minutes = (count: number) => ({ count, unit: 'minute' })

describe('a policy', () => {
  test('of an object that says nothing', () => {
    expect(policy()).toEqual({
      retriesMax: 2,
      retryDelayMs: 600_000,
      recheckDelayMs: 10_000,
      attemptTimeout: undefined,
      reportProgressTimeout: undefined,
      lateAfterTimeout: undefined,
      preconditionTimeout: undefined,
      initTimeout: minutes(30),
      terminateAfter: undefined,
      failureAndRerunMode: 'none',
      actionOnTaskFailure: 'continue',
      actionOnResourceFailure: 'retryAll',
      onSuccess: [],
      onFail: [],
      onLateAction: [],
    })
  })

  test.each([
    [{ maximumRetries: '0' }, { retriesMax: 0 }],
    [{ retryDelay: '3 Minutes' }, { retryDelayMs: 180_000, recheckDelayMs: 180_000 }],
    [{ attemptTimeout: '5 minutes' }, { attemptTimeout: minutes(5) }],
    [{ reportProgressTimeout: '5 minutes' }, { reportProgressTimeout: minutes(5) }],
    [{ lateAfterTimeout: '5 minutes' }, { lateAfterTimeout: minutes(5) }],
    [{ preconditionTimeout: '5 minutes' }, { preconditionTimeout: minutes(5) }],
    [{ initTimeout: '5 minutes' }, { initTimeout: minutes(5) }],
    [{ terminateAfter: '5 minutes' }, { terminateAfter: minutes(5) }],
    [{ terminateAfter: '8' }, { terminateAfter: { count: 8, unit: 'hour' } }],
    [{ failureAndRerunMode: 'CASCADE' }, { failureAndRerunMode: 'cascade' }],
    [{ actionOnTaskFailure: 'Terminate' }, { actionOnTaskFailure: 'terminate' }],
    [{ actionOnResourceFailure: 'retryNone' }, { actionOnResourceFailure: 'retryNone' }],
    [{ onFail: [ref('X'), ref('Y')] }, { onFail: ['X', 'Y'] }],
    [{ myTries: '4', maximumRetries: '#{myTries}' }, { retriesMax: 4 }],
  ])('of %o says %o', (fields, expected) => {
    expect(policy(fields)).toMatchObject(expected)
  })

  test.each([
    ['maximumRetries', { maximumRetries: 'few' }],
    ['retryDelay', { retryDelay: 'soon' }],
    ['attemptTimeout', { attemptTimeout: '#{missing}' }],
  ])('with a bad %s is a problem that names it', (field, fields) => {
    const { problems } = sketchPlan([schedule('Hourly', '1 hour'), activity(fields)])
    expect(problems.map((problem) => [problem.objectId, problem.field])).toEqual([['A', field]])
    for (const problem of problems) holdToForm(problem)
  })

  test('is a problem that does not tell the secret in it', () => {
    const fields = { maximumRetries: '#{*mySecret}', retryDelay: 'x #{*mySecret}' }
    const { problems } = sketchPlan([schedule('Hourly', '1 hour'), activity(fields)], {
      parameterObjects: [parameter('*mySecret', { default: 'hunter2' })],
    })
    expect(problems.map(({ message }) => message)).toEqual([
      "'retryDelay' must be a period, but is 'x ********'. Write one such as 15 minutes.",
      "'maximumRetries' must be a whole number, but is '********'. Write one such as 3.",
    ])
  })
})
