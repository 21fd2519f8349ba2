import { describe, expect, test } from 'vitest'
import { object, ref } from '../../../test/builders.ts'
import { attemptOf, ended, instances, testNow } from '../../../test/instances.ts'
import { at, componentOf, planFrom, schedule } from '../../../test/plans.ts'
import { type Field, objectId } from '../definition/pipeline-object.ts'
import { attemptFieldsOf, instanceFields, type Neighbours } from './instance-fields.ts'

const component = componentOf(
  planFrom(
    schedule('Hourly', '1 hour'),
    object('X', { type: 'ShellCommandActivity', command: 'true', workerGroup: 'wg', schedule: ref('Hourly') }),
  ),
  'X',
)

const alone: Neighbours = { dependencies: [], dependents: [] }

const neighbour = (kind: Neighbours['dependents'][number]['kind'], id: string) => ({ kind, id: objectId(id) })

/** Fields as `key: value`, but for those that every instance has. */
function shown(fields: readonly Field[], ...keys: readonly string[]): readonly string[] {
  return fields
    .filter(({ key }) => keys.includes(key))
    .map(({ key, value }) => `${key}: ${value.kind === 'string' ? value.text : value.target}`)
}

const error = { id: 'ExitStatus', message: 'it failed', stackTrace: 'line 1' }

describe('the fields of an instance', () => {
  test('say where it belongs, which interval it is for and how it stands', () => {
    const fields = instanceFields(instances.task({ kind: 'waiting' }, { attemptCount: 0 }), component, alone)
    expect(fields.map(({ key, value }) => `${key}: ${value.kind === 'string' ? value.text : value.target}`)).toEqual([
      '@componentParent: X',
      'parent: X',
      '@sphere: INSTANCE',
      'type: ShellCommandActivity',
      '@version: 1',
      '@status: WAITING_ON_DEPENDENCIES',
      '@scheduledStartTime: 2026-01-01T00:00:00',
      '@scheduledEndTime: 2026-01-01T01:00:00',
      '@actualStartTime: 2026-01-01T00:00:00',
      '@attemptCount: 0',
      '@triesLeft: 2',
    ])
  })

  test('count the tries that are left and name the latest attempt', () => {
    const instance = instances.task({ kind: 'retrying', retryAt: testNow }, { attemptCount: 3, triesFailed: 3 })
    expect(shown(instanceFields(instance, component, alone), '@triesLeft', '@headAttempt', 'attemptStatus')).toEqual([
      '@triesLeft: 0',
      '@headAttempt: @X_2026-01-01T00:00:00_Attempt=3',
      'attemptStatus: Tries again at 2026-01-01T00:30:00.',
    ])
  })

  test('say how it ended and why', () => {
    const failed = instances.task(ended({ error }))
    expect(
      shown(
        instanceFields(failed, component, alone),
        '@actualEndTime',
        '@finishedTime',
        'errorId',
        'errorMessage',
        'errorStackTrace',
      ),
    ).toEqual([
      '@actualEndTime: 2026-01-01T00:00:00',
      '@finishedTime: 2026-01-01T00:00:00',
      'errorId: ExitStatus',
      'errorMessage: it failed',
      'errorStackTrace: line 1',
    ])
    const canceled = instances.task(ended({ status: 'CANCELED', canceledBy: 'user' }))
    expect(shown(instanceFields(canceled, component, alone), 'cancellationReason')).toEqual([
      'cancellationReason: Cancelled by user.',
    ])
    const hit = instances.task(ended({ status: 'CASCADE_FAILED', cascadeFailedOn: objectId('@S') }))
    expect(shown(instanceFields(hit, component, alone), '@cascadeFailedOn')).toEqual(['@cascadeFailedOn: @S'])
  })

  test('show who has it, which machine it is, and what a check said', () => {
    const running = { attempt: attemptOf(), taskId: 't', handedOutAt: testNow, reportedAt: testNow, stop: undefined }
    const task = instances.task({ kind: 'running', ...running })
    expect(shown(instanceFields(task, component, alone), 'hostname', 'reportProgressTime')).toEqual([
      'hostname: host',
      'reportProgressTime: 2026-01-01T00:30:00',
    ])
    const up = instances.resource({ kind: 'up', attempt: attemptOf(), machineNumber: 11, resourceId: 'i-1' })
    expect(shown(instanceFields(up, component, { ...alone, resourceId: 'i-1' }), '@resourceId', 'hostname')).toEqual([
      '@resourceId: i-1',
    ])
    const checking = { attempt: attemptOf(), checkCount: 2, checkedAt: testNow, message: 'no key' }
    const check = instances.check({ kind: 'checking', ...checking }, { nodeId: objectId('@N') })
    expect(
      shown(instanceFields(check, component, alone), 'currentRetryCount', 'lastRetryTime', 'attemptStatus', 'node'),
    ).toEqual(['currentRetryCount: 2', 'lastRetryTime: 2026-01-01T00:30:00', 'attemptStatus: no key', 'node: @N'])
  })

  test('name what it still waits for, its machine excepted', () => {
    const around: Neighbours = {
      dependencies: [
        { ...neighbour('dependsOn', '@B'), isOpen: true },
        { ...neighbour('input', '@C'), isOpen: false },
        { ...neighbour('runsOn', '@M'), isOpen: true },
      ],
      dependents: [neighbour('dependsOn', '@D')],
    }
    const fields = instanceFields(instances.task({ kind: 'waiting' }), component, around)
    expect(shown(fields, '@waitingOn', 'input', 'output')).toEqual(['@waitingOn: @B'])
  })

  test('of a data node or a machine name those that use it', () => {
    const around: Neighbours = {
      dependencies: [{ ...neighbour('output', '@Writer'), isOpen: false }],
      dependents: [neighbour('input', '@Reader'), neighbour('dependsOn', '@Other')],
    }
    const dataNode = instances.dataNode({ kind: 'waiting' })
    expect(shown(instanceFields(dataNode, component, around), 'input', 'output')).toEqual([
      'output: @Reader',
      'input: @Writer',
    ])
    const machine = instances.resource({ kind: 'waiting' })
    const users: Neighbours = { dependencies: [], dependents: [neighbour('runsOn', '@A'), neighbour('runsOn', '@B')] }
    expect(shown(instanceFields(machine, component, users), 'input')).toEqual(['input: @A', 'input: @B'])
  })
})

describe('the fields of an attempt', () => {
  test('say whose it is, how long it took, where it ran and why it failed', () => {
    const attempt = attemptOf({ number: 2, status: 'FAILED', endedAt: at('2026-01-01T00:10:00'), error })
    const fields = attemptFieldsOf(attempt, instances.task(ended()), component)
    const keys = ['@instanceParent', '@sphere', '@status', '@actualStartTime', '@actualEndTime', 'hostname', 'errorId']
    expect(shown(fields, ...keys)).toEqual([
      '@instanceParent: @X_2026-01-01T00:00:00',
      '@sphere: ATTEMPT',
      '@status: FAILED',
      '@actualStartTime: 2026-01-01T00:00:00',
      '@actualEndTime: 2026-01-01T00:10:00',
      'hostname: host',
      'errorId: ExitStatus',
    ])
  })
})
