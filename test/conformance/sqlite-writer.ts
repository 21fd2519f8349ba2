import { writeSync } from 'node:fs'
import { openSqliteStore } from '../../src/store/sqlite/open-sqlite-store.ts'
import { componentRow, PIPELINE } from './store-rows.ts'

/**
 * Writes one transaction after the other until it is killed, each of as many components as it is told, and prints a line when one is
 * durable. What earlier processes have written stays.
 */
const [, , file = '', rowsPerTransaction = ''] = process.argv
const store = await openSqliteStore({ file })
const earlier = await store.reads.listComponents(PIPELINE)
for (let number = earlier.length; ; number += 1) {
  await store.transaction(async (transaction) => {
    for (let index = 0; index < Number(rowsPerTransaction); index += 1) {
      await transaction.saveComponents([componentRow(`${number}-${index}`, { nextIndex: number })])
    }
  })
  writeSync(1, `${number}\n`)
}
