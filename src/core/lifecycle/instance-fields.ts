import { assertNever } from '../assert-never.ts'
import { type Field, type ObjectId, referenceField, textField } from '../definition/pipeline-object.ts'
import { formatInstant, type Instant } from '../instant.ts'
import { attemptIdOf, type Component, type LinkKind } from './component.ts'
import { type Attempt, type Instance, openAttempt, statusOf, type TaskError } from './instance.ts'

/** The neighbours of an instance, as far as its fields show them. */
export type Neighbours = {
  /** What it depends on, and whether that is still open. */
  readonly dependencies: readonly { readonly kind: LinkKind; readonly id: ObjectId; readonly isOpen: boolean }[]
  /** What depends on it. */
  readonly dependents: readonly { readonly kind: LinkKind; readonly id: ObjectId }[]
}

/**
 * The fields of an instance that the service sets. Data nodes and resources name the instances that use them under `input` and
 * `output`, as the original did.
 *
 * @source observed: 4.2, 4.3, 4.7
 */
export function instanceFields(instance: Instance, component: Component, around: Neighbours): readonly Field[] {
  return [
    referenceField('@componentParent', component.id),
    referenceField('parent', component.id),
    textField('@sphere', 'INSTANCE'),
    textField('type', component.type),
    textField('@version', String(instance.version)),
    textField('@status', statusOf(instance)),
    ...intervalFields(instance),
    moment('@actualStartTime', instance.startedAt),
    ...endFields(instance),
    ...attemptFields(instance, component),
    ...stateFields(instance),
    ...(instance.nodeId === undefined ? [] : [referenceField('node', instance.nodeId)]),
    ...around.dependencies.flatMap(({ id, isOpen, kind }) =>
      isOpen && kind !== 'runsOn' ? [referenceField('@waitingOn', id)] : [],
    ),
    ...backReferences(instance, around),
  ]
}

/**
 * The fields of an attempt that the service sets.
 *
 * @source observed: 4.5, 8.1
 */
export function attemptFieldsOf(attempt: Attempt, instance: Instance, component: Component): readonly Field[] {
  return [
    referenceField('@componentParent', component.id),
    referenceField('parent', component.id),
    referenceField('@instanceParent', instance.id),
    textField('@sphere', 'ATTEMPT'),
    textField('type', component.type),
    textField('@version', String(instance.version)),
    textField('@status', attempt.status),
    ...intervalFields(instance),
    ...(attempt.startedAt === undefined ? [] : [moment('@actualStartTime', attempt.startedAt)]),
    ...(attempt.endedAt === undefined ? [] : [moment('@actualEndTime', attempt.endedAt)]),
    ...(attempt.hostname === undefined ? [] : [textField('hostname', attempt.hostname)]),
    ...errorFields(attempt.error),
    referenceField('@activeInstances', instance.id),
    ...(instance.nodeId === undefined ? [] : [referenceField('node', instance.nodeId)]),
  ]
}

const moment = (key: string, value: Instant): Field => textField(key, formatInstant(value))

const intervalFields = ({ occurrence }: Instance): readonly Field[] => [
  moment('@scheduledStartTime', occurrence.start),
  moment('@scheduledEndTime', occurrence.end),
]

function endFields({ state }: Instance): readonly Field[] {
  if (state.kind !== 'ended') return []
  return [
    moment('@actualEndTime', state.endedAt),
    moment('@finishedTime', state.endedAt),
    ...errorFields(state.error),
    ...(state.canceledBy === undefined ? [] : [textField('cancellationReason', `Cancelled by ${state.canceledBy}.`)]),
    ...(state.cascadeFailedOn === undefined ? [] : [referenceField('@cascadeFailedOn', state.cascadeFailedOn)]),
  ]
}

const errorFields = (error: TaskError | undefined): readonly Field[] =>
  error === undefined
    ? []
    : [
        textField('errorId', error.id),
        textField('errorMessage', error.message),
        ...(error.stackTrace === undefined ? [] : [textField('errorStackTrace', error.stackTrace)]),
      ]

function attemptFields(instance: Instance, { policy }: Component): readonly Field[] {
  if (instance.kind === 'dataNode') return []
  const triesLeft = Math.max(0, policy.retriesMax - instance.triesFailed)
  return [
    textField('@attemptCount', String(instance.attemptCount)),
    textField('@triesLeft', String(triesLeft)),
    ...(instance.attemptCount === 0
      ? []
      : [referenceField('@headAttempt', attemptIdOf(instance.id, instance.attemptCount))]),
  ]
}

function stateFields(instance: Instance): readonly Field[] {
  const { state } = instance
  const hostname = instance.kind === 'task' ? openAttempt(instance)?.hostname : undefined
  const host = hostname === undefined ? [] : [textField('hostname', hostname)]
  switch (state.kind) {
    case 'up':
      return [textField('@resourceId', state.resourceId)]
    case 'running':
      return state.reportedAt === undefined ? host : [...host, moment('reportProgressTime', state.reportedAt)]
    case 'checking':
      return [
        textField('currentRetryCount', String(state.checkCount)),
        ...(state.checkedAt === undefined ? [] : [moment('lastRetryTime', state.checkedAt)]),
        ...(state.message === undefined ? [] : [textField('attemptStatus', state.message)]),
      ]
    case 'retrying':
      return [textField('attemptStatus', `Tries again at ${formatInstant(state.retryAt)}.`)]
    case 'waiting':
    case 'paused':
    case 'held':
    case 'queued':
    case 'creating':
    case 'shuttingDown':
    case 'ended':
      return host
    default:
      return assertNever(state)
  }
}

function backReferences(instance: Instance, { dependencies, dependents }: Neighbours): readonly Field[] {
  if (instance.kind === 'resource') return dependents.map(({ id }) => referenceField('input', id))
  if (instance.kind !== 'dataNode') return []
  const consumers = dependents.flatMap(({ kind, id }) => (kind === 'input' ? [referenceField('output', id)] : []))
  const producers = dependencies.flatMap(({ kind, id }) => (kind === 'output' ? [referenceField('input', id)] : []))
  return [...consumers, ...producers]
}
