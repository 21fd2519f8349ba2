import { describe, expect, test } from 'vitest'
import { attemptOf, ended, events, instances, line, policyOf, step, testNow } from '../../../test/instances.ts'
import { type Row, testTable } from '../../../test/transition-table.ts'
import { canceled, failed, finished } from './ending.ts'

const { resource } = instances

const creating = { kind: 'creating', attempt: attemptOf({ status: 'CREATING' }), machineNumber: 11 } as const
const up = { kind: 'up', attempt: attemptOf(), machineNumber: 11, resourceId: 'i-1' } as const
const shuttingDown = { kind: 'shuttingDown', attempt: attemptOf(), machineNumber: 11, outcome: finished } as const

const states = {
  waiting: resource({ kind: 'waiting' }, { dueUsers: 0 }),
  held: resource({ kind: 'held' }),
  creating: resource(creating),
  retrying: resource({ kind: 'retrying', retryAt: testNow }),
  up: resource(up),
  shuttingDown: resource(shuttingDown),
  ended: resource(ended()),
}

const rows: readonly Row[] = [
  ['waiting', 'created', 'same |  |'],
  ['waiting', 'skip', 'SKIPPED | clearAllTimers | dependents satisfied'],
  ['waiting', 'dependency', 'same |  |'],
  [
    'waiting',
    'cancel',
    'CANCELED by user | clearAllTimers | dependents failed, users resourceEnded Service_ResourceFailed',
  ],
  ['waiting', 'markFinished', 'FINISHED | clearAllTimers | dependents satisfied'],
  ['waiting', 'reactivate', 'same |  |'],
  ['waiting', 'userBorn', 'same |  |'],
  ['waiting', 'userDue', 'creating 22 | attempt 2 CREATING, createMachine 22, set startTimedOut in 1800 s |'],
  ['waiting', 'userDone', 'creating 22 | attempt 2 CREATING, createMachine 22, set startTimedOut in 1800 s |'],
  ['waiting', 'userReopened', 'same |  |'],
  ['waiting', 'unneeded', 'same |  |'],
  ['waiting', 'machineGone', 'same |  |'],
  ['waiting', 'late', 'same |  |'],
  ['held', 'dependency', 'same |  |'],
  [
    'held',
    'cancel',
    'CANCELED by user | clearAllTimers | dependents failed, users resourceEnded Service_ResourceFailed',
  ],
  [
    'held',
    'markFinished',
    'creating 22 | clearAllTimers, attempt 2 CREATING, createMachine 22, set startTimedOut in 1800 s | dependents satisfied, users runnerLost',
  ],
  ['held', 'resume', 'creating 22 | attempt 2 CREATING, createMachine 22, set startTimedOut in 1800 s |'],
  ['held', 'reactivate', 'same |  |'],
  ['held', 'userBorn', 'same |  |'],
  ['held', 'userDue', 'same |  |'],
  ['held', 'userDone', 'waiting |  | idle'],
  ['held', 'userReopened', 'same |  |'],
  ['held', 'unneeded', 'same |  |'],
  ['held', 'machineGone', 'same |  |'],
  ['held', 'late', 'same |  |'],
  ['creating', 'dependency', 'same |  |'],
  [
    'creating',
    'cancel',
    'shuttingDown 11 to CANCELED | clear startTimedOut, clear lifetimeOver, terminateMachine 11 | users resourceEnded Service_ResourceFailed',
  ],
  [
    'creating',
    'markFinished',
    'shuttingDown 11 to FINISHED | clear startTimedOut, clear lifetimeOver, terminateMachine 11 |',
  ],
  ['creating', 'reactivate', 'same |  |'],
  ['creating', 'userBorn', 'same |  |'],
  ['creating', 'userDue', 'same |  |'],
  ['creating', 'userDone', 'same |  | idle'],
  ['creating', 'userReopened', 'same |  |'],
  ['creating', 'unneeded', 'same |  |'],
  ['creating', 'machineUp', 'up | clear startTimedOut, attempt 1 RUNNING |'],
  [
    'creating',
    'machineFailed',
    'retrying | clear leaseExpired, clear attemptTimedOut, clear startTimedOut, attempt 1 FAILED (Service_ResourceFailed), set retryDue in 600 s, terminateMachine 11 | users runnerLost',
  ],
  [
    'creating',
    'machineLost',
    'creating 12 | terminateMachine 11, attempt 1 CREATING, createMachine 12, set startTimedOut in 1800 s | users runnerLost',
  ],
  ['creating', 'machineGone', 'same |  |'],
  ['creating', 'late', 'same |  |'],
  [
    'creating',
    'startTimedOut',
    'retrying | clear leaseExpired, clear attemptTimedOut, clear startTimedOut, attempt 1 FAILED (Service_ResourceFailed), set retryDue in 600 s, terminateMachine 11 | users runnerLost',
  ],
  [
    'creating',
    'lifetimeOver',
    'shuttingDown 11 to TIMEDOUT | clear startTimedOut, clear lifetimeOver, terminateMachine 11 | users resourceEnded Service_ResourceFailed',
  ],
  ['retrying', 'dependency', 'same |  |'],
  [
    'retrying',
    'cancel',
    'CANCELED by user | clearAllTimers | dependents failed, users resourceEnded Service_ResourceFailed',
  ],
  [
    'retrying',
    'markFinished',
    'creating 22 | clearAllTimers, attempt 2 CREATING, createMachine 22, set startTimedOut in 1800 s | dependents satisfied, users runnerLost',
  ],
  ['retrying', 'reactivate', 'same |  |'],
  ['retrying', 'userBorn', 'same |  |'],
  ['retrying', 'userDue', 'same |  |'],
  ['retrying', 'userDone', 'same |  | idle'],
  ['retrying', 'userReopened', 'same |  |'],
  ['retrying', 'unneeded', 'same |  |'],
  ['retrying', 'machineUp', 'same |  |'],
  ['retrying', 'machineFailed', 'same |  |'],
  ['retrying', 'machineLost', 'same |  |'],
  ['retrying', 'machineGone', 'same |  |'],
  ['retrying', 'retryDue', 'creating 22 | attempt 2 CREATING, createMachine 22, set startTimedOut in 1800 s |'],
  ['retrying', 'late', 'same |  |'],
  [
    'retrying',
    'lifetimeOver',
    'TIMEDOUT (Service_ResourceFailed) | clearAllTimers | dependents failed, users resourceEnded Service_ResourceFailed',
  ],
  ['up', 'dependency', 'same |  |'],
  [
    'up',
    'cancel',
    'shuttingDown 11 to CANCELED | clear startTimedOut, clear lifetimeOver, terminateMachine 11 | users resourceEnded Service_ResourceFailed',
  ],
  [
    'up',
    'markFinished',
    'shuttingDown 11 to FINISHED | clear startTimedOut, clear lifetimeOver, terminateMachine 11 |',
  ],
  ['up', 'reactivate', 'same |  |'],
  ['up', 'userBorn', 'same |  |'],
  ['up', 'userDue', 'same |  |'],
  ['up', 'userDone', 'same |  | idle'],
  ['up', 'userReopened', 'same |  |'],
  ['up', 'unneeded', 'same |  |'],
  ['up', 'machineUp', 'same |  |'],
  ['up', 'machineFailed', 'same |  |'],
  [
    'up',
    'machineLost',
    'creating 12 | terminateMachine 11, attempt 1 CREATING, createMachine 12, set startTimedOut in 1800 s | users runnerLost',
  ],
  ['up', 'machineGone', 'same |  |'],
  ['up', 'late', 'same |  |'],
  [
    'up',
    'lifetimeOver',
    'shuttingDown 11 to TIMEDOUT | clear startTimedOut, clear lifetimeOver, terminateMachine 11 | users resourceEnded Service_ResourceFailed',
  ],
  ['shuttingDown', 'dependency', 'same |  |'],
  ['shuttingDown', 'cancel', 'same |  |'],
  ['shuttingDown', 'markFinished', 'same |  |'],
  ['shuttingDown', 'reactivate', 'same |  |'],
  ['shuttingDown', 'userBorn', 'same |  |'],
  ['shuttingDown', 'userDue', 'same |  |'],
  ['shuttingDown', 'userDone', 'same |  |'],
  ['shuttingDown', 'userReopened', 'shuttingDown 11 to FINISHED |  |'],
  ['shuttingDown', 'unneeded', 'same |  |'],
  ['shuttingDown', 'machineUp', 'same |  |'],
  ['shuttingDown', 'machineFailed', 'same |  |'],
  ['shuttingDown', 'machineLost', 'same |  |'],
  [
    'shuttingDown',
    'machineGone',
    'creating 22 | clearAllTimers, attempt 1 FINISHED, attempt 2 CREATING, createMachine 22, set startTimedOut in 1800 s | dependents satisfied, users runnerLost',
  ],
  ['shuttingDown', 'late', 'same |  |'],
  ['shuttingDown', 'lifetimeOver', 'same |  |'],
  ['ended', 'skip', 'same |  |'],
  ['ended', 'dependency', 'same |  |'],
  ['ended', 'cancel', 'same |  |'],
  ['ended', 'rerun', 'same |  | users rerun resource'],
  ['ended', 'markFinished', 'FINISHED |  | dependents satisfied'],
  ['ended', 'reactivate', 'same |  |'],
  ['ended', 'userBorn', 'same |  |'],
  ['ended', 'userDue', 'same |  | users resourceEnded Service_ResourceFailed'],
  ['ended', 'userDone', 'same |  |'],
  ['ended', 'userReopened', 'creating 22 | attempt 2 CREATING, createMachine 22, set startTimedOut in 1800 s |'],
  ['ended', 'unneeded', 'same |  |'],
  ['ended', 'machineUp', 'same |  |'],
  ['ended', 'machineFailed', 'same |  |'],
  ['ended', 'machineLost', 'same |  |'],
  ['ended', 'machineGone', 'same |  |'],
]

