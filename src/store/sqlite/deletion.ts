import type { PipelineId } from '../rows.ts'
import { deleteAttempts } from './attempts.ts'
import { deleteComponents } from './components.ts'
import type { Sql } from './connection.ts'
import { deleteDefinitions } from './definitions.ts'
import { deleteDependencies } from './dependencies.ts'
import { deleteInstances } from './instances.ts'
import { deleteNotifications } from './notifications.ts'
import { deleteTimers } from './timers.ts'

/** Removes some rows of one table that belong to a pipeline, up to a limit, and says how many. */
type DeleteSome = (sql: Sql, pipelineId: PipelineId, limit: number) => number

/** The definitions go last: without them nothing can be said of the other rows. */
const tables: readonly DeleteSome[] = [
  deleteNotifications,
  deleteAttempts,
  deleteDependencies,
  deleteInstances,
  deleteComponents,
  deleteTimers,
  deleteDefinitions,
]

/** Removes a slice of what belongs to a pipeline, and says whether there may be more. */
export function deletePipelineContents(sql: Sql, pipelineId: PipelineId, limit: number): 'more' | 'nothing' {
  let remaining = limit
  for (const deleteSome of tables) {
    remaining -= deleteSome(sql, pipelineId, remaining)
    if (remaining === 0) return 'more'
  }
  return 'nothing'
}
