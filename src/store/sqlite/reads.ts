import type { Reads } from '../store.ts'
import { findAttempt, listAttempts, listRunningAttempts, nextQueuedAttempt, queryAttempts } from './attempts.ts'
import { findComponent, listComponents } from './components.ts'
import type { Run } from './connection.ts'
import { findDefinition } from './definitions.ts'
import {
  listDependencies,
  listDependents,
  listDependentsOfAll,
  listFailuresOfAll,
  listUnmetDependencies,
} from './dependencies.ts'
import {
  findInstance,
  findInstances,
  listActiveInstanceIds,
  listDeactivatedInstanceIds,
  listEndedInstances,
  listInstanceIdsByStatus,
  listOpenInstanceIds,
  listOpenResources,
  listResourcesWithMachines,
  queryInstances,
} from './instances.ts'
import { listNotifications, listUndeliveredNotifications } from './notifications.ts'
import { listOutbox } from './outbox.ts'
import { findPipeline, findPipelineByUniqueId, listPipelines } from './pipelines.ts'
import { listDueTimers, listTimers, nextTimerAt } from './timers.ts'

/** The reads of a store or of a transaction, each run by `run`. */
export const createReads = (run: Run): Reads => ({
  findPipeline: (id) => run((sql) => findPipeline(sql, id)),
  findPipelineByUniqueId: (key) => run((sql) => findPipelineByUniqueId(sql, key)),
  listPipelines: (afterId, limit) => run((sql) => listPipelines(sql, afterId, limit)),
  findDefinition: (pipelineId, version) => run((sql) => findDefinition(sql, pipelineId, version)),
  findComponent: (pipelineId, id) => run((sql) => findComponent(sql, pipelineId, id)),
  listComponents: (pipelineId) => run((sql) => listComponents(sql, pipelineId)),
  findInstance: (pipelineId, id) => run((sql) => findInstance(sql, pipelineId, id)),
  findInstances: (pipelineId, ids) => run((sql) => findInstances(sql, pipelineId, ids)),
  listOpenInstanceIds: (pipelineId, page) => run((sql) => listOpenInstanceIds(sql, pipelineId, page)),
  listActiveInstanceIds: (pipelineId, selection) => run((sql) => listActiveInstanceIds(sql, pipelineId, selection)),
  listOpenResources: (pipelineId, page) => run((sql) => listOpenResources(sql, pipelineId, page)),
  listResourcesWithMachines: () => run(listResourcesWithMachines),
  listInstanceIdsByStatus: (pipelineId, selection) => run((sql) => listInstanceIdsByStatus(sql, pipelineId, selection)),
  listDeactivatedInstanceIds: (pipelineId, limit) => run((sql) => listDeactivatedInstanceIds(sql, pipelineId, limit)),
  queryInstances: (pipelineId, filter, page) => run((sql) => queryInstances(sql, { pipelineId, filter, ...page })),
  queryAttempts: (pipelineId, filter, page) => run((sql) => queryAttempts(sql, { pipelineId, filter, ...page })),
  listDependencies: (pipelineId, dependentId) => run((sql) => listDependencies(sql, pipelineId, dependentId)),
  listUnmetDependencies: (pipelineId, selection) => run((sql) => listUnmetDependencies(sql, pipelineId, selection)),
  listDependents: (pipelineId, targetId) => run((sql) => listDependents(sql, pipelineId, targetId)),
  listEndedInstances: (pipelineId, page) => run((sql) => listEndedInstances(sql, pipelineId, page)),
  listDependentsOfAll: (pipelineId, targetIds) => run((sql) => listDependentsOfAll(sql, pipelineId, targetIds)),
  listFailuresOfAll: (pipelineId, dependentIds) => run((sql) => listFailuresOfAll(sql, pipelineId, dependentIds)),
  findAttempt: (pipelineId, instanceId, number) => run((sql) => findAttempt(sql, { pipelineId, instanceId, number })),
  listAttempts: (pipelineId, instanceId) => run((sql) => listAttempts(sql, pipelineId, instanceId)),
  nextQueuedAttempt: (workerGroup, afterPipelineId) =>
    run((sql) => nextQueuedAttempt(sql, workerGroup, afterPipelineId)),
  listRunningAttempts: (workerGroup, limit) => run((sql) => listRunningAttempts(sql, workerGroup, limit)),
  nextTimerAt: () => run(nextTimerAt),
  listDueTimers: (now, limit) => run((sql) => listDueTimers(sql, now, limit)),
  listTimers: (pipelineId, subjectId) => run((sql) => listTimers(sql, pipelineId, subjectId)),
  listOutbox: (afterSequence, limit) => run((sql) => listOutbox(sql, afterSequence, limit)),
  listNotifications: (pipelineId, limit) => run((sql) => listNotifications(sql, pipelineId, limit)),
  listUndeliveredNotifications: (pipelineId, selection) =>
    run((sql) => listUndeliveredNotifications(sql, pipelineId, selection)),
})
