import {
  type Field,
  type ObjectId,
  type PipelineObject,
  referenceField,
  textField,
} from '../core/definition/pipeline-object.ts'
import { maskField, maskScope } from '../core/definition/secrets.ts'
import { formatInstant, type Instant } from '../core/instant.ts'
import { evaluateObject } from '../core/lifecycle/evaluated-objects.ts'
import { definitionScope } from '../core/lifecycle/field-text.ts'
import type { Plan } from '../core/lifecycle/plan.ts'
import { occurrenceAt } from '../core/schedule/occurrence.ts'
import type { ComponentRow, PipelineRow } from '../store/rows.ts'
import type { Workshop } from './workshop.ts'

/** The most open instances that a component lists. */
const activeInstancesMax = 100

/** Words of status that an instance has while it is open. */
const openStatuses = [
  'WAITING_ON_DEPENDENCIES',
  'WAITING_FOR_RUNNER',
  'PAUSED',
  'CREATING',
  'RUNNING',
  'SHUTTING_DOWN',
] as const

/**
 * A component: its fields as written, and what the service knows of its runs.
 *
 * @source observed: 4.1
 */
export async function describeComponent(
  workshop: Workshop,
  pipeline: PipelineRow,
  wanted: { readonly id: ObjectId; readonly expressions: 'evaluated' | 'verbatim' },
): Promise<PipelineObject | undefined> {
  const { reads } = workshop.store
  const version = pipeline.activeVersion ?? pipeline.latestVersion
  const definition = await reads.findDefinition(pipeline.id, version)
  const object = definition?.definition.objects.find(({ id }) => id === wanted.id)
  if (object === undefined) return undefined
  const sphere = textField('@sphere', 'COMPONENT')
  if (pipeline.activeVersion === undefined) return { ...object, fields: [...object.fields.map(maskField), sphere] }
  const plan = await workshop.plans.planOf(pipeline, version, reads)
  const own = wanted.expressions === 'verbatim' ? object.fields.map(maskField) : evaluatedFields(plan, object)
  const common = [...own, sphere, textField('@version', String(version)), textField('@pipelineId', pipeline.id)]
  if (!plan.components.has(object.id))
    return { ...object, fields: [...common, ...scheduleFields(pipeline, plan, object.id)] }
  const row = await reads.findComponent(pipeline.id, object.id)
  const active = await activeInstances(workshop, pipeline, object.id)
  return { ...object, fields: [...common, ...runFields(plan, object.id, row), ...active] }
}

function evaluatedFields(plan: Plan, object: PipelineObject): readonly Field[] {
  const scope = maskScope(definitionScope(plan))
  return [...new Set(object.fields.map(({ key }) => key))].flatMap((key) => {
    const evaluated = evaluateObject({ id: object.id, name: object.name, keys: [key] }, scope)
    // What needs an instance cannot be evaluated here, and is shown as it is written.
    if (evaluated.kind === 'failure') return object.fields.filter((field) => field.key === key).map(maskField)
    return evaluated.objects.flatMap(({ fields }) => fields)
  })
}

function scheduleFields(pipeline: PipelineRow, plan: Plan, id: ObjectId): readonly Field[] {
  const isSchedule = plan.objects.get(id)?.type?.name === 'Schedule'
  return isSchedule ? moment('@firstActivationTime', pipeline.firstActivatedAt) : []
}

function runFields(plan: Plan, id: ObjectId, row: ComponentRow | undefined): readonly Field[] {
  const status = textField('@status', row?.isPaused === true ? 'PAUSED' : 'SCHEDULED')
  return [
    status,
    ...moment('@latestRunTime', row?.latestRunAt),
    ...moment('@latestCompletedRunTime', row?.latestCompletedRunAt),
    ...moment('@nextRunTime', nextRunAt(plan, id, row)),
    ...(row?.health === undefined ? [] : [textField('@healthStatus', row.health)]),
    ...(row?.healthInstanceId === undefined ? [] : [textField('@healthStatusFromInstanceId', row.healthInstanceId)]),
    ...moment('@healthStatusUpdatedTime', row?.healthUpdatedAt),
  ]
}

function nextRunAt(plan: Plan, id: ObjectId, row: ComponentRow | undefined): Instant | undefined {
  const timing = plan.components.get(id)?.timing
  if (timing?.kind !== 'scheduled' || timing.recurrence.kind !== 'recurring') return undefined
  return occurrenceAt(timing.recurrence, row?.nextIndex ?? 0)?.start
}

async function activeInstances(workshop: Workshop, { id: pipelineId }: PipelineRow, componentId: ObjectId) {
  const { reads } = workshop.store
  const lists = await Promise.all(
    openStatuses.map((status) =>
      reads.listInstanceIdsByStatus(pipelineId, { componentId, status, limit: activeInstancesMax }),
    ),
  )
  return lists
    .flat()
    .slice(0, activeInstancesMax)
    .map((id) => referenceField('@activeInstances', id))
}

const moment = (key: string, value: Instant | undefined): readonly Field[] =>
  value === undefined ? [] : [textField(key, formatInstant(value))]
