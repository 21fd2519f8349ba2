import type { ObjectId } from '../../core/definition/pipeline-object.ts'
import type { Instant } from '../../core/instant.ts'
import { type Instance, statusOf } from '../../core/lifecycle/instance.ts'
import type { InstanceRow, PipelineId } from '../rows.ts'
import type { ObjectFilter } from '../store.ts'
import type { Sql, SqlRow } from './connection.ts'
import { bindList, bindTimes, EARLIEST, LATEST } from './filter.ts'

/** What never changes of an instance is left alone where it is there already: its indexes need no rewriting. */
export function saveInstance(sql: Sql, { pipelineId, name, instance }: InstanceRow): void {
  const { id, kind, componentId, version, occurrence, startedAt, ...record } = instance
  const ended = record.state.kind === 'ended' ? record.state : undefined
  sql.run`
    insert into instances (
      pipeline_id, id, name, component_id, kind, status, is_open, canceled_by,
      version, scheduled_start, scheduled_end, started_at, ended_at, record
    ) values (
      ${pipelineId}, ${id}, ${name}, ${componentId}, ${kind}, ${statusOf(instance)},
      ${Number(ended === undefined)}, ${ended?.canceledBy ?? null},
      ${version}, ${occurrence.start}, ${occurrence.end}, ${startedAt}, ${ended?.endedAt ?? null},
      ${JSON.stringify(record)}
    )
    on conflict (pipeline_id, id) do update set
      status = excluded.status,
      is_open = excluded.is_open,
      canceled_by = excluded.canceled_by,
      ended_at = excluded.ended_at,
      record = excluded.record`
}

export function findInstance(sql: Sql, pipelineId: PipelineId, id: string): InstanceRow | undefined {
  const row = sql.get`
    select *
    from instances
    where pipeline_id = ${pipelineId}
      and id = ${id}`
  return row && toInstance(row)
}

export function findInstances(sql: Sql, pipelineId: PipelineId, ids: readonly ObjectId[]): readonly InstanceRow[] {
  const rows = sql.all`
    select *
    from instances
    where pipeline_id = ${pipelineId}
      and id in (select value from json_each(${bindList(ids)}))
    order by id`
  return rows.map(toInstance)
}

/** Open instances of one component after another, the earliest interval first. */
export function listOpenInstanceIds(
  sql: Sql,
  pipelineId: PipelineId,
  { afterId, limit }: { afterId: string; limit: number },
): readonly ObjectId[] {
  const after = findInstance(sql, pipelineId, afterId)?.instance
  const rows = sql.all`
    select id
    from instances
    where pipeline_id = ${pipelineId}
      and is_open = 1
      and (component_id, scheduled_start, id)
        > (${after?.componentId ?? ''}, ${after?.occurrence.start ?? EARLIEST}, ${afterId})
    order by component_id, scheduled_start, id
    limit ${limit}`
  return rows.map(toInstanceId)
}

/** The open instances of one component, the earliest interval first. */
export function listActiveInstanceIds(
  sql: Sql,
  pipelineId: PipelineId,
  { componentId, limit }: { componentId: ObjectId; limit: number },
): readonly ObjectId[] {
  const rows = sql.all`
    select id
    from instances
    where pipeline_id = ${pipelineId}
      and is_open = 1
      and component_id = ${componentId}
    order by scheduled_start, id
    limit ${limit}`
  return rows.map(toInstanceId)
}

export function listOpenResources(
  sql: Sql,
  pipelineId: PipelineId,
  { afterId, limit }: { afterId: string; limit: number },
): readonly InstanceRow[] {
  const rows = sql.all`
    select *
    from instances
    where pipeline_id = ${pipelineId}
      and is_open = 1
      and kind = 'resource'
      and id > ${afterId}
    order by id
    limit ${limit}`
  return rows.map(toInstance)
}

export function listResourcesWithMachines(sql: Sql): readonly InstanceRow[] {
  const rows = sql.all`
    select *
    from instances
    where is_open = 1
      and kind = 'resource'
      and status in ('CREATING', 'RUNNING')
    order by pipeline_id, id`
  return rows.map(toInstance)
}

