import type { Instant } from '../../core/instant.ts'
import type { Health } from '../../core/lifecycle/accounting.ts'
import type { PipelineState } from '../../core/lifecycle/pipeline.ts'
import type { PipelineId, PipelineRow, Tag } from '../rows.ts'
import type { Sql, SqlRow } from './connection.ts'

export function insertPipeline(sql: Sql, row: PipelineRow): void {
  sql.run`
    insert into pipelines (
      id, name, unique_id, description, user_id, account_id, tags, state, created_at,
      latest_version, active_version, first_activated_at, last_activated_at, last_deactivated_at,
      deletion_requested_at, finished_at, start_at, latest_on_demand_at,
      open_instances, health, health_updated_at, latest_run_at, next_run_at
    ) values (
      ${row.id}, ${row.name}, ${row.uniqueId}, ${row.description ?? null}, ${row.userId}, ${row.accountId},
      ${JSON.stringify(row.tags)}, ${row.state}, ${row.createdAt},
      ${row.latestVersion}, ${row.activeVersion ?? null}, ${row.firstActivatedAt ?? null},
      ${row.lastActivatedAt ?? null}, ${row.lastDeactivatedAt ?? null},
      ${row.deletionRequestedAt ?? null}, ${row.finishedAt ?? null}, ${row.startAt ?? null},
      ${row.latestOnDemandAt ?? null},
      ${row.openInstances}, ${row.health ?? null}, ${row.healthUpdatedAt ?? null},
      ${row.latestRunAt ?? null}, ${row.nextRunAt ?? null}
    )`
}

export function updatePipeline(sql: Sql, row: PipelineRow): void {
  sql.run`
    update pipelines
    set
      name = ${row.name},
      unique_id = ${row.uniqueId},
      description = ${row.description ?? null},
      user_id = ${row.userId},
      account_id = ${row.accountId},
      tags = ${JSON.stringify(row.tags)},
      state = ${row.state},
      created_at = ${row.createdAt},
      latest_version = ${row.latestVersion},
      active_version = ${row.activeVersion ?? null},
      first_activated_at = ${row.firstActivatedAt ?? null},
      last_activated_at = ${row.lastActivatedAt ?? null},
      last_deactivated_at = ${row.lastDeactivatedAt ?? null},
      deletion_requested_at = ${row.deletionRequestedAt ?? null},
      finished_at = ${row.finishedAt ?? null},
      start_at = ${row.startAt ?? null},
      latest_on_demand_at = ${row.latestOnDemandAt ?? null},
      open_instances = ${row.openInstances},
      health = ${row.health ?? null},
      health_updated_at = ${row.healthUpdatedAt ?? null},
      latest_run_at = ${row.latestRunAt ?? null},
      next_run_at = ${row.nextRunAt ?? null}
    where id = ${row.id}`
}

export function findPipeline(sql: Sql, id: PipelineId): PipelineRow | undefined {
  const row = sql.get`select * from pipelines where id = ${id}`
  return row && toPipeline(row)
}

export function findPipelineByUniqueId(
  sql: Sql,
  key: Pick<PipelineRow, 'accountId' | 'userId' | 'name' | 'uniqueId'>,
): PipelineRow | undefined {
  const row = sql.get`
    select *
    from pipelines
    where account_id = ${key.accountId}
      and user_id = ${key.userId}
      and name = ${key.name}
      and unique_id = ${key.uniqueId}
      and state not in ('DELETING', 'DELETED')`
  return row && toPipeline(row)
}

export function listPipelines(sql: Sql, afterId: string, limit: number): readonly PipelineRow[] {
  const rows = sql.all`
    select *
    from pipelines
    where id > ${afterId}
      and state <> 'DELETED'
    order by id
    limit ${limit}`
  return rows.map(toPipeline)
}

export function deletePipeline(sql: Sql, id: PipelineId): void {
  sql.run`delete from pipelines where id = ${id}`
}

type PipelineColumns = {
  readonly id: PipelineId
  readonly name: string
  readonly unique_id: string
  readonly description: string | null
  readonly user_id: string
  readonly account_id: string
  readonly tags: string
  readonly state: PipelineState
  readonly created_at: Instant
  readonly latest_version: number
  readonly active_version: number | null
  readonly first_activated_at: Instant | null
  readonly last_activated_at: Instant | null
  readonly last_deactivated_at: Instant | null
  readonly deletion_requested_at: Instant | null
  readonly finished_at: Instant | null
  readonly start_at: Instant | null
  readonly latest_on_demand_at: Instant | null
  readonly open_instances: number
  readonly health: Health | null
  readonly health_updated_at: Instant | null
  readonly latest_run_at: Instant | null
  readonly next_run_at: Instant | null
}

function toPipeline(row: SqlRow): PipelineRow {
  const columns = row as PipelineColumns
  return {
    id: columns.id,
    name: columns.name,
    uniqueId: columns.unique_id,
    description: columns.description ?? undefined,
    userId: columns.user_id,
    accountId: columns.account_id,
    tags: JSON.parse(columns.tags) as readonly Tag[],
    state: columns.state,
    createdAt: columns.created_at,
    latestVersion: columns.latest_version,
    activeVersion: columns.active_version ?? undefined,
    firstActivatedAt: columns.first_activated_at ?? undefined,
    lastActivatedAt: columns.last_activated_at ?? undefined,
    lastDeactivatedAt: columns.last_deactivated_at ?? undefined,
    deletionRequestedAt: columns.deletion_requested_at ?? undefined,
    finishedAt: columns.finished_at ?? undefined,
    startAt: columns.start_at ?? undefined,
    latestOnDemandAt: columns.latest_on_demand_at ?? undefined,
    openInstances: columns.open_instances,
    health: columns.health ?? undefined,
    healthUpdatedAt: columns.health_updated_at ?? undefined,
    latestRunAt: columns.latest_run_at ?? undefined,
    nextRunAt: columns.next_run_at ?? undefined,
  }
}
