import { expect, test } from 'vitest'
import type { InstanceView } from './instance-view.ts'
import { outcomeOf } from './run-outcome.ts'

const instance = (id: string, status: string, rest: Partial<InstanceView> = {}): InstanceView => ({
  id,
  name: id,
  componentId: id,
  type: 'ShellCommandActivity',
  status,
  scheduledStart: undefined,
  actualStart: undefined,
  actualEnd: undefined,
  attemptCount: 1,
  waitingOn: [],
  users: [],
  errorMessage: undefined,
  note: undefined,
  ...rest,
})

const scheduled = { state: 'SCHEDULED', nextRunTime: undefined }

test('a pipeline that is finished has a run that is finished or failed', () => {
  const over = { state: 'FINISHED', nextRunTime: undefined }
  expect(outcomeOf(over, [instance('a', 'FINISHED'), instance('b', 'SKIPPED')]).kind).toBe('finished')
  expect(outcomeOf(over, [instance('a', 'FINISHED'), instance('b', 'CASCADE_FAILED')]).kind).toBe('failed')
})

test('a run goes on while anything can go on', () => {
  expect(outcomeOf(scheduled, []).kind).toBe('running')
  const failed = instance('a', 'FAILED')
  expect(outcomeOf(scheduled, [failed, instance('b', 'RUNNING')]).kind).toBe('running')
  const waiting = instance('c', 'WAITING_ON_DEPENDENCIES', { waitingOn: ['b'] })
  expect(outcomeOf(scheduled, [failed, instance('b', 'WAITING_FOR_RUNNER'), waiting]).kind).toBe('running')
})

test('a run has failed when all that is open waits for what failed, however many steps away', () => {
  const instances = [
    instance('d', 'WAITING_ON_DEPENDENCIES', { waitingOn: ['c'] }),
    instance('c', 'WAITING_ON_DEPENDENCIES', { waitingOn: ['a'] }),
    instance('a', 'FAILED'),
    instance('cluster', 'WAITING_ON_DEPENDENCIES', { users: ['c', 'd'] }),
  ]
  const outcome = outcomeOf(scheduled, instances)
  expect(outcome.kind === 'failed' && outcome.blocked.map(({ id }) => id)).toEqual(['d', 'c', 'cluster'])
})

test('a schedule that goes on keeps a run going', () => {
  const outcome = outcomeOf({ state: 'SCHEDULED', nextRunTime: '2026-01-02T00:00:00' }, [instance('a', 'FAILED')])
  expect(outcome.kind).toBe('running')
})
