import { describe, expect, test } from 'vitest'
import { object, ref } from '../../../test/builders.ts'
import { componentOf, interval, planFrom, schedule } from '../../../test/plans.ts'
import { objectId } from '../definition/pipeline-object.ts'
import { attemptIdOf, instanceIdOf, instanceNameOf, parseAttemptId } from './component.ts'

const hour = interval('2026-01-01T00:00:00', '2026-01-01T01:00:00')

const activity = (id: string, fields = {}) =>
  object(id, { type: 'ShellCommandActivity', command: 'true', workerGroup: 'wg', schedule: ref('Hourly'), ...fields })

const guard = object('Key', { name: 'The key', type: 'S3KeyExists', role: 'r', s3Key: 's3://b/k' })

describe('the id of an instance', () => {
  test('is made from the id of its component and the start of its interval, its name from the name', () => {
    const plan = planFrom(schedule('Hourly', '1 hour'), activity('A', { name: 'Copy' }))
    expect(instanceIdOf(componentOf(plan, 'A'), hour)).toBe('@A_2026-01-01T00:00:00')
    expect(instanceNameOf(componentOf(plan, 'A'), hour)).toBe('@Copy_2026-01-01T00:00:00')
  })

  test('of a precondition says nothing of what it guards if that is one object', () => {
    const plan = planFrom(schedule('Hourly', '1 hour'), guard, activity('A', { precondition: ref('Key') }))
    expect(instanceIdOf(componentOf(plan, 'Key'), hour, objectId('A'))).toBe('@Key_2026-01-01T00:00:00')
  })

  test('of a precondition that guards several objects names the one', () => {
    const users = ['A', 'B'].map((id) => activity(id, { precondition: ref('Key') }))
    const plan = planFrom(schedule('Hourly', '1 hour'), guard, ...users)
    expect(instanceIdOf(componentOf(plan, 'Key'), hour, objectId('B'))).toBe('@Key.B_2026-01-01T00:00:00')
    expect(instanceNameOf(componentOf(plan, 'Key'), hour, objectId('B'))).toBe('@The key.B_2026-01-01T00:00:00')
  })
})

describe('the id of an attempt', () => {
  test('can be read back', () => {
    const id = attemptIdOf(objectId('@A_2026-01-01T00:00:00'), 12)
    expect(id).toBe('@A_2026-01-01T00:00:00_Attempt=12')
    expect(parseAttemptId(id)).toEqual({ instanceId: '@A_2026-01-01T00:00:00', number: 12 })
  })

  test.each(['@A_2026-01-01T00:00:00', 'A_Attempt=1', '@A_Attempt=0', '@A_Attempt=01', '@A_Attempt=1x', ''])(
    'is not read from %o',
    (text) => {
      expect(parseAttemptId(text)).toBeUndefined()
    },
  )
})