/** Looks through the open instances of the component: an index on the status would have to be rewritten with every change. */
export function listInstanceIdsByStatus(
  sql: Sql,
  pipelineId: PipelineId,
  { componentId, status, limit }: { componentId: ObjectId; status: string; limit: number },
): readonly ObjectId[] {
  const rows = sql.all`
    select id
    from instances
    where pipeline_id = ${pipelineId}
      and is_open = 1
      and component_id = ${componentId}
      and status = ${status}
    order by scheduled_start, id
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
 * Instance ids in the order in which the instances came to be. The lower bound of the page and that of the filter are one, so that a
 * page costs what it skips since the page before, and no more.
 */
export function queryInstances(
  sql: Sql,
  { pipelineId, filter, ...page }: { pipelineId: PipelineId; filter: ObjectFilter; afterId: string; limit: number },
): readonly ObjectId[] {
  const names = bindList(filter.names)
  const statuses = bindList(filter.statuses)
  const componentIds = bindList(filter.componentIds)
  const scheduledStart = bindTimes(filter.scheduledStart)
  const scheduledEnd = bindTimes(filter.scheduledEnd)
  const actualStart = bindTimes(filter.actualStart)
  const actualEnd = bindTimes(filter.actualEnd)
  const previous = findInstance(sql, pipelineId, page.afterId)?.instance
  const from = actualStart.from ?? EARLIEST
  const after = previous === undefined || previous.startedAt < from ? { startedAt: from, id: '' } : previous
  const rows = sql.all`
    select id
    from instances
    where pipeline_id = ${pipelineId}
      and (started_at, id) > (${after.startedAt}, ${after.id})
      and started_at <= ${actualStart.to ?? LATEST}
      and (${actualStart.seconds} is null
        or started_at / 1000 in (select value from json_each(${actualStart.seconds})))
      and (${names} is null or name in (select value from json_each(${names})))
      and (${statuses} is null or status in (select value from json_each(${statuses})))
      and (${componentIds} is null or component_id in (select value from json_each(${componentIds})))
      and (${scheduledStart.from} is null or scheduled_start >= ${scheduledStart.from})
      and (${scheduledStart.to} is null or scheduled_start <= ${scheduledStart.to})
      and (${scheduledStart.seconds} is null
        or scheduled_start / 1000 in (select value from json_each(${scheduledStart.seconds})))
      and (${scheduledEnd.from} is null or scheduled_end >= ${scheduledEnd.from})
      and (${scheduledEnd.to} is null or scheduled_end <= ${scheduledEnd.to})
      and (${scheduledEnd.seconds} is null
        or scheduled_end / 1000 in (select value from json_each(${scheduledEnd.seconds})))
      and (${actualEnd.from} is null or ended_at >= ${actualEnd.from})
      and (${actualEnd.to} is null or ended_at <= ${actualEnd.to})
      and (${actualEnd.seconds} is null or ended_at / 1000 in (select value from json_each(${actualEnd.seconds})))
    order by started_at, id
    limit ${page.limit}`
  return rows.map(toInstanceId)
}

/** What a deactivation cancelled only rests, and what commands are still to be performed for is not over. */
export function listEndedInstances(
  sql: Sql,
  pipelineId: PipelineId,
  { before, limit }: { before: { endedAt: Instant; id: string }; limit: number },
): readonly InstanceRow[] {
  const rows = sql.all`
    select *
    from instances
    where pipeline_id = ${pipelineId}
      and ended_at is not null
      and (ended_at, id) < (${before.endedAt}, ${before.id})
      and canceled_by is not 'deactivation'
      and not exists (
        select 1
        from outbox
        where outbox.pipeline_id = instances.pipeline_id
          and outbox.instance_id = instances.id)
    order by ended_at desc, id desc
    limit ${limit}`
  return rows.map(toInstance)
}

/** Removes some, and says how many. */
export function deleteInstances(sql: Sql, pipelineId: PipelineId, limit: number): number {
  const { changes } = sql.run`
    delete from instances
    where rowid in (select rowid from instances where pipeline_id = ${pipelineId} limit ${limit})`
  return Number(changes)
}

type InstanceColumns = {
  readonly pipeline_id: PipelineId
  readonly id: ObjectId
  readonly name: string
  readonly component_id: ObjectId
  readonly kind: Instance['kind']
  readonly version: number
  readonly scheduled_start: Instant
  readonly scheduled_end: Instant
  readonly started_at: Instant
  readonly record: string
}

function toInstance(row: SqlRow): InstanceRow {
  const columns = row as InstanceColumns
  return {
    pipelineId: columns.pipeline_id,
    name: columns.name,
    instance: {
      id: columns.id,
      kind: columns.kind,
      componentId: columns.component_id,
      version: columns.version,
      occurrence: { start: columns.scheduled_start, end: columns.scheduled_end },
      startedAt: columns.started_at,
      ...JSON.parse(columns.record),
    } as Instance,
  }
}

const toInstanceId = (row: SqlRow): ObjectId => row.id as ObjectId
