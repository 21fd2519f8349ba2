import type { ObjectId } from '../../core/definition/pipeline-object.ts'
import type { Instant } from '../../core/instant.ts'
import type { PipelineId, TimerRow } from '../rows.ts'
import type { Sql, SqlRow } from './connection.ts'

export function saveTimer(sql: Sql, row: TimerRow): void {
  sql.run`
    insert into timers (pipeline_id, subject_id, kind, due_at)
    values (${row.pipelineId}, ${row.subjectId}, ${row.kind}, ${row.dueAt})
    on conflict (pipeline_id, subject_id, kind) do update set due_at = excluded.due_at`
}

export function deleteTimer(sql: Sql, row: Omit<TimerRow, 'dueAt'>): void {
  sql.run`
    delete from timers
    where pipeline_id = ${row.pipelineId}
      and subject_id = ${row.subjectId}
      and kind = ${row.kind}`
}

export function deleteTimersOfSubject(sql: Sql, row: Pick<TimerRow, 'pipelineId' | 'subjectId'>): void {
  sql.run`
    delete from timers
    where pipeline_id = ${row.pipelineId}
      and subject_id = ${row.subjectId}`
}

export function nextTimerAt(sql: Sql): Instant | undefined {
  const row = sql.get`
    select *
    from timers
    order by due_at
    limit 1`
  return row && toTimer(row).dueAt
}

export function listDueTimers(sql: Sql, now: Instant, limit: number): readonly TimerRow[] {
  const rows = sql.all`
    select *
    from timers
    where due_at <= ${now}
    order by due_at, pipeline_id, subject_id, kind
    limit ${limit}`
  return rows.map(toTimer)
}

export function listTimers(sql: Sql, pipelineId: PipelineId, subjectId: ObjectId): readonly TimerRow[] {
  const rows = sql.all`
    select *
    from timers
    where pipeline_id = ${pipelineId}
      and subject_id = ${subjectId}
    order by kind`
  return rows.map(toTimer)
}

/** Removes some, and says how many. */
export function deleteTimers(sql: Sql, pipelineId: PipelineId, limit: number): number {
  const { changes } = sql.run`
    delete from timers
    where pipeline_id = ${pipelineId}
      and (subject_id, kind) in (select subject_id, kind from timers where pipeline_id = ${pipelineId} limit ${limit})`
  return Number(changes)
}

type TimerColumns = {
  readonly pipeline_id: PipelineId
  readonly subject_id: ObjectId
  readonly kind: TimerRow['kind']
  readonly due_at: Instant
}

function toTimer(row: SqlRow): TimerRow {
  const columns = row as TimerColumns
  return {
    pipelineId: columns.pipeline_id,
    subjectId: columns.subject_id,
    kind: columns.kind,
    dueAt: columns.due_at,
  }
}