describe('the table of resources', () => testTable(states, rows))

const oneHour = { count: 1, unit: 'hour' } as const
const down = 'clear startTimedOut, clear lifetimeOver, terminateMachine 11'
const usersEnd = 'users resourceEnded Service_ResourceFailed'
const retried =
  'retrying | clear leaseExpired, clear attemptTimedOut, clear startTimedOut, attempt 1 FAILED (Service_ResourceFailed), set retryDue in 600 s'

describe('a resource that waits', () => {
  const unused = resource({ kind: 'waiting' }, { openUsers: 0, dueUsers: 0, attemptCount: 0 })

  test('is made for the first user that is due, and counts it', () => {
    const { next, ...rest } = step(states.waiting, events.userDue, { policy: policyOf({ terminateAfter: oneHour }) })
    expect(line(states.waiting, { next, ...rest })).toBe(
      'creating 22 | set lifetimeOver in 3600 s, attempt 2 CREATING, createMachine 22, set startTimedOut in 1800 s |',
    )
    expect(next).toMatchObject({ openUsers: 1, dueUsers: 1 })
  })

  test('is not made while its component is paused', () => {
    expect(line(states.waiting, step(states.waiting, events.userDue, { isPaused: true }))).toBe('held |  |')
  })

  test('without a user asks whether one is to come, and finishes if none is', () => {
    expect(line(unused, step(unused, events.created))).toBe('same |  | idle')
    expect(line(unused, step(unused, events.unneeded))).toBe('FINISHED | clearAllTimers | dependents satisfied')
  })

  test('stays if a user comes before the answer', () => {
    const { next } = step(unused, events.userBorn)
    expect(line(next, step(next, events.unneeded))).toBe('same |  |')
  })
})

