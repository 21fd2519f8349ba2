import type { ObjectId } from '../../core/definition/pipeline-object.ts'
import type { Instant } from '../../core/instant.ts'
import type { Health } from '../../core/lifecycle/accounting.ts'
import type { ComponentRow, PipelineId } from '../rows.ts'
import type { Sql, SqlRow } from './connection.ts'

export function saveComponent(sql: Sql, row: ComponentRow): void {
  sql.run`
    insert into components (
      pipeline_id, id, is_paused, next_index, active_instances,
      health, health_instance_id, health_updated_at, latest_run_at, latest_completed_run_at
    ) values (
      ${row.pipelineId}, ${row.id}, ${Number(row.isPaused)}, ${row.nextIndex}, ${row.activeInstances},
      ${row.health ?? null}, ${row.healthInstanceId ?? null}, ${row.healthUpdatedAt ?? null},
      ${row.latestRunAt ?? null}, ${row.latestCompletedRunAt ?? null}
    )
    on conflict (pipeline_id, id) do update set
      is_paused = excluded.is_paused,
      next_index = excluded.next_index,
      active_instances = excluded.active_instances,
      health = excluded.health,
      health_instance_id = excluded.health_instance_id,
      health_updated_at = excluded.health_updated_at,
      latest_run_at = excluded.latest_run_at,
      latest_completed_run_at = excluded.latest_completed_run_at`
}

export function findComponent(sql: Sql, pipelineId: PipelineId, id: ObjectId): ComponentRow | undefined {
  const row = sql.get`
    select *
    from components
    where pipeline_id = ${pipelineId}
      and id = ${id}`
  return row && toComponent(row)
}

export function listComponents(sql: Sql, pipelineId: PipelineId): readonly ComponentRow[] {
  const rows = sql.all`
    select *
    from components
    where pipeline_id = ${pipelineId}
    order by id`
  return rows.map(toComponent)
}

/** Removes some, and says how many. */
export function deleteComponents(sql: Sql, pipelineId: PipelineId, limit: number): number {
  const { changes } = sql.run`
    delete from components
    where pipeline_id = ${pipelineId}
      and id in (select id from components where pipeline_id = ${pipelineId} limit ${limit})`
  return Number(changes)
}

type ComponentColumns = {
  readonly pipeline_id: PipelineId
  readonly id: ObjectId
  readonly is_paused: number
  readonly next_index: number
  readonly active_instances: number
  readonly health: Health | null
  readonly health_instance_id: ObjectId | null
  readonly health_updated_at: Instant | null
  readonly latest_run_at: Instant | null
  readonly latest_completed_run_at: Instant | null
}

function toComponent(row: SqlRow): ComponentRow {
  const columns = row as ComponentColumns
  return {
    pipelineId: columns.pipeline_id,
    id: columns.id,
    isPaused: columns.is_paused === 1,
    nextIndex: columns.next_index,
    activeInstances: columns.active_instances,
    health: columns.health ?? undefined,
    healthInstanceId: columns.health_instance_id ?? undefined,
    healthUpdatedAt: columns.health_updated_at ?? undefined,
    latestRunAt: columns.latest_run_at ?? undefined,
    latestCompletedRunAt: columns.latest_completed_run_at ?? undefined,
  }
}
