import { expect, test } from 'vitest'
import { at } from '../../test/plans.ts'
import { objectId } from '../core/definition/pipeline-object.ts'
import type { Cause, WhyNode } from '../core/lifecycle/why.ts'
import { decodeWhy, encodeWhy, whyLengthMax } from './why.ts'

const noon = at('2026-01-01T12:00:00')

const runners = { workerGroup: 'wg', watchedSince: noon, runningCount: 1, hostnames: ['host'] }

/** A cause of every kind, with every member that it may have. */
const causes: { readonly [K in Cause['kind']]: Extract<Cause, { kind: K }> } = {
  dependencies: { kind: 'dependencies', openCount: 2, failedCount: 1 },
  noDueActivity: { kind: 'noDueActivity', activityCount: 1 },
  pausedComponent: { kind: 'pausedComponent', componentId: objectId('X') },
  taskRunner: { kind: 'taskRunner', ...runners, runners: 'busy', polledAt: noon, polledBy: 'host' },
  resource: { kind: 'resource', runningCount: 2 },
  retry: { kind: 'retry', retryAt: noon, triesLeft: 1, errorMessage: 'it failed' },
  running: {
    kind: 'running',
    hostname: 'host',
    attemptNumber: 1,
    handedOutAt: noon,
    reportedAt: noon,
    progress: '50 %',
    leaseEndsAt: noon,
    timeoutAt: noon,
    stop: 'canceled',
  },
  precondition: {
    kind: 'precondition',
    checkCount: 1,
    checkedAt: noon,
    result: 'no key',
    nextCheckAt: noon,
    timeoutAt: noon,
  },
  machineStarting: { kind: 'machineStarting', timeoutAt: noon },
  machineUp: { kind: 'machineUp', resourceId: 'i-1', activityCount: 1, timeoutAt: noon },
  machineStopping: { kind: 'machineStopping' },
  finished: { kind: 'finished' },
  failed: { kind: 'failed', errorId: 'E', errorMessage: 'it failed' },
  canceled: { kind: 'canceled', by: 'resource', errorMessage: 'it failed' },
  cascadeFailed: { kind: 'cascadeFailed' },
  skipped: { kind: 'skipped' },
  notDue: { kind: 'notDue', dueAt: noon },
  beingMade: { kind: 'beingMade', dueAt: noon },
  maxActiveInstances: { kind: 'maxActiveInstances', componentId: objectId('X'), max: 1, activeCount: 1 },
  pipelineState: { kind: 'pipelineState', state: 'INACTIVE' },
  onDemand: { kind: 'onDemand' },
  noOccurrence: { kind: 'noOccurrence', componentId: objectId('X') },
  passed: { kind: 'passed' },
}

const nodeOf = (cause: Cause, id = '@X'): WhyNode => ({ id: objectId(id), cause, waitsFor: [] })

test.each(Object.values(causes))('$kind is read as it was written', (cause) => {
  const node = { ...nodeOf(cause), status: 'RUNNING', since: noon, waitsFor: [objectId('@Y')], moreCount: 3 } as const
  expect(decodeWhy(encodeWhy({ nodes: [node] }))).toEqual({ nodes: [node] })
})

test('times are written as everywhere on the wire, and what is absent is left out', () => {
  expect(encodeWhy({ nodes: [nodeOf(causes.notDue)] })).toBe(
    '{"nodes":[{"id":"@X","cause":{"kind":"notDue","dueAt":"2026-01-01T12:00:00"},"waitsFor":[]}]}',
  )
})

test('the nodes at the end are left out that do not fit into a field, but never the first', () => {
  const long = (index: number) => nodeOf(causes.finished, `@${index}${'x'.repeat(5000)}`)
  const two = encodeWhy({ nodes: [long(1), long(2), long(3), nodeOf(causes.finished)] })
  expect(decodeWhy(two)?.nodes.map(({ id }) => id.slice(0, 2))).toEqual(['@1', '@2'])
  expect(two.length).toBeLessThanOrEqual(whyLengthMax)
  const huge = nodeOf(causes.finished, `@${'x'.repeat(whyLengthMax)}`)
  expect(decodeWhy(encodeWhy({ nodes: [huge] }))?.nodes).toHaveLength(1)
})

test.each(['', '{', '[]', '{"nodes":[{}]}'])('%j is not of this form', (text) => {
  expect(decodeWhy(text)).toBeUndefined()
})
