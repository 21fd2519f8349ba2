import type { Writes } from '../store.ts'
import { saveAttempt, updateAttemptFields } from './attempts.ts'
import { saveComponent } from './components.ts'
import type { Run, Sql } from './connection.ts'
import { insertDefinition, updateDefinition } from './definitions.ts'
import { deletePipelineContents } from './deletion.ts'
import { insertDependency, updateDependency } from './dependencies.ts'
import { saveInstance } from './instances.ts'
import { insertNotification } from './notifications.ts'
import { deleteOutboxCommand, insertOutboxCommand, updateOutboxFailures } from './outbox.ts'
import { deletePipeline, insertPipeline, updatePipeline } from './pipelines.ts'
import { removeInstances, removeUnusedDefinitions } from './retention.ts'
import { deleteTimer, deleteTimersOfSubject, saveTimer } from './timers.ts'

/** The writes of a transaction, each run by `run`. There is no round trip to save here, so many rows are one statement each. */
export const createWrites = (run: Run): Writes => ({
  insertPipeline: (row) => run((sql) => insertPipeline(sql, row)),
  updatePipeline: (row) => run((sql) => updatePipeline(sql, row)),
  insertDefinition: (row) => run((sql) => insertDefinition(sql, row)),
  updateDefinition: (row) => run((sql) => updateDefinition(sql, row)),
  saveComponents: (rows) => run(each(rows, saveComponent)),
  saveInstances: (rows) => run(each(rows, saveInstance)),
  insertDependencies: (rows) => run(each(rows, insertDependency)),
  updateDependencies: (rows) => run(each(rows, updateDependency)),
  saveAttempts: (rows) => run(each(rows, saveAttempt)),
  updateAttemptFields: (row) => run((sql) => updateAttemptFields(sql, row)),
  saveTimers: (rows) => run(each(rows, saveTimer)),
  deleteTimers: (rows) => run(each(rows, deleteTimer)),
  deleteTimersOf: (rows) => run(each(rows, deleteTimersOfSubject)),
  insertOutbox: (rows) => run(each(rows, insertOutboxCommand)),
  updateOutboxFailures: (sequence, failures) => run((sql) => updateOutboxFailures(sql, sequence, failures)),
  deleteOutbox: (sequence) => run((sql) => deleteOutboxCommand(sql, sequence)),
  insertNotification: (row) => run((sql) => insertNotification(sql, row)),
  deletePipelineContents: (pipelineId, limit) => run((sql) => deletePipelineContents(sql, pipelineId, limit)),
  removeInstances: (pipelineId, ids) => run((sql) => removeInstances(sql, pipelineId, ids)),
  removeUnusedDefinitions: (pipelineId, versions) => run((sql) => removeUnusedDefinitions(sql, pipelineId, versions)),
  deletePipeline: (id) => run((sql) => deletePipeline(sql, id)),
})

const each =
  <Row>(rows: readonly Row[], statement: (sql: Sql, row: Row) => void) =>
  (sql: Sql): void => {
    for (const row of rows) statement(sql, row)
  }
