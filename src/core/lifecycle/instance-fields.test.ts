import { describe, expect, test } from 'vitest'
import { object, ref } from '../../../test/builders.ts'
import { attemptOf, ended, instances, testNow } from '../../../test/instances.ts'
import { at, componentOf, planFrom, schedule } from '../../../test/plans.ts'
import { objectType } from '../catalog/catalog.ts'
import { type Field, objectId } from '../definition/pipeline-object.ts'
import type { Attempt, Instance } from './instance.ts'
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

/** What the original has beside the tables of its guide. @source observed: 4.1 to 4.5 */
const outsideTables = new Set([
  'parent',
  'type',
  '@componentParent',
  '@instanceParent',
  '@attemptCount',
  '@triesLeft',
  '@headAttempt',
  '@resourceId',
  'input',
  'output',
])

const keysOf = (fields: readonly Field[]): readonly string[] => [...new Set(fields.map(({ key }) => key))]

const typeOfKind = {
  task: 'ShellCommandActivity',
  dataNode: 'S3DataNode',
  check: 'S3KeyExists',
  resource: 'Ec2Resource',
} as const

const waitingFor: Neighbours = {
  dependencies: [{ ...neighbour('dependsOn', '@B'), isOpen: true }],
  dependents: [],
}

const [later, failure] = [at('2026-01-01T02:00:00'), { status: 'FAILED', error } as const]
const running = { kind: 'running', attempt: attemptOf(), taskId: 't', handedOutAt: testNow, stop: undefined } as const
const guard = { nodeId: objectId('@N') }
const up = { kind: 'up', attempt: attemptOf(), machineNumber: 11, resourceId: 'i-1' } as const
const stopping = { kind: 'shuttingDown', attempt: attemptOf(), machineNumber: 11, outcome: ended() } as const
const machine: Neighbours = { ...alone, resourceId: 'i-1' }

describe('the service sets exactly these fields on an instance', () => {
  const always = [
    '@componentParent',
    'parent',
    '@sphere',
    'type',
    '@version',
    '@status',
    '@scheduledStartTime',
    '@scheduledEndTime',
    '@actualStartTime',
  ]
  const tries = ['@attemptCount', '@triesLeft', '@headAttempt']
  const end = ['@actualEndTime', '@finishedTime']
  const errors = ['errorId', 'errorMessage', 'errorStackTrace']

  test.each<[string, Instance, Neighbours, readonly string[]]>([
    [
      'an activity that waits',
      instances.task({ kind: 'waiting' }, { attemptCount: 0 }),
      waitingFor,
      ['@attemptCount', '@triesLeft', '@waitingOn'],
    ],
    [
      'an activity that is offered',
      instances.task({ kind: 'queued', attempt: attemptOf({ hostname: undefined }) }),
      alone,
      tries,
    ],
    [
      'an activity that is paused',
      instances.task({ kind: 'paused', attempt: attemptOf({ hostname: undefined }) }),
      alone,
      tries,
    ],
    [
      'an activity that is tried again',
      instances.task({ kind: 'retrying', retryAt: later }),
      alone,
      [...tries, 'attemptStatus'],
    ],
    ['an activity that runs', instances.task({ ...running, reportedAt: undefined }), alone, [...tries, 'hostname']],
    [
      'an activity that has reported',
      instances.task({ ...running, reportedAt: testNow }),
      alone,
      [...tries, 'hostname', 'reportProgressTime'],
    ],
    ['FINISHED', instances.task(ended({ status: 'FINISHED' })), alone, [...end, ...tries]],
    ['FAILED', instances.task(ended(failure)), alone, [...end, ...errors, ...tries]],
    [
      'CANCELED',
      instances.task(ended({ status: 'CANCELED', canceledBy: 'user' })),
      alone,
      [...end, 'cancellationReason', ...tries],
    ],
    [
      'CASCADE_FAILED',
      instances.task(ended({ status: 'CASCADE_FAILED', cascadeFailedOn: objectId('@S') })),
      alone,
      [...end, '@cascadeFailedOn', ...tries],
    ],
    [
      'SKIPPED',
      instances.task(ended({ status: 'SKIPPED' }), { attemptCount: 0 }),
      alone,
      [...end, '@attemptCount', '@triesLeft'],
    ],
    ['a data node that waits', instances.dataNode({ kind: 'waiting' }), waitingFor, ['@waitingOn']],
    [
      'a data node that is there',
      instances.dataNode(ended({ status: 'FINISHED' })),
      { dependencies: [], dependents: [neighbour('input', '@R')] },
      [...end, 'output'],
    ],
    [
      'a precondition that is checked',
      instances.check(
        { kind: 'checking', attempt: attemptOf(), checkCount: 1, checkedAt: testNow, message: 'no' },
        guard,
      ),
      alone,
      [...tries, 'currentRetryCount', 'lastRetryTime', 'attemptStatus', 'node'],
    ],
    [
      'a precondition that holds',
      instances.check(ended({ status: 'FINISHED' }), guard),
      alone,
      ['@actualEndTime', ...tries, 'node'],
    ],
    [
      'a resource that starts',
      instances.resource({ kind: 'creating', attempt: attemptOf({ hostname: undefined }), machineNumber: 11 }),
      alone,
      tries,
    ],
    ['a resource that is up', instances.resource(up), machine, [...tries, '@resourceId']],
    ['a resource that stops', instances.resource(stopping), machine, [...tries, '@resourceId']],
    [
      'a resource that has finished',
      instances.resource(ended({ status: 'FINISHED' })),
      machine,
      [...end, ...tries, '@resourceId'],
    ],
    [
      'TIMEDOUT',
      instances.resource(ended({ status: 'TIMEDOUT', error })),
      machine,
      [...end, ...errors, '@failureReason', ...tries, '@resourceId'],
    ],
  ])('%s', (...[, instance, around, expected]) => {
    const keys = keysOf(instanceFields(instance, component, around))
    expect(keys).toEqual([...always, ...expected])
    const { fields } = objectType(typeOfKind[instance.kind]) ?? { fields: new Map() }
    expect(keys.filter((key) => !fields.has(key) && !outsideTables.has(key))).toEqual([])
  })
})

