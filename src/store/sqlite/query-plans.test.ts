import type { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { filter } from '../../../test/conformance/store-rows.ts'
import { objectId } from '../../core/definition/pipeline-object.ts'
import { instant } from '../../core/instant.ts'
import type { PipelineId } from '../rows.ts'
import type { Reads, Writes } from '../store.ts'
import { openWriter, type Run, type Sql } from './connection.ts'
import { migrate } from './migrate.ts'
import { createReads } from './reads.ts'
import { createWrites } from './writes.ts'

const pipelineId = 'df-1' as PipelineId
const id = objectId('@a')
const page = { afterId: '', limit: 1 }

let db: DatabaseSync
let plan: string[]

beforeEach(() => {
  db = openWriter(':memory:').db
  migrate(db)
  plan = []
})

afterEach(() => db.close())

/** Asks for the plan of each statement instead of running it. */
const explain: Run = async (statement) => {
  const note = (parts: TemplateStringsArray, ...values: readonly (string | number | null)[]) => {
    const steps = db.prepare(`explain query plan ${parts.join('?')}`).all(...values)
    plan.push(...steps.map(({ detail }) => String(detail)))
    return []
  }
  // A statement needs no more of a connection than this.
  const sql = {
    all: note,
    run: note,
    get: (...statementParts: Parameters<typeof note>) => void note(...statementParts),
  }
  return statement(sql as unknown as Sql)
}

/** Steps that look at more rows than the answer has, the values of a bound list apart. */
const costlySteps = () => plan.filter((step) => /^SCAN (?!json_each)|TEMP B-TREE/.test(step))

const reads: Readonly<Record<string, (reads: Reads) => Promise<unknown>>> = {
  findPipeline: ({ findPipeline }) => findPipeline(pipelineId),
  findPipelineByUniqueId: ({ findPipelineByUniqueId }) =>
    findPipelineByUniqueId({ accountId: '', userId: '', name: '', uniqueId: '' }),
  listPipelines: ({ listPipelines }) => listPipelines('', 1),
  findDefinition: ({ findDefinition }) => findDefinition(pipelineId, 1),
  findComponent: ({ findComponent }) => findComponent(pipelineId, id),
  listComponents: ({ listComponents }) => listComponents(pipelineId),
  findInstance: ({ findInstance }) => findInstance(pipelineId, id),
  findInstances: ({ findInstances }) => findInstances(pipelineId, [id]),
  listOpenInstanceIds: ({ listOpenInstanceIds }) => listOpenInstanceIds(pipelineId, page),
  listInstanceIdsByStatus: ({ listInstanceIdsByStatus }) =>
    listInstanceIdsByStatus(pipelineId, { componentId: id, status: 'PAUSED', limit: 1 }),
  listActiveInstanceIds: ({ listActiveInstanceIds }) =>
    listActiveInstanceIds(pipelineId, { componentId: id, limit: 1 }),
  listDeactivatedInstanceIds: ({ listDeactivatedInstanceIds }) => listDeactivatedInstanceIds(pipelineId, 1),
  queryInstances: ({ queryInstances }) => queryInstances(pipelineId, filter(), page),
  queryAttempts: ({ queryAttempts }) => queryAttempts(pipelineId, filter(), page),
  listOpenResources: ({ listOpenResources }) => listOpenResources(pipelineId, page),
  listDependents: ({ listDependents }) => listDependents(pipelineId, id),
  findAttempt: ({ findAttempt }) => findAttempt(pipelineId, id, 1),
  listAttempts: ({ listAttempts }) => listAttempts(pipelineId, id),
  nextQueuedAttempt: ({ nextQueuedAttempt }) => nextQueuedAttempt('', ''),
  listRunningAttempts: ({ listRunningAttempts }) => listRunningAttempts('', 1),
  listTimers: ({ listTimers }) => listTimers(pipelineId, id),
  listDueTimers: ({ listDueTimers }) => listDueTimers(instant(0), 1),
  listOutbox: ({ listOutbox }) => listOutbox(0, 1),
  listNotifications: ({ listNotifications }) => listNotifications(pipelineId, 1),
  listEndedInstances: ({ listEndedInstances }) =>
    listEndedInstances(pipelineId, { before: { endedAt: instant(0), id: '' }, limit: 1 }),
  listDependentsOfAll: ({ listDependentsOfAll }) => listDependentsOfAll(pipelineId, [id]),
  listFailuresOfAll: ({ listFailuresOfAll }) => listFailuresOfAll(pipelineId, [id]),
  listUndeliveredNotifications: ({ listUndeliveredNotifications }) =>
    listUndeliveredNotifications(pipelineId, { instanceId: id, limit: 1 }),
}

test.each(Object.entries(reads))('%s reads what it gives, in the order of an index', async (_name, read) => {
  await read(createReads(explain))
  expect(plan).not.toEqual([])
  expect(costlySteps()).toEqual([])
})

test('nextTimerAt and listResourcesWithMachines go through an index that holds little else', async () => {
  const { nextTimerAt, listResourcesWithMachines } = createReads(explain)
  await nextTimerAt()
  await listResourcesWithMachines()
  expect(plan).toEqual([
    'SCAN timers USING COVERING INDEX timers_by_due_at',
    'SCAN instances USING INDEX open_resources',
  ])
})

test.each(['listDependencies', 'listUnmetDependencies'])('%s sorts only what belongs to one instance', async (name) => {
  const { listDependencies, listUnmetDependencies } = createReads(explain)
  if (name === 'listDependencies') await listDependencies(pipelineId, id)
  else await listUnmetDependencies(pipelineId, { dependentId: id, limit: 1 })
  expect(plan).toEqual([
    'SEARCH dependencies USING INDEX dependencies_by_dependent (pipeline_id=? AND dependent_id=?)',
    'USE TEMP B-TREE FOR ORDER BY',
  ])
})

test('a page of instances begins where the page before ended', async () => {
  await createReads(explain).queryInstances(pipelineId, filter(), page)
  expect(plan).toContain(
    'SEARCH instances USING INDEX instances_by_start (pipeline_id=? AND (started_at,id)>(?,?) AND started_at<?)',
  )
})

test('a page of attempts begins where the page before ended, and ends with the last instance asked for', async () => {
  await createReads(explain).queryAttempts(pipelineId, filter(), page)
  expect(plan).toContain(
    'SEARCH attempts USING INDEX sqlite_autoindex_attempts_1 (pipeline_id=? AND (instance_id,number)>(?,?) AND instance_id<?)',
  )
})

test('a runner finds its next task by one search, or by two, in an index of what is queued', async () => {
  await createReads(explain).nextQueuedAttempt('', '')
  const search = 'SEARCH attempts USING INDEX queued_attempts (worker_group=? AND pipeline_id>?)'
  expect(plan).toEqual([search, search])
})

const changes: Readonly<Record<string, (writes: Writes) => Promise<unknown>>> = {
  updateDependencies: ({ updateDependencies }) =>
    updateDependencies([{ pipelineId, dependentId: id, targetId: id, state: 'open' }]),
  updateAttemptFields: ({ updateAttemptFields }) =>
    updateAttemptFields({ pipelineId, instanceId: id, number: 1, fields: [] }),
  deleteTimers: ({ deleteTimers }) => deleteTimers([{ pipelineId, subjectId: id, kind: 'late' }]),
  deleteTimersOf: ({ deleteTimersOf }) => deleteTimersOf([{ pipelineId, subjectId: id }]),
  deletePipelineContents: ({ deletePipelineContents }) => deletePipelineContents(pipelineId, 1),
  removeInstances: ({ removeInstances }) => removeInstances(pipelineId, [id]),
  removeUnusedDefinitions: ({ removeUnusedDefinitions }) =>
    removeUnusedDefinitions(pipelineId, { below: 1, except: undefined }),
  deletePipeline: ({ deletePipeline }) => deletePipeline(pipelineId),
  updateOutboxFailures: ({ updateOutboxFailures }) => updateOutboxFailures(1, 1),
  deleteOutbox: ({ deleteOutbox }) => deleteOutbox(1),
}

test.each(Object.entries(changes))('%s looks only at what it changes', async (_name, change) => {
  await change(createWrites(explain))
  expect(plan).not.toEqual([])
  expect(costlySteps()).toEqual([])
})
