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
  /** Of a resource: the provider's id of its latest machine. */
  readonly resourceId?: string | undefined
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
    ...text('@resourceId', around.resourceId),
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
    ...text(instance.kind === 'resource' ? '@resourceId' : 'hostname', attempt.hostname),
    ...(openAttempt(instance)?.number === attempt.number ? progressFields(instance) : []),
    ...errorFields(attempt.error, instance),
    ...(attempt.status === 'CANCELED' ? cancellationFields(instance) : []),
    referenceField('@activeInstances', instance.id),
    ...(instance.nodeId === undefined ? [] : [referenceField('node', instance.nodeId)]),
  ]
}

/** Why an instance was cancelled, in words; `undefined` if it was not. */
export const cancellationReasonOf = ({ state }: Instance): string | undefined =>
  state.kind === 'ended' && state.canceledBy !== undefined ? `Cancelled by ${state.canceledBy}.` : undefined

const moment = (key: string, value: Instant): Field => textField(key, formatInstant(value))

const intervalFields = ({ occurrence }: Instance): readonly Field[] => [
  moment('@scheduledStartTime', occurrence.start),
  moment('@scheduledEndTime', occurrence.end),
]

function endFields(instance: Instance): readonly Field[] {
  const { state, nodeId } = instance
  if (state.kind !== 'ended') return []
  return [
    moment('@actualEndTime', state.endedAt),
    // Preconditions, which alone guard something, have no field of this name.
    ...(nodeId === undefined ? [moment('@finishedTime', state.endedAt)] : []),
    ...errorFields(state.error, instance),
    ...cancellationFields(instance),
    ...(state.cascadeFailedOn === undefined ? [] : [referenceField('@cascadeFailedOn', state.cascadeFailedOn)]),
  ]
}

/** Of a resource the error is that of its machine, which has a field of its own as well. */
const errorFields = (error: TaskError | undefined, { kind }: Instance): readonly Field[] => [
  ...text('errorId', error?.id),
  ...text('errorMessage', error?.message),
  ...text('errorStackTrace', error?.stackTrace),
  ...text('@failureReason', kind === 'resource' ? error?.message : undefined),
]

const cancellationFields = (instance: Instance): readonly Field[] =>
  text('cancellationReason', cancellationReasonOf(instance))

const text = (key: string, value: string | undefined): readonly Field[] =>
  value === undefined ? [] : [textField(key, value)]

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
  const retry = state.kind === 'retrying' ? `Tries again at ${formatInstant(state.retryAt)}.` : undefined
  return [...text('hostname', hostname), ...progressFields(instance), ...text('attemptStatus', retry)]
}

/** How far the open attempt has come: the latest report of its runner, or the latest check of its precondition. */
function progressFields({ state }: Instance): readonly Field[] {
  if (state.kind === 'running') {
    return state.reportedAt === undefined ? [] : [moment('reportProgressTime', state.reportedAt)]
  }
  if (state.kind !== 'checking') return []
  return [
    textField('currentRetryCount', String(state.checkCount)),
    ...(state.checkedAt === undefined ? [] : [moment('lastRetryTime', state.checkedAt)]),
    ...text('attemptStatus', state.message),
  ]
}

function backReferences(instance: Instance, { dependencies, dependents }: Neighbours): readonly Field[] {
  if (instance.kind === 'resource') return dependents.map(({ id }) => referenceField('input', id))
  if (instance.kind !== 'dataNode') return []
  const consumers = dependents.flatMap(({ kind, id }) => (kind === 'input' ? [referenceField('output', id)] : []))
  const producers = dependencies.flatMap(({ kind, id }) => (kind === 'output' ? [referenceField('input', id)] : []))
  return [...consumers, ...producers]
}
