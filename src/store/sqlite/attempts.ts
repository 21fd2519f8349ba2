import { type Field, type ObjectId, objectId } from '../../core/definition/pipeline-object.ts'
import type { Instant } from '../../core/instant.ts'
import type { Attempt } from '../../core/lifecycle/instance.ts'
import type { AttemptRow, PipelineId } from '../rows.ts'
import type { ObjectFilter } from '../store.ts'
import type { Sql, SqlRow } from './connection.ts'
import { bindList, bindTimes } from './filter.ts'

export function saveAttempt(sql: Sql, row: Omit<AttemptRow, 'fields'>): void {
  const { number, status, startedAt, endedAt, ...record } = row.attempt
  sql.run`
    insert into attempts (
      pipeline_id, instance_id, number, component_id, scheduled_start, scheduled_end,
      worker_group, queued_at, status, started_at, ended_at, record, fields
    ) values (
      ${row.pipelineId}, ${row.instanceId}, ${number}, ${row.componentId},
      ${row.scheduledStart}, ${row.scheduledEnd},
      ${row.workerGroup ?? null}, ${row.queuedAt}, ${status},
      ${startedAt ?? null}, ${endedAt ?? null}, ${JSON.stringify(record)}, '[]'
    )
    on conflict (pipeline_id, instance_id, number) do update set
      component_id = excluded.component_id,
      scheduled_start = excluded.scheduled_start,
      scheduled_end = excluded.scheduled_end,
      worker_group = excluded.worker_group,
      queued_at = excluded.queued_at,
      status = excluded.status,
      started_at = excluded.started_at,
      ended_at = excluded.ended_at,
      record = excluded.record`
}

export function updateAttemptFields(
  sql: Sql,
  row: Pick<AttemptRow, 'pipelineId' | 'instanceId' | 'fields'> & { number: number },
): void {
  sql.run`
    update attempts
    set fields = ${JSON.stringify(row.fields)}
    where pipeline_id = ${row.pipelineId}
      and instance_id = ${row.instanceId}
      and number = ${row.number}`
}

export function findAttempt(
  sql: Sql,
  { pipelineId, instanceId, number }: { pipelineId: PipelineId; instanceId: ObjectId; number: number },
): AttemptRow | undefined {
  const row = sql.get`
    select *
    from attempts
    where pipeline_id = ${pipelineId}
      and instance_id = ${instanceId}
      and number = ${number}`
  return row && toAttempt(row)
}

export function listAttempts(sql: Sql, pipelineId: PipelineId, instanceId: ObjectId): readonly AttemptRow[] {
  const rows = sql.all`
    select *
    from attempts
    where pipeline_id = ${pipelineId}
      and instance_id = ${instanceId}
    order by number`
  return rows.map(toAttempt)
}

/** One search of an index finds the pipeline and its first attempt; a second one goes on from the first of all pipelines. */
export function nextQueuedAttempt(sql: Sql, workerGroup: string, afterPipelineId: string): AttemptRow | undefined {
  return firstQueuedAfter(sql, workerGroup, afterPipelineId) ?? firstQueuedAfter(sql, workerGroup, '')
}

function firstQueuedAfter(sql: Sql, workerGroup: string, afterPipelineId: string): AttemptRow | undefined {
  const row = sql.get`
    select *
    from attempts
    where worker_group = ${workerGroup}
      and status = 'WAITING_FOR_RUNNER'
      and pipeline_id > ${afterPipelineId}
    order by pipeline_id, queued_at, scheduled_start, instance_id
    limit 1`
  return row && toAttempt(row)
}

/** The attempts of a worker group that runners have at work, those that began first before the others. */
export function listRunningAttempts(sql: Sql, workerGroup: string, limit: number): readonly AttemptRow[] {
  const rows = sql.all`
    select *
    from attempts
    where worker_group = ${workerGroup}
      and status = 'RUNNING'
    order by started_at, pipeline_id, instance_id
    limit ${limit}`
  return rows.map(toAttempt)
}

/**
 * Attempt ids. A page begins after the page before, or with the first of the instances asked for, and ends with the last of them; a blob
 * is greater than every text. The name of an attempt is made from that of its instance, which is looked up only where names are asked for.
 */