describe('users', () => {
  const counts = (event: Parameters<typeof step>[1]) => {
    const { next } = step(resource(up, { openUsers: 3, dueUsers: 2 }), event)
    return next.kind === 'resource' ? [next.openUsers, next.dueUsers] : []
  }

  test.each([
    ['a birth', events.userBorn, [4, 2]],
    ['a user that is due', events.userDue, [3, 3]],
    ['a rerun', events.userReopened, [4, 2]],
    ['the end of one that was due', events.userDone, [2, 1]],
    ['the end of one that was not', { ...events.userDone, wasDue: false }, [2, 2]],
  ] as const)('are counted: %s', (_, event, expected) => {
    expect(counts(event)).toEqual(expected)
  })

  test('keep the machine until the last has ended and none is to come', () => {
    const two = resource(up, { openUsers: 2, dueUsers: 1 })
    const first = step(two, events.userDone).next
    expect(line(two, step(two, events.userDone))).toBe('same |  |')
    const last = step(first, { ...events.userDone, wasDue: false })
    expect(line(first, last)).toBe('same |  | idle')
    expect(line(last.next, step(last.next, events.unneeded))).toBe(`shuttingDown 11 to FINISHED | ${down} |`)
  })

  test('that fail take the machine along where the definition says so', () => {
    const failedUser = { ...events.userDone, hasFailed: true }
    const two = resource(up, { openUsers: 2, dueUsers: 2 })
    expect(line(two, step(two, failedUser))).toBe('same |  |')
    const policy = policyOf({ actionOnTaskFailure: 'terminate' })
    expect(line(two, step(two, failedUser, { policy }))).toBe(`shuttingDown 11 to FINISHED | ${down} | ${usersEnd}`)
  })

  test('that end while the machine is tried again let it go', () => {
    const { next } = step(states.retrying, events.userDone)
    expect(line(next, step(next, events.unneeded))).toBe('FINISHED | clearAllTimers | dependents satisfied')
  })
})

