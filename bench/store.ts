import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { objectId } from '../src/core/definition/pipeline-object.ts'
import { formatInstant, plusMs } from '../src/core/instant.ts'
import type { TaskInstance } from '../src/core/lifecycle/instance.ts'
import type { DependencyRow, InstanceRow, TimerRow } from '../src/store/rows.ts'
import { openSqliteStore } from '../src/store/sqlite/open-sqlite-store.ts'
import type { ObjectFilter, Store, Transaction } from '../src/store/store.ts'
import {
  at,
  attempt,
  attemptRow,
  ended,
  filter,
  instanceRow,
  PIPELINE,
  pipelineRow,
  running,
  task,
} from '../test/conformance/store-rows.ts'
import { type Figure, latencyFigures, printReport } from './report.ts'

/** Transactions of which each is awaited before the next one begins. */
const transactionCount = 3_000

/** Rows of each kind, and how many a transaction takes. */
const rowCount = 100_000
const rowsPerTransaction = 1_000

/** What the pages are read from; one instance comes to be in each millisecond. */
const instanceCount = 1_000_000

/** What a client asks for at once. */
const pageMax = 100

/** How long the server may do nothing else, milliseconds: less than half of what a hop may take at p99. */
const longestPageMs = 10

const components = ['CopyLogs', 'RawLogs', 'CopiedLogs']

/** Measures a store in a folder of its own, which is gone afterwards. */
async function measureStore(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-'))
  const store = await openSqliteStore({ file: join(folder, 'millrace.db') })
  try {
    await store.transaction((transaction) => transaction.insertPipeline(pipelineRow()))
    printReport('Store: SQLite', [
      await measureTransactions(store),
      ...(await measureWrites(store)),
      ...(await measureReads(store)),
      await measureDeletion(store),
      ...(await measurePages(store)),
    ])
  } finally {
    await store.close()
    rmSync(folder, { recursive: true })
  }
}

/** What handing out one task writes: one transaction, durable when it resolves. */
async function measureTransactions(store: Store): Promise<Figure> {
  const rows = instances(0, transactionCount)
  const elapsedMs = await timed(async () => {
    for (const row of rows) {
      await store.transaction(async (transaction) => {
        await transaction.saveInstances([begun(row)])
        await transaction.saveAttempts([attemptOf(row)])
        await transaction.saveTimers([timerOf(row)])
      })
    }
  })
  return { ...perSecond('durable transactions of 3 rows', transactionCount, elapsedMs), aim: 6_500 }
}

async function measureWrites(store: Store): Promise<readonly Figure[]> {
  const measurements = [
    rows('instances inserted', asIs, (transaction, batch) => transaction.saveInstances(batch)),
    rows('instances begun', begun, (transaction, batch) => transaction.saveInstances(batch)),
    rows('instances ended', finished, (transaction, batch) => transaction.saveInstances(batch)),
    rows('dependencies inserted', dependencyOf, (transaction, batch) => transaction.insertDependencies(batch)),
    rows('dependencies satisfied', satisfied, (transaction, batch) => transaction.updateDependencies(batch)),
    rows('attempts inserted', attemptOf, (transaction, batch) => transaction.saveAttempts(batch)),
    rows('timers set', timerOf, (transaction, batch) => transaction.saveTimers(batch)),
    rows('timers deleted', timerOf, (transaction, batch) => transaction.deleteTimersOf(batch)),
  ]
  const figures: Figure[] = []
  for (const measure of measurements) figures.push(await measure(store))
  return figures
}

/** Writes rows made of instances, {@link rowsPerTransaction} in each transaction. */
const rows =
  <Row>(
    name: string,
    make: (row: InstanceRow) => Row,
    write: (transaction: Transaction, batch: readonly Row[]) => Promise<void>,
  ) =>
  async (store: Store): Promise<Figure> => {
    let elapsedMs = 0
    for (let from = 0; from < rowCount; from += rowsPerTransaction) {
      const batch = instances(from, rowsPerTransaction).map(make)
      elapsedMs += await timed(() => store.transaction((transaction) => write(transaction, batch)))
    }
    return { ...perSecond(`rows: ${name}`, rowCount, elapsedMs), aim: 150_000 }
  }

