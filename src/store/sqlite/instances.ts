import type { ObjectId } from '../../core/definition/pipeline-object.ts'
import { type Instant, instant } from '../../core/instant.ts'
import { type Instance, statusOf } from '../../core/lifecycle/instance.ts'
import type { InstanceRow, PipelineId } from '../rows.ts'
import type { ObjectFilter } from '../store.ts'
import type { Sql, SqlRow } from './connection.ts'
import { EARLIEST, LATEST, list } from './filter.ts'

/** What never changes of an instance is left alone where it is there already: its indexes need no rewriting. */
export function saveInstance(sql: Sql, { pipelineId, name, instance }: InstanceRow): void {
  const { id, componentId, occurrence, startedAt, state } = instance
  const ended = state.kind === 'ended' ? state : undefined
  sql.run`
    insert into instances (
      pipeline_id, id, name, component_id, kind, status, is_open, canceled_by,
      scheduled_start, scheduled_end, started_at, ended_at, record
    ) values (
      ${pipelineId}, ${id}, ${name}, ${componentId}, ${instance.kind}, ${statusOf(instance)},
      ${Number(ended === undefined)}, ${ended?.canceledBy ?? null},
      ${occurrence.start}, ${occurrence.end}, ${startedAt}, ${ended?.endedAt ?? null}, ${JSON.stringify(instance)}
    )
    on conflict (pipeline_id, id) do update set
      status = excluded.status,
      is_open = excluded.is_open,
      canceled_by = excluded.canceled_by,
      ended_at = excluded.ended_at,
      record = excluded.record`
}

export function findInstance(sql: Sql, pipelineId: PipelineId, id: ObjectId): InstanceRow | undefined {
  const row = sql.get`
    select pipeline_id, name, record
    from instances
    where pipeline_id = ${pipelineId}
      and id = ${id}`
  return row && toInstance(row)
}

export function findInstances(sql: Sql, pipelineId: PipelineId, ids: readonly ObjectId[]): readonly InstanceRow[] {
  const rows = sql.all`
    select pipeline_id, name, record
    from instances
    where pipeline_id = ${pipelineId}
      and id in (select value from json_each(${list(ids)}))
    order by id`
  return rows.map(toInstance)
}

export function listOpenInstanceIds(
  sql: Sql,
  pipelineId: PipelineId,
  { afterId, limit }: { afterId: string; limit: number },
): readonly ObjectId[] {
  const rows = sql.all`
    select id
    from instances
    where pipeline_id = ${pipelineId}
      and is_open = 1
      and id > ${afterId}
    order by id
    limit ${limit}`
  return rows.map(toInstanceId)
}

export function listOpenResources(sql: Sql): readonly InstanceRow[] {
  const rows = sql.all`
    select pipeline_id, name, record
    from instances
    where is_open = 1
      and kind = 'resource'
    order by pipeline_id, id`
  return rows.map(toInstance)
}

export function listInstanceIdsByStatus(
  sql: Sql,
  pipelineId: PipelineId,
  { componentId, status, limit }: { componentId: ObjectId; status: string; limit: number },
): readonly ObjectId[] {
  const rows = sql.all`
    select id
    from instances
    where pipeline_id = ${pipelineId}
      and component_id = ${componentId}
      and status = ${status}
    order by scheduled_start
    limit ${limit}`
  return rows.map(toInstanceId)
}

export function listDeactivatedInstanceIds(sql: Sql, pipelineId: PipelineId, limit: number): readonly ObjectId[] {
  const rows = sql.all`
    select id
    from instances
    where pipeline_id = ${pipelineId}
      and canceled_by = 'deactivation'
    order by id
    limit ${limit}`
  return rows.map(toInstanceId)
}

/**
 * Instance ids in the order in which the instances came to be. The lower bound of the page and that of the filter are one bound, so
 * that a page costs what it skips since the page before, and no more.
 */
export function queryInstances(
  sql: Sql,
  selection: { pipelineId: PipelineId; filter: ObjectFilter; afterId: string; limit: number },
): readonly ObjectId[] {
  const { pipelineId, filter, limit } = selection
  const { scheduledStart, scheduledEnd, actualStart, actualEnd } = filter
  const after = lowerBound(sql, selection)
  const rows = sql.all`
    select id
    from instances
    where pipeline_id = ${pipelineId}
      and (started_at, id) > (${after.startedAt}, ${after.id})
      and started_at <= ${actualStart.to ?? LATEST}
      and (${list(actualStart.anyOf)} is null or started_at in (select value from json_each(${list(actualStart.anyOf)})))
      and (${list(filter.names)} is null or name in (select value from json_each(${list(filter.names)})))
      and (${list(filter.statuses)} is null or status in (select value from json_each(${list(filter.statuses)})))
      and (${list(filter.componentIds)} is null
        or component_id in (select value from json_each(${list(filter.componentIds)})))
      and scheduled_start between ${scheduledStart.from ?? EARLIEST} and ${scheduledStart.to ?? LATEST}
      and (${list(scheduledStart.anyOf)} is null
        or scheduled_start in (select value from json_each(${list(scheduledStart.anyOf)})))
      and scheduled_end between ${scheduledEnd.from ?? EARLIEST} and ${scheduledEnd.to ?? LATEST}
      and (${list(scheduledEnd.anyOf)} is null
        or scheduled_end in (select value from json_each(${list(scheduledEnd.anyOf)})))
      and (${actualEnd.from ?? null} is null or ended_at >= ${actualEnd.from ?? null})
      and (${actualEnd.to ?? null} is null or ended_at <= ${actualEnd.to ?? null})
      and (${list(actualEnd.anyOf)} is null or ended_at in (select value from json_each(${list(actualEnd.anyOf)})))
    order by started_at, id
    limit ${limit}`
  return rows.map(toInstanceId)
}

export function deleteInstances(sql: Sql, pipelineId: PipelineId): void {
  sql.run`delete from instances where pipeline_id = ${pipelineId}`
}

/** The later of where the page before ended and where the filter begins. */
function lowerBound(
  sql: Sql,
  { pipelineId, filter, afterId }: { pipelineId: PipelineId; filter: ObjectFilter; afterId: string },
): { startedAt: Instant; id: string } {
  const from = filter.actualStart.from ?? EARLIEST
  const row = sql.get`
    select started_at
    from instances
    where pipeline_id = ${pipelineId}
      and id = ${afterId}`
  if (row === undefined) return { startedAt: from, id: '' }
  const startedAt = instant(row.started_at as number)
  return startedAt < from ? { startedAt: from, id: '' } : { startedAt, id: afterId }
}

function toInstance(row: SqlRow): InstanceRow {
  const columns = row as { readonly pipeline_id: PipelineId; readonly name: string; readonly record: string }
  return {
    pipelineId: columns.pipeline_id,
    name: columns.name,
    instance: JSON.parse(columns.record) as Instance,
  }
}

const toInstanceId = (row: SqlRow): ObjectId => row.id as ObjectId
