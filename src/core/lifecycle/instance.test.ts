import { describe, expect, test } from 'vitest'
import { attemptOf, ended, instances, testNow } from '../../../test/instances.ts'
import { openAttempt, statusOf } from './instance.ts'

const { task, dataNode, check, resource } = instances

const attempt = attemptOf()
const machine = { attempt, machineNumber: 11 }
const running = { attempt, taskId: 't', handedOutAt: testNow, reportedAt: undefined, stop: undefined }
const checking = { attempt, checkCount: 0, checkedAt: undefined, message: undefined }

const cases = [
  [task({ kind: 'waiting' }), 'WAITING_ON_DEPENDENCIES', undefined],
  [task({ kind: 'paused', attempt }), 'PAUSED', attempt],
  [dataNode({ kind: 'held' }), 'PAUSED', undefined],
  [task({ kind: 'queued', attempt }), 'WAITING_FOR_RUNNER', attempt],
  [task({ kind: 'retrying', retryAt: testNow }), 'WAITING_FOR_RUNNER', undefined],
  [task({ kind: 'running', ...running }), 'RUNNING', attempt],
  [check({ kind: 'checking', ...checking }), 'RUNNING', attempt],
  [resource({ kind: 'creating', ...machine }), 'CREATING', attempt],
  [resource({ kind: 'up', ...machine, resourceId: 'i-1' }), 'RUNNING', attempt],
  [resource({ kind: 'shuttingDown', ...machine, outcome: ended() }), 'SHUTTING_DOWN', attempt],
  [task(ended({ status: 'CASCADE_FAILED' })), 'CASCADE_FAILED', undefined],
] as const

describe('an instance', () => {
  test.each(cases.map(([instance, ...rest]) => [instance.state.kind, instance, ...rest] as const))(
    'that is %s',
    (...[, instance, status, open]) => {
      expect([statusOf(instance), openAttempt(instance)]).toEqual([status, open])
    },
  )

  test('that waits for its next try does not seem to wait for a task runner where it needs none', () => {
    const retrying = { kind: 'retrying', retryAt: testNow } as const
    expect([statusOf(check(retrying)), statusOf(resource(retrying))]).toEqual(['RUNNING', 'CREATING'])
  })
})
