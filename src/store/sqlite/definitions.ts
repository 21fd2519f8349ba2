import type { Definition } from '../../core/definition/pipeline-object.ts'
import type { DefinitionRow, PipelineId } from '../rows.ts'
import type { Sql, SqlRow } from './connection.ts'

export function insertDefinition(sql: Sql, row: DefinitionRow): void {
  sql.run`
    insert into definitions (pipeline_id, version, definition, is_valid)
    values (${row.pipelineId}, ${row.version}, ${JSON.stringify(row.definition)}, ${Number(row.isValid)})`
}

export function updateDefinition(sql: Sql, row: DefinitionRow): void {
  sql.run`
    update definitions
    set definition = ${JSON.stringify(row.definition)}, is_valid = ${Number(row.isValid)}
    where pipeline_id = ${row.pipelineId}
      and version = ${row.version}`
}

export function findDefinition(sql: Sql, pipelineId: PipelineId, version: number): DefinitionRow | undefined {
  const row = sql.get`
    select *
    from definitions
    where pipeline_id = ${pipelineId}
      and version = ${version}`
  return row && toDefinition(row)
}

/** Removes some, and says how many. */
export function deleteDefinitions(sql: Sql, pipelineId: PipelineId, limit: number): number {
  const { changes } = sql.run`
    delete from definitions
    where rowid in (select rowid from definitions where pipeline_id = ${pipelineId} limit ${limit})`
  return Number(changes)
}

type DefinitionColumns = {
  readonly pipeline_id: PipelineId
  readonly version: number
  readonly definition: string
  readonly is_valid: number
}

function toDefinition(row: SqlRow): DefinitionRow {
  const columns = row as DefinitionColumns
  return {
    pipelineId: columns.pipeline_id,
    version: columns.version,
    definition: JSON.parse(columns.definition) as Definition,
    isValid: columns.is_valid === 1,
  }
}
