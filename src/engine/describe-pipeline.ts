import { type Field, textField } from '../core/definition/pipeline-object.ts'
import { formatInstant, type Instant } from '../core/instant.ts'
import type { Plan } from '../core/lifecycle/plan.ts'
import { endOf } from '../core/schedule/occurrence.ts'
import { formatPeriod } from '../core/schedule/period.ts'
import type { PipelineRow } from '../store/rows.ts'
import type { PipelineDescription } from './engine.ts'
import type { Workshop } from './workshop.ts'

/**
 * What DescribePipelines says of a pipeline; fields come with the stages of its life.
 *
 * @source observed: 3
 */
export async function describePipeline(row: PipelineRow, workshop: Workshop): Promise<PipelineDescription> {
  const plan =
    row.activeVersion === undefined || row.state === 'DELETING'
      ? undefined
      : await workshop.plans.planOf(row, row.activeVersion, workshop.store.reads)
  return {
    pipelineId: row.id,
    name: row.name,
    description: row.description,
    tags: row.tags,
    fields: [...identityFields(row), ...lifeFields(row), ...(plan === undefined ? [] : scheduleFields(row, plan))],
  }
}

function identityFields(row: PipelineRow): readonly Field[] {
  return [
    textField('@pipelineState', row.state),
    textField('name', row.name),
    moment('@creationTime', row.createdAt),
    textField('@id', row.id),
    textField('pipelineCreator', row.userId),
    textField('@sphere', 'PIPELINE'),
    textField('@userId', row.userId),
    textField('@accountId', row.accountId),
    textField('uniqueId', row.uniqueId),
    ...(row.description === undefined ? [] : [textField('description', row.description)]),
    ...(row.tags.length === 0 ? [] : [textField('*tags', JSON.stringify(row.tags))]),
  ]
}

function lifeFields(row: PipelineRow): readonly Field[] {
  return [
    ...(row.latestVersion === 0 ? [] : [textField('@version', String(row.latestVersion))]),
    ...optional('@firstActivationTime', row.firstActivatedAt),
    ...optional('@lastActivationTime', row.lastActivatedAt),
    ...optional('@lastDeactivatedTime', row.lastDeactivatedAt),
    ...optional('@deletionRequestTime', row.deletionRequestedAt),
    ...optional('@finishedTime', row.state === 'FINISHED' ? row.finishedAt : undefined),
    ...optional('@latestRunTime', row.latestRunAt),
    ...optional('@nextRunTime', row.nextRunAt),
    ...(row.health === undefined ? [] : [textField('@healthStatus', row.health)]),
    ...optional('@healthStatusUpdatedTime', row.healthUpdatedAt),
  ]
}

/** The schedule of a pipeline is the one with the earliest start; the fields have room for one. */
function scheduleFields(row: PipelineRow, plan: Plan): readonly Field[] {
  if (plan.isOnDemand) return optional('@scheduledStartTime', row.latestOnDemandAt)
  const recurrences = [...plan.components.values()].flatMap(({ timing }) =>
    timing.kind === 'scheduled' && timing.recurrence.kind === 'recurring' ? [timing.recurrence] : [],
  )
  const [first, ...others] = recurrences
  if (first === undefined) return []
  const schedule = others.reduce((found, each) => (each.start < found.start ? each : found), first)
  return [
    moment('@scheduledStartTime', schedule.start),
    textField('@scheduledPeriod', formatPeriod(schedule.period)),
    ...optional('@scheduledEndTime', endOf(schedule)),
  ]
}

const moment = (key: string, value: Instant): Field => textField(key, formatInstant(value))

const optional = (key: string, value: Instant | undefined): readonly Field[] =>
  value === undefined ? [] : [moment(key, value)]