describe('a machine', () => {
  test('that cannot be had is tried again, and the resource fails with the last try and takes its users along', () => {
    expect(line(states.creating, step(states.creating, events.machineFailed))).toBe(
      `${retried}, terminateMachine 11 | users runnerLost`,
    )
    const last = resource(creating, { triesFailed: 2 })
    expect(line(last, step(last, events.machineFailed))).toBe(
      `FAILED (Service_ResourceFailed) | clearAllTimers, attempt 1 FAILED (Service_ResourceFailed), terminateMachine 11 | dependents failed, ${usersEnd}`,
    )
  })

  test('is not tried again where actionOnResourceFailure is retrynone', () => {
    const policy = policyOf({ actionOnResourceFailure: 'retryNone' })
    expect(step(states.creating, events.machineFailed, { policy }).next.state).toMatchObject({ status: 'FAILED' })
  })

  test('that is lost is not replaced where actionOnResourceFailure is retrynone, and its work fails', () => {
    const policy = policyOf({ actionOnResourceFailure: 'retryNone' })
    const transition = step(states.up, events.machineLost, { policy })
    expect(transition.next.state).toMatchObject({
      status: 'FAILED',
      error: { message: 'The machine of @X_2026-01-01T00:00:00 was lost: gone' },
    })
    expect(transition.signals).toContainEqual(expect.objectContaining({ kind: 'users' }))
  })

  test.each(['machineUp', 'machineFailed', 'machineLost', 'machineGone'] as const)(
    'of an earlier try changes nothing by %s',
    (kind) => {
      const earlier = { ...events[kind], machineNumber: 10 }
      for (const instance of [states.creating, states.up, states.shuttingDown]) {
        expect(line(instance, step(instance, earlier))).toBe('same |  |')
      }
    },
  )

  test('that is lost is replaced ten times; the eleventh loss costs a try', () => {
    const lost = (machineNumber: number) => {
      const instance = resource({ ...up, machineNumber })
      return line(instance, step(instance, { ...events.machineLost, machineNumber }))
    }
    expect(lost(20)).toBe(
      'creating 21 | terminateMachine 20, attempt 1 CREATING, createMachine 21, set startTimedOut in 1800 s | users runnerLost',
    )
    expect(lost(21)).toBe(`${retried}, terminateMachine 21 | users runnerLost`)
  })

  test('that outlives terminateAfter times the resource out, between two tries as well', () => {
    const { next } = step(states.up, events.lifetimeOver)
    expect(line(next, step(next, events.machineGone))).toBe(
      'TIMEDOUT (Service_ResourceFailed) | clearAllTimers, attempt 1 TIMEDOUT (Service_ResourceFailed) | dependents failed',
    )
    expect(step(states.retrying, events.lifetimeOver).next.state).toMatchObject({ status: 'TIMEDOUT' })
  })

  test('that is cancelled with its pipeline leaves its users alone, since they are cancelled as well', () => {
    const cancel = { kind: 'cancel', by: 'deactivation' } as const
    expect(line(states.up, step(states.up, cancel))).toBe(`shuttingDown 11 to CANCELED | ${down} |`)
  })
})

