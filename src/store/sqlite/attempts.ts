import { type Field, type ObjectId, objectId } from '../../core/definition/pipeline-object.ts'
import type { Instant } from '../../core/instant.ts'
import type { Attempt } from '../../core/lifecycle/instance.ts'
import type { AttemptRow, PipelineId } from '../rows.ts'
import type { ObjectFilter } from '../store.ts'
import type { Sql, SqlRow } from './connection.ts'
import { EARLIEST, LATEST, list } from './filter.ts'

export function saveAttempt(sql: Sql, row: Omit<AttemptRow, 'fields'>): void {
  const { attempt } = row
  sql.run`
    insert into attempts (
      pipeline_id, instance_id, number, component_id, scheduled_start, scheduled_end,
      worker_group, queued_at, status, started_at, ended_at, record, fields
    ) values (
      ${row.pipelineId}, ${row.instanceId}, ${attempt.number}, ${row.componentId},
      ${row.scheduledStart}, ${row.scheduledEnd},
      ${row.workerGroup ?? null}, ${row.queuedAt}, ${attempt.status},
      ${attempt.startedAt ?? null}, ${attempt.endedAt ?? null}, ${JSON.stringify(attempt)}, '[]'
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

export function firstQueuedAttempt(sql: Sql, workerGroup: string): AttemptRow | undefined {
  const row = sql.get`
    select *
    from attempts
    where worker_group = ${workerGroup}
      and status = 'WAITING_FOR_RUNNER'
    order by queued_at, scheduled_start, pipeline_id, instance_id
    limit 1`
  return row && toAttempt(row)
}

/** The name of an attempt is made from that of its instance, which is looked up only where names are asked for. */
export function queryAttempts(
  sql: Sql,
  {
    pipelineId,
    filter,
    afterId,
    limit,
  }: { pipelineId: PipelineId; filter: ObjectFilter; afterId: string; limit: number },
): readonly ObjectId[] {
  const { scheduledStart, scheduledEnd, actualStart, actualEnd } = filter
  const after = toPosition(afterId)
  const rows = sql.all`
    select instance_id, number
    from attempts
    where pipeline_id = ${pipelineId}
      and (instance_id, number) > (${after.instanceId}, ${after.number})
      and (${list(filter.instanceIds)} is null
        or instance_id in (select value from json_each(${list(filter.instanceIds)})))
      and (${list(filter.names)} is null
        or (
          select instances.name || '_Attempt=' || attempts.number
          from instances
          where instances.pipeline_id = attempts.pipeline_id
            and instances.id = attempts.instance_id
        ) in (select value from json_each(${list(filter.names)})))
      and (${list(filter.statuses)} is null or status in (select value from json_each(${list(filter.statuses)})))
      and (${list(filter.componentIds)} is null
        or component_id in (select value from json_each(${list(filter.componentIds)})))
      and scheduled_start between ${scheduledStart.from ?? EARLIEST} and ${scheduledStart.to ?? LATEST}
      and (${list(scheduledStart.anyOf)} is null
        or scheduled_start in (select value from json_each(${list(scheduledStart.anyOf)})))
      and scheduled_end between ${scheduledEnd.from ?? EARLIEST} and ${scheduledEnd.to ?? LATEST}
      and (${list(scheduledEnd.anyOf)} is null
        or scheduled_end in (select value from json_each(${list(scheduledEnd.anyOf)})))
      and (${actualStart.from ?? null} is null or started_at >= ${actualStart.from ?? null})
      and (${actualStart.to ?? null} is null or started_at <= ${actualStart.to ?? null})
      and (${list(actualStart.anyOf)} is null or started_at in (select value from json_each(${list(actualStart.anyOf)})))
      and (${actualEnd.from ?? null} is null or ended_at >= ${actualEnd.from ?? null})
      and (${actualEnd.to ?? null} is null or ended_at <= ${actualEnd.to ?? null})
      and (${list(actualEnd.anyOf)} is null or ended_at in (select value from json_each(${list(actualEnd.anyOf)})))
    order by instance_id, number
    limit ${limit}`
  return rows.map(toAttemptId)
}

export function deleteAttempts(sql: Sql, pipelineId: PipelineId): void {
  sql.run`delete from attempts where pipeline_id = ${pipelineId}`
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
    attempt: JSON.parse(columns.record) as Attempt,
    fields: JSON.parse(columns.fields) as readonly Field[],
  }
}

const toAttemptId = (row: SqlRow): ObjectId => objectId(`${row.instance_id}_Attempt=${row.number}`)