async function measureReads(store: Store): Promise<readonly Figure[]> {
  const ids = instances(0, rowCount).map(({ instance }) => instance.id)
  const outsideMs = await timed(async () => {
    for (const id of ids) await store.reads.findInstance(PIPELINE, id)
  })
  const insideMs = await timed(() =>
    store.transaction(async (transaction) => {
      for (const id of ids) await transaction.findInstance(PIPELINE, id)
    }),
  )
  return [
    perSecond('findInstance, outside transactions', rowCount, outsideMs),
    perSecond('findInstance, inside one', rowCount, insideMs),
  ]
}

async function measureDeletion(store: Store): Promise<Figure> {
  const elapsedMs = await timed(async () => {
    const erase = () => store.transaction((transaction) => transaction.deletePipelineContents(PIPELINE, 1000))
    while ((await erase()) === 'more');
  })
  return perSecond(`instances deleted, of ${rowCount} with what belongs to them`, rowCount, elapsedMs)
}

/** Reads {@link instanceCount} instances page by page, as `list-runs` asks for them. */
async function measurePages(store: Store): Promise<readonly Figure[]> {
  for (let from = 0; from < instanceCount; from += rowsPerTransaction) {
    await store.transaction((transaction) =>
      transaction.saveInstances(instances(from, rowsPerTransaction).map(finished)),
    )
  }
  const startedAt = plusMs(at(0), instanceCount / 2)
  const onePercent = filter({ actualStart: { from: startedAt, to: plusMs(startedAt, instanceCount / 100) } })
  const [searchMs = Number.NaN] = await pages(store, filter({ statuses: ['FAILED'] }))
  const p99 = { must: longestPageMs }
  return [
    ...latencyFigures('page of all runs', await pages(store, filter()), { p99 }),
    ...latencyFigures('page of the runs in 1 % of the time', await pages(store, onePercent), { p99 }),
    ...latencyFigures('page of the runs of a component', await pages(store, filter({ componentIds: ['RawLogs'] })), {
      p99,
    }),
    { name: `search of ${instanceCount} runs for what is not there`, value: searchMs, unit: 'ms', better: 'lower' },
  ]
}

/** The times of the pages of a query, at most 1,000 of them. */
async function pages(store: Store, query: ObjectFilter): Promise<readonly number[]> {
  const samplesMs: number[] = []
  for (let afterId: string | undefined = ''; afterId !== undefined && samplesMs.length < 1_000; ) {
    const page = { afterId, limit: pageMax }
    samplesMs.push(
      await timed(async () => {
        afterId = (await store.reads.queryInstances(PIPELINE, query, page)).at(-1)
      }),
    )
  }
  return samplesMs
}

function instances(from: number, count: number): readonly InstanceRow[] {
  return Array.from({ length: count }, (_, index) => {
    const start = at(Math.floor((from + index) / components.length))
    const componentId = objectId(components[(from + index) % components.length] ?? '')
    const occurrence = { start, end: plusMs(start, 60_000) }
    const startedAt = plusMs(at(0), from + index)
    return instanceRow(task(`@${componentId}_${formatInstant(start)}`, { componentId, occurrence, startedAt }))
  })
}

const asIs = (row: InstanceRow): InstanceRow => row

const begun = (row: InstanceRow): InstanceRow => withState(row, running(row.instance.startedAt))

const finished = (row: InstanceRow): InstanceRow => withState(row, ended(plusMs(row.instance.startedAt, 1_000)))

const withState = (row: InstanceRow, state: TaskInstance['state']): InstanceRow => ({
  ...row,
  instance: { ...row.instance, kind: 'task', state },
})

const dependencyOf = ({ pipelineId, instance }: InstanceRow): DependencyRow => ({
  pipelineId,
  dependentId: instance.id,
  targetId: objectId(`@Producer_${formatInstant(instance.occurrence.start)}`),
  kind: 'dependsOn',
  state: 'open',
})

const satisfied = (row: InstanceRow): DependencyRow => ({ ...dependencyOf(row), state: 'satisfied' })

const attemptOf = ({ instance }: InstanceRow) => attemptRow(instance.id, attempt(1))

const timerOf = ({ pipelineId, instance }: InstanceRow): TimerRow => ({
  pipelineId,
  subjectId: instance.id,
  kind: 'leaseExpired',
  dueAt: plusMs(instance.startedAt, 900_000),
})

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now()
  await work()
  return performance.now() - startMs
}

const perSecond = (name: string, count: number, elapsedMs: number): Figure => ({
  name,
  value: (count / elapsedMs) * 1_000,
  unit: '/s',
  better: 'higher',
})

await measureStore()