export function queryAttempts(
  sql: Sql,
  { pipelineId, filter, ...page }: { pipelineId: PipelineId; filter: ObjectFilter; afterId: string; limit: number },
): readonly ObjectId[] {
  const instanceIds = bindList(filter.instanceIds)
  const names = bindList(filter.names)
  const statuses = bindList(filter.statuses)
  const componentIds = bindList(filter.componentIds)
  const scheduledStart = bindTimes(filter.scheduledStart)
  const scheduledEnd = bindTimes(filter.scheduledEnd)
  const actualStart = bindTimes(filter.actualStart)
  const actualEnd = bindTimes(filter.actualEnd)
  const after = toPosition(page.afterId)
  const rows = sql.all`
    select instance_id, number
    from attempts
    where pipeline_id = ${pipelineId}
      and (instance_id, number) > (
        select
          max(${after.instanceId}, coalesce(min(value), '')),
          iif(${after.instanceId} >= coalesce(min(value), ''), ${after.number}, 0)
        from json_each(${instanceIds}))
      and instance_id <= coalesce((select max(value) from json_each(${instanceIds})), x'')
      and (${instanceIds} is null or instance_id in (select value from json_each(${instanceIds})))
      and (${names} is null
        or (
          select instances.name || '_Attempt=' || attempts.number
          from instances
          where instances.pipeline_id = attempts.pipeline_id
            and instances.id = attempts.instance_id
        ) in (select value from json_each(${names})))
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
      and (${actualStart.from} is null or started_at >= ${actualStart.from})
      and (${actualStart.to} is null or started_at <= ${actualStart.to})
      and (${actualStart.seconds} is null
        or started_at / 1000 in (select value from json_each(${actualStart.seconds})))
      and (${actualEnd.from} is null or ended_at >= ${actualEnd.from})
      and (${actualEnd.to} is null or ended_at <= ${actualEnd.to})
      and (${actualEnd.seconds} is null or ended_at / 1000 in (select value from json_each(${actualEnd.seconds})))
    order by instance_id, number
    limit ${page.limit}`
  return rows.map(toAttemptId)
}

/** Removes some, and says how many. */
export function deleteAttempts(sql: Sql, pipelineId: PipelineId, limit: number): number {
  const { changes } = sql.run`
    delete from attempts
    where rowid in (select rowid from attempts where pipeline_id = ${pipelineId} limit ${limit})`
  return Number(changes)
}

/** Where the attempt with this id stands among all; before every attempt of its instance, or of all, if the id names none. */
function toPosition(attemptId: string): { instanceId: string; number: number } {
  const match = /^(?<instanceId>.*)_Attempt=(?<number>\d+)$/s.exec(attemptId)
  if (match?.groups === undefined) return { instanceId: attemptId, number: 0 }
  return { instanceId: match.groups.instanceId ?? '', number: Number(match.groups.number) }
}

type AttemptColumns = {
  readonly pipeline_id: PipelineId
  readonly instance_id: ObjectId
  readonly component_id: ObjectId
  readonly scheduled_start: Instant
  readonly scheduled_end: Instant
  readonly worker_group: string | null
  readonly queued_at: Instant
  readonly number: number
  readonly status: Attempt['status']
  readonly started_at: Instant | null
  readonly ended_at: Instant | null
  readonly record: string
  readonly fields: string
}

function toAttempt(row: SqlRow): AttemptRow {
  const columns = row as AttemptColumns
  return {
    pipelineId: columns.pipeline_id,
    instanceId: columns.instance_id,
    componentId: columns.component_id,
    scheduledStart: columns.scheduled_start,
    scheduledEnd: columns.scheduled_end,
    workerGroup: columns.worker_group ?? undefined,
    queuedAt: columns.queued_at,
    attempt: {
      number: columns.number,
      status: columns.status,
      startedAt: columns.started_at ?? undefined,
      endedAt: columns.ended_at ?? undefined,
      ...JSON.parse(columns.record),
    } as Attempt,
    fields: JSON.parse(columns.fields) as readonly Field[],
  }
}

const toAttemptId = (row: SqlRow): ObjectId => objectId(`${row.instance_id}_Attempt=${row.number}`)