describe('the service sets exactly these fields on an attempt', () => {
  const always = [
    '@componentParent',
    'parent',
    '@instanceParent',
    '@sphere',
    'type',
    '@version',
    '@status',
    '@scheduledStartTime',
    '@scheduledEndTime',
  ]
  const offered = attemptOf({ status: 'WAITING_FOR_RUNNER', startedAt: undefined, hostname: undefined })
  const over = (said: Partial<Attempt>) => attemptOf({ endedAt: testNow, ...said })
  const [begun, done] = ['@actualStartTime', '@actualEndTime']
  const errors = ['errorId', 'errorMessage', 'errorStackTrace']
  const checking = {
    kind: 'checking',
    attempt: attemptOf({ hostname: undefined }),
    checkCount: 1,
    checkedAt: testNow,
    message: 'no',
  } as const

  test.each<[string, Attempt, Instance, readonly string[]]>([
    ['WAITING_FOR_RUNNER', offered, instances.task({ kind: 'queued', attempt: offered }), []],
    ['PAUSED', offered, instances.task({ kind: 'paused', attempt: offered }), []],
    [
      'RUNNING',
      attemptOf(),
      instances.task({ ...running, reportedAt: testNow }),
      [begun, 'hostname', 'reportProgressTime'],
    ],
    [
      'RUNNING, of a precondition',
      checking.attempt,
      instances.check(checking, guard),
      [begun, 'currentRetryCount', 'lastRetryTime', 'attemptStatus'],
    ],
    [
      'CREATING',
      attemptOf({ hostname: undefined }),
      instances.resource({ kind: 'creating', attempt: attemptOf(), machineNumber: 11 }),
      [begun],
    ],
    ['RUNNING, of a resource', attemptOf({ hostname: 'i-1' }), instances.resource(up), [begun, '@resourceId']],
    [
      'FINISHED',
      over({ status: 'FINISHED' }),
      instances.task(ended({ status: 'FINISHED' })),
      [begun, done, 'hostname'],
    ],
    [
      'FAILED',
      over({ status: 'FAILED', error }),
      instances.task({ kind: 'retrying', retryAt: later }),
      [begun, done, 'hostname', ...errors],
    ],
    [
      'FAILED, of a resource',
      over({ status: 'FAILED', error, hostname: undefined }),
      instances.resource(ended(failure)),
      [begun, done, ...errors, '@failureReason'],
    ],
    [
      'CANCELED',
      over({ status: 'CANCELED' }),
      instances.task(ended({ status: 'CANCELED', canceledBy: 'user' })),
      [begun, done, 'hostname', 'cancellationReason'],
    ],
  ])('%s', (...[, attempt, instance, expected]) => {
    const node = instance.nodeId === undefined ? [] : ['node']
    const keys = keysOf(attemptFieldsOf(attempt, instance, component))
    expect(keys).toEqual([...always, ...expected, '@activeInstances', ...node])
    const { fields } = objectType(typeOfKind[instance.kind]) ?? { fields: new Map() }
    expect(keys.filter((key) => !fields.has(key) && !outsideTables.has(key))).toEqual([])
  })
})
