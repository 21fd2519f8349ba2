import type { ObjectId } from '../../core/definition/pipeline-object.ts'
import type { Instant } from '../../core/instant.ts'
import type { NotificationRow, PipelineId } from '../rows.ts'
import type { Sql, SqlRow } from './connection.ts'

export function insertNotification(sql: Sql, row: Omit<NotificationRow, 'sequence'>): void {
  sql.run`
    insert into notifications (pipeline_id, instance_id, topic_arn, subject, message, sent_at, error)
    values (
      ${row.pipelineId}, ${row.instanceId}, ${row.topicArn}, ${row.subject}, ${row.message}, ${row.sentAt},
      ${row.error ?? null}
    )`
}

export function listNotifications(sql: Sql, pipelineId: PipelineId, limit: number): readonly NotificationRow[] {
  const rows = sql.all`
    select *
    from notifications
    where pipeline_id = ${pipelineId}
    order by sequence
    limit ${limit}`
  return rows.map(toNotification)
}

/** Those of one instance that could not be delivered, the latest first. */
export function listUndeliveredNotifications(
  sql: Sql,
  pipelineId: PipelineId,
  { instanceId, limit }: { instanceId: ObjectId; limit: number },
): readonly NotificationRow[] {
  const rows = sql.all`
    select *
    from notifications
    where pipeline_id = ${pipelineId}
      and instance_id = ${instanceId}
      and error is not null
    order by sequence desc
    limit ${limit}`
  return rows.map(toNotification)
}

/** Removes some, and says how many. */
export function deleteNotifications(sql: Sql, pipelineId: PipelineId, limit: number): number {
  const { changes } = sql.run`
    delete from notifications
    where rowid in (select rowid from notifications where pipeline_id = ${pipelineId} limit ${limit})`
  return Number(changes)
}

type NotificationColumns = {
  readonly sequence: number
  readonly pipeline_id: PipelineId
  readonly instance_id: ObjectId
  readonly topic_arn: string
  readonly subject: string
  readonly message: string
  readonly sent_at: Instant
  readonly error: string | null
}

function toNotification(row: SqlRow): NotificationRow {
  const columns = row as NotificationColumns
  return {
    sequence: columns.sequence,
    pipelineId: columns.pipeline_id,
    instanceId: columns.instance_id,
    topicArn: columns.topic_arn,
    subject: columns.subject,
    message: columns.message,
    sentAt: columns.sent_at,
    error: columns.error ?? undefined,
  }
}
