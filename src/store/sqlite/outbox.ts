import type { ObjectId } from '../../core/definition/pipeline-object.ts'
import type { OutboxCommand, OutboxRow, PipelineId } from '../rows.ts'
import type { Sql, SqlRow } from './connection.ts'

export function insertOutboxCommand(sql: Sql, row: Omit<OutboxRow, 'sequence' | 'failures'>): void {
  sql.run`
    insert into outbox (pipeline_id, instance_id, command)
    values (${row.pipelineId}, ${row.instanceId}, ${JSON.stringify(row.command)})`
}

export function listOutbox(sql: Sql, afterSequence: number, limit: number): readonly OutboxRow[] {
  const rows = sql.all`
    select *
    from outbox
    where sequence > ${afterSequence}
    order by sequence
    limit ${limit}`
  return rows.map(toOutbox)
}

export function updateOutboxFailures(sql: Sql, sequence: number, failures: number): void {
  sql.run`update outbox set failures = ${failures} where sequence = ${sequence}`
}

export function deleteOutboxCommand(sql: Sql, sequence: number): void {
  sql.run`delete from outbox where sequence = ${sequence}`
}

type OutboxColumns = {
  readonly sequence: number
  readonly pipeline_id: PipelineId
  readonly instance_id: ObjectId
  readonly command: string
  readonly failures: number
}

function toOutbox(row: SqlRow): OutboxRow {
  const columns = row as OutboxColumns
  return {
    sequence: columns.sequence,
    pipelineId: columns.pipeline_id,
    instanceId: columns.instance_id,
    command: JSON.parse(columns.command) as OutboxCommand,
    failures: columns.failures,
  }
}
