import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TestEngine } from '../test-engine.ts'
import { dumpDatabase } from './dump-database.ts'
import { leaveWorkOpen } from './open-work.ts'

// Writes a database as this release leaves it, killed in the middle of everything, into `test/vectors/databases`:
// `node test/upgrade/write-database.ts`, once before each release whose migrations are new. Dumps of earlier releases stay.

const folder = mkdtempSync(join(tmpdir(), 'millrace-upgrade-'))
const file = join(folder, 'millrace.sqlite')
try {
  const service = await TestEngine.start(file)
  await leaveWorkOpen(service)
  await service.stop()
  const { migration, sql } = dumpDatabase(file)
  writeFileSync(new URL(`../vectors/databases/${migration}.sql`, import.meta.url), sql)
} finally {
  rmSync(folder, { recursive: true })
}
