import type { ObjectId } from '../../core/definition/pipeline-object.ts'
import type { LinkKind } from '../../core/lifecycle/component.ts'
import type { DependencyState } from '../../core/lifecycle/event.ts'
import type { DependencyRow, PipelineId } from '../rows.ts'
import type { Sql, SqlRow } from './connection.ts'
import { bindList } from './filter.ts'

export function insertDependency(sql: Sql, row: DependencyRow): void {
  sql.run`
    insert into dependencies (pipeline_id, dependent_id, target_id, kind, state)
    values (${row.pipelineId}, ${row.dependentId}, ${row.targetId}, ${row.kind}, ${row.state})`
}

export function updateDependency(sql: Sql, row: Omit<DependencyRow, 'kind'>): void {
  sql.run`
    update dependencies
    set state = ${row.state}
    where pipeline_id = ${row.pipelineId}
      and dependent_id = ${row.dependentId}
      and target_id = ${row.targetId}
      and kind <> 'runsOn'`
}

export function listDependencies(sql: Sql, pipelineId: PipelineId, dependentId: ObjectId): readonly DependencyRow[] {
  const rows = sql.all`
    select *
    from dependencies
    where pipeline_id = ${pipelineId}
      and dependent_id = ${dependentId}
    order by sequence`
  return rows.map(toDependency)
}

/** Those that have failed come first: they are what holds an instance up for longest. */
export function listUnmetDependencies(
  sql: Sql,
  pipelineId: PipelineId,
  { dependentId, limit }: { dependentId: ObjectId; limit: number },
): readonly DependencyRow[] {
  const rows = sql.all`
    select *
    from dependencies
    where pipeline_id = ${pipelineId}
      and dependent_id = ${dependentId}
      and kind <> 'runsOn'
      and state <> 'satisfied'
    order by state, sequence
    limit ${limit}`
  return rows.map(toDependency)
}

export function listDependents(sql: Sql, pipelineId: PipelineId, targetId: ObjectId): readonly DependencyRow[] {
  const rows = sql.all`
    select *
    from dependencies
    where pipeline_id = ${pipelineId}
      and target_id = ${targetId}
    order by dependent_id, sequence`
  return rows.map(toDependency)
}

export function listDependentsOfAll(
  sql: Sql,
  pipelineId: PipelineId,
  targetIds: readonly ObjectId[],
): readonly DependencyRow[] {
  const rows = sql.all`
    select *
    from dependencies
    where pipeline_id = ${pipelineId}
      and target_id in (select value from json_each(${bindList(targetIds)}))`
  return rows.map(toDependency)
}

export function listFailuresOfAll(
  sql: Sql,
  pipelineId: PipelineId,
  dependentIds: readonly ObjectId[],
): readonly DependencyRow[] {
  const rows = sql.all`
    select *
    from dependencies
    where pipeline_id = ${pipelineId}
      and dependent_id in (select value from json_each(${bindList(dependentIds)}))
      and state = 'failed'`
  return rows.map(toDependency)
}

/** Removes some, and says how many. */
export function deleteDependencies(sql: Sql, pipelineId: PipelineId, limit: number): number {
  const { changes } = sql.run`
    delete from dependencies
    where rowid in (select rowid from dependencies where pipeline_id = ${pipelineId} limit ${limit})`
  return Number(changes)
}

type DependencyColumns = {
  readonly pipeline_id: PipelineId
  readonly dependent_id: ObjectId
  readonly target_id: ObjectId
  readonly kind: LinkKind
  readonly state: DependencyState
}

function toDependency(row: SqlRow): DependencyRow {
  const columns = row as DependencyColumns
  return {
    pipelineId: columns.pipeline_id,
    dependentId: columns.dependent_id,
    targetId: columns.target_id,
    kind: columns.kind,
    state: columns.state,
  }
}
