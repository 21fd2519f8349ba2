import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqliteStore } from '../../src/store/sqlite/open-sqlite-store.ts'
import { describeStore } from './store.ts'

describeStore('SQLite in memory', async () => ({
  store: await openSqliteStore({ file: ':memory:' }),
  drop: async () => undefined,
}))

describeStore('SQLite on disk', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-store-'))
  return {
    store: await openSqliteStore({ file: join(folder, 'millrace.db') }),
    drop: () => rm(folder, { recursive: true }),
  }
})
