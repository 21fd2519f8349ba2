import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openSqliteStore } from '../../src/store/sqlite/open-sqlite-store.ts'
import type { Reads } from '../../src/store/store.ts'
import { componentRow, PIPELINE } from './store-rows.ts'

/** Writes transactions of {@link rowsPerTransaction} components, and prints the number of each when it is durable. */
const writer = fileURLToPath(new URL('./sqlite-writer.ts', import.meta.url))
const rowsPerTransaction = 50

let folder: string
let file: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-durability-'))
  file = join(folder, 'millrace.db')
})

afterEach(() => rm(folder, { recursive: true }))

async function read<T>(work: (reads: Reads) => Promise<T>): Promise<T> {
  const store = await openSqliteStore({ file })
  try {
    return await work(store.reads)
  } finally {
    await store.close()
  }
}

test('what was committed is there when the database is opened again, and what was rolled back is not', async () => {
  const store = await openSqliteStore({ file })
  await store.transaction((transaction) => transaction.saveComponents([componentRow('A')]))
  const rejected = store.transaction(async (transaction) => {
    await transaction.saveComponents([componentRow('B')])
    throw new Error('on purpose')
  })
  await expect(rejected).rejects.toThrow('on purpose')
  await store.close()
  expect(await read(({ listComponents }) => listComponents(PIPELINE))).toEqual([componentRow('A')])
})

test('a number of the outbox is given once, also when the database has been opened again', async () => {
  const row = { pipelineId: PIPELINE, instanceId: componentRow('A').id, command: { kind: 'check' } } as const
  const sequences: (number | undefined)[] = []
  for (let round = 0; round < 3; round += 1) {
    const store = await openSqliteStore({ file })
    await store.transaction((transaction) => transaction.insertOutbox([row]))
    const sequence = (await store.reads.listOutbox(0, 1))[0]?.sequence
    await store.transaction((transaction) => transaction.deleteOutbox(sequence ?? 0))
    await store.close()
    sequences.push(sequence)
  }
  expect(sequences).toEqual([1, 2, 3])
})

test('a process that is killed leaves the transactions that it committed, each of them whole, and nothing else', async () => {
  for (let round = 0; round < 10; round += 1) {
    const before = await transactionSizes()
    const { printed, exit } = await killAfter(1 + 7 * round)
    expect(exit).toEqual([null, 'SIGKILL'])
    const left = await transactionSizes()
    expect(left).toEqual(left.map(() => rowsPerTransaction))
    // The last one may have become durable just before it could be printed.
    expect(left.length - before.length - printed).toBeOneOf([0, 1])
  }
})

/** Lets a process write until it has printed `count` transactions, kills it, and says how many it has printed after all. */
async function killAfter(count: number): Promise<{ printed: number; exit: unknown }> {
  const child = spawn(process.execPath, [writer, file, String(rowsPerTransaction)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  let printed = 0
  for await (const _line of createInterface({ input: child.stdout })) {
    printed += 1
    if (printed === count) child.kill('SIGKILL')
  }
  return { printed, exit: await exited }
}

/** How many rows there are of each transaction of the writer. */
async function transactionSizes(): Promise<readonly number[]> {
  const rows = await read(({ listComponents }) => listComponents(PIPELINE))
  return [...Map.groupBy(rows, ({ nextIndex }) => nextIndex).values()].map((group) => group.length)
}
