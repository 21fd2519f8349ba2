import { type Field, textField } from '../core/definition/pipeline-object.ts'
import { formatInstant, type Instant } from '../core/instant.ts'
import { recurrenceOf } from '../core/lifecycle/component.ts'
import { nextRunAt } from '../core/lifecycle/component-fields.ts'
import type { Plan } from '../core/lifecycle/plan.ts'
import { endOf } from '../core/schedule/occurrence.ts'
import { formatPeriod } from '../core/schedule/period.ts'
import type { ComponentRow, PipelineRow } from '../store/rows.ts'
import { surroundingsOf } from './describe-component.ts'
import type { PipelineDescription } from './engine.ts'
import type { Workshop } from './workshop.ts'

/**
 * What DescribePipelines says of a pipeline; fields come with the stages of its life.
 *
 * @source observed: 3
 */
export async function describePipeline(row: PipelineRow, workshop: Workshop): Promise<PipelineDescription> {
  const { reads } = workshop.store
  const plan =
    row.activeVersion === undefined || row.state === 'DELETING'
      ? undefined
      : await workshop.plans.planOf(row, row.activeVersion, reads)
  const components = plan === undefined || row.state !== 'SCHEDULED' ? [] : await reads.listComponents(row.id)
  return {
    pipelineId: row.id,
    name: row.name,
    description: row.description,
    tags: row.tags,
    fields: [
      ...identityFields(row),
      ...lifeFields(row),
      ...(plan === undefined ? [] : scheduleFields(row, plan, components)),
    ],
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
    ...(row.health === undefined ? [] : [textField('@healthStatus', row.health)]),
    ...optional('@healthStatusUpdatedTime', row.healthUpdatedAt),
  ]
}

/** The schedule of a pipeline is the one with the earliest start; the fields have room for one. */
function scheduleFields(row: PipelineRow, plan: Plan, components: readonly ComponentRow[]): readonly Field[] {
  if (plan.isOnDemand) return optional('@scheduledStartTime', row.latestOnDemandAt)
  const recurrences = [...plan.components.values()].flatMap((component) => recurrenceOf(component) ?? [])
  const [first, ...others] = recurrences
  if (first === undefined) return []
  const schedule = others.reduce((found, each) => (each.start < found.start ? each : found), first)
  return [
    moment('@scheduledStartTime', schedule.start),
    textField('@scheduledPeriod', formatPeriod(schedule.period)),
    ...optional('@scheduledEndTime', endOf(schedule)),
    ...optional('@nextRunTime', row.state === 'SCHEDULED' ? firstRunAt(row, plan, components) : undefined),
  ]
}

/**
 * The scheduled start of the next run: that of the component whose next one is the earliest. Before the first run it is the start of the
 * schedule.
 *
 * @source observed: 3.2
 */
function firstRunAt(row: PipelineRow, plan: Plan, components: readonly ComponentRow[]): Instant | undefined {
  const around = surroundingsOf(row, plan, components)
  const starts = [...plan.components.values()].flatMap((component) =>
    component.timing.kind === 'scheduled' ? (nextRunAt(component, around) ?? []) : [],
  )
  const [first, ...others] = starts
  return first === undefined ? undefined : others.reduce((found, each) => (each < found ? each : found), first)
}

const moment = (key: string, value: Instant): Field => textField(key, formatInstant(value))

const optional = (key: string, value: Instant | undefined): readonly Field[] =>
  value === undefined ? [] : [moment(key, value)]