describe('a machine that is going', () => {
  const gone = events.machineGone
  const unneeded = resource(shuttingDown, { openUsers: 0, dueUsers: 0 })
  const timedOut = { ...shuttingDown, outcome: { ...failed(errorOf('late')), status: 'TIMEDOUT' } } as const

  test('ends the resource', () => {
    expect(line(unneeded, step(unneeded, gone))).toBe(
      'FINISHED | clearAllTimers, attempt 1 FINISHED | dependents satisfied',
    )
  })

  test('is followed by another one for a user that is due by then', () => {
    const { next } = step(unneeded, events.userDue)
    expect(line(next, step(next, gone))).toMatch(/^creating 22 .* users runnerLost$/)
  })

  test('is not followed by another one for a user that only waits', () => {
    const { next } = step(unneeded, events.userBorn)
    expect(step(next, gone).next.state).toMatchObject({ status: 'FINISHED' })
  })

  test('because it failed refuses a user that comes to be due', () => {
    const instance = resource(timedOut, { openUsers: 1, dueUsers: 0 })
    expect(line(instance, step(instance, events.userDue))).toBe('same |  | users resourceEnded late')
  })

  test('because it failed comes back for a user that is rerun', () => {
    const instance = resource(timedOut, { openUsers: 0, dueUsers: 0 })
    const reopened = step(instance, events.userReopened).next
    const due = step(reopened, events.userDue).next
    expect(line(due, step(due, gone))).toMatch(/^creating 22 /)
  })
})

describe('a resource that has ended', () => {
  const cases = [
    ['FINISHED', finished, 'creating'],
    ['SKIPPED', { ...finished, status: 'SKIPPED' }, 'creating'],
    ['CANCELED with its pipeline', canceled('deactivation'), 'creating'],
    ['CANCELED by hand', canceled('user'), 'ended'],
    ['FAILED', failed(errorOf('no')), 'ended'],
  ] as const

  test.each(cases)('as %s meets a user that is due', (_, outcome, state) => {
    const instance = resource(ended(outcome), { openUsers: 1, dueUsers: 0 })
    expect(step(instance, events.userDue).next.state.kind).toBe(state)
  })

  test.each(cases)('as %s comes back for a user that is rerun', (_, outcome) => {
    const instance = resource(ended(outcome), { openUsers: 0, dueUsers: 0 })
    const transition = step(instance, events.userReopened)
    expect(line(instance, transition)).toBe('waiting |  |')
    expect(step(transition.next, events.userDue).next.state.kind).toBe('creating')
  })

  test('has all its tries again when it comes back', () => {
    const instance = resource(ended(), { triesFailed: 3, openUsers: 0, dueUsers: 0 })
    expect(step(instance, events.userReopened).next.triesFailed).toBe(0)
  })

  test('was taken for a rerun, which takes no room, when an activation took up its work before it', () => {
    const instance = resource(ended(canceled('deactivation')), { openUsers: 0, dueUsers: 0 })
    expect(step(instance, { kind: 'userReopened', by: 'activation' }).next.isRerun).toBeUndefined()
    expect(step(instance, { kind: 'userReopened', by: 'rerun' }).next.isRerun).toBe(true)
  })

  test('waits again when its pipeline goes on, and asks whether any work is to come', () => {
    const instance = resource(ended(canceled('deactivation')), { openUsers: 0, dueUsers: 0 })
    expect(line(instance, step(instance, events.reactivate))).toBe('waiting |  | idle')
  })
})

function errorOf(id: string) {
  return { id, message: 'why', stackTrace: undefined }
}
