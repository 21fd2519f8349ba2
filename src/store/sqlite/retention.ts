import type { ObjectId } from '../../core/definition/pipeline-object.ts'
import type { PipelineId } from '../rows.ts'
import type { Sql } from './connection.ts'
import { bindList } from './filter.ts'

/** Removes instances with all that is theirs: their attempts, what they depended on, and notifications about them. */
export function removeInstances(sql: Sql, pipelineId: PipelineId, ids: readonly ObjectId[]): void {
  const list = bindList(ids)
  sql.run`
    delete from attempts
    where pipeline_id = ${pipelineId}
      and instance_id in (select value from json_each(${list}))`
  sql.run`
    delete from dependencies
    where pipeline_id = ${pipelineId}
      and dependent_id in (select value from json_each(${list}))`
  sql.run`
    delete from notifications
    where pipeline_id = ${pipelineId}
      and instance_id in (select value from json_each(${list}))`
  sql.run`
    delete from instances
    where pipeline_id = ${pipelineId}
      and id in (select value from json_each(${list}))`
}

export function removeUnusedDefinitions(
  sql: Sql,
  pipelineId: PipelineId,
  { below, except }: { below: number; except: number | undefined },
): void {
  sql.run`
    delete from definitions
    where pipeline_id = ${pipelineId}
      and version < ${below}
      and version is not ${except ?? null}
      and not exists (
        select 1
        from instances
        where instances.pipeline_id = definitions.pipeline_id
          and instances.version = definitions.version)`
}
