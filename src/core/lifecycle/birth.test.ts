import { describe, expect, test } from 'vitest'
import { object, ref } from '../../../test/builders.ts'
import { at, componentOf, interval, planFrom, schedule } from '../../../test/plans.ts'
import { birthsOf } from './birth.ts'
import type { Plan } from './plan.ts'

const hour = interval('2026-01-01T00:00:00', '2026-01-01T01:00:00')

const births = (plan: Plan, id: string) =>
  birthsOf(plan, componentOf(plan, id), { occurrence: hour, version: 3, now: at('2026-01-01T00:00:01') })

const activity = (id: string, fields = {}) =>
  object(id, { type: 'ShellCommandActivity', command: 'true', workerGroup: 'wg', schedule: ref('Hourly'), ...fields })

describe('the birth of an instance', () => {
  test('knows its version, its interval and its time, and has counted nothing', () => {
    const [birth] = births(planFrom(schedule('Hourly', '1 hour'), activity('A', { name: 'Copy' })), 'A')
    expect(birth).toEqual({
      name: '@Copy_2026-01-01T00:00:00',
      dependencies: [],
      instance: {
        id: '@A_2026-01-01T00:00:00',
        componentId: 'A',
        kind: 'task',
        version: 3,
        occurrence: hour,
        nodeId: undefined,
        startedAt: at('2026-01-01T00:00:01'),
        openDependencies: 0,
        failedDependencies: 0,
        attemptCount: 0,
        triesFailed: 0,
        state: { kind: 'waiting' },
      },
    })
  })

  test('brings its preconditions with it, for itself and for the data nodes that it uses', () => {
    const plan = planFrom(
      schedule('Hourly', '1 hour'),
      object('Key', { type: 'S3KeyExists', role: 'r', s3Key: 's3://b/k' }),
      object('In', { type: 'S3DataNode', filePath: 's3://b/f', precondition: ref('Key') }),
      activity('A', { input: ref('In'), precondition: ref('Key') }),
    )
    expect(births(plan, 'A').map(({ instance: { id, nodeId } }) => `${id} of ${nodeId}`)).toEqual([
      '@A_2026-01-01T00:00:00 of undefined',
      '@Key.A_2026-01-01T00:00:00 of @A_2026-01-01T00:00:00',
      '@In_2026-01-01T00:00:00 of undefined',
      '@Key.In_2026-01-01T00:00:00 of @In_2026-01-01T00:00:00',
    ])
  })

  test('brings the machine without a schedule with it, once for each that uses it', () => {
    const plan = planFrom(
      schedule('Hourly', '1 hour'),
      object('M', { type: 'Ec2Resource', role: 'r', resourceRole: 'r' }),
      object('Ask', { type: 'ShellCommandPrecondition', command: 'true' }),
      activity('A', { runsOn: ref('M'), precondition: ref('Ask') }),
    )
    const [, ...others] = births(plan, 'A')
    expect(others.map(({ instance }) => instance.id)).toEqual([
      '@M_2026-01-01T00:00:00',
      '@Ask_2026-01-01T00:00:00',
      '@M_2026-01-01T00:00:00',
    ])
    expect(others[0]?.instance).toMatchObject({ kind: 'resource', openUsers: 0, dueUsers: 0 })
    expect(others[1]?.dependencies).toEqual([{ kind: 'runsOn', targetId: '@M_2026-01-01T00:00:00' }])
  })
})
