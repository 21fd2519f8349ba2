import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { objectId } from '../../src/core/definition/pipeline-object.ts'
import { resourceWorkerGroup } from '../../src/engine/worker-group.ts'
import { pipelineId } from '../../src/store/rows.ts'
import { TestEngine } from '../test-engine.ts'

/** Databases that releases have left in the middle of work; each is named after the latest migration that it has seen. */
const dumps = new URL('../vectors/databases/', import.meta.url)

let folder: string
let service: TestEngine
let pipelines: ReadonlyMap<string, ReturnType<typeof pipelineId>>

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-upgrade-'))
})

afterEach(async () => {
  await service.stop()
  rmSync(folder, { recursive: true })
})

describe.each(readdirSync(dumps))('a database of the release with %s', (dump) => {
  beforeEach(async () => {
    const file = join(folder, 'millrace.sqlite')
    pipelines = restore(file, readFileSync(new URL(dump, dumps), 'utf8'))
    service = await TestEngine.start(file)
    await service.settle()
  })

  test('goes on: what was open ends, what was to come comes, what was over stays as it was', async () => {
    expect(await states()).toMatchObject({ 'is over': 'FINISHED', 'is inactive': 'INACTIVE', runs: 'SCHEDULED' })
    await service.engine.setStatus({ pipelineId: idOf('is paused'), objectIds: [objectId('Paused')], status: 'RESUME' })
    await service.engine.setStatus({ pipelineId: idOf('has failed'), objectIds: [failed], status: 'RERUN' })
    for (const name of ['is inactive', 'was never activated']) {
      await service.engine.activatePipeline({ pipelineId: idOf(name), parameterValues: [], startAt: undefined })
    }
    for (let hour = 0; hour < hoursMax; hour += 1) {
      await workOff()
      await service.pass(3_600_000)
    }
    const { 'is deleted': deleted, ...rest } = await states()
    expect(deleted).toBe('DELETED')
    expect(Object.values(rest)).toEqual(Object.keys(rest).map(() => 'FINISHED'))
    expect(Object.keys(rest)).toHaveLength(12)
    expect(await statusesOf('is over')).toEqual({ '@Done_2026-01-01T00:00:00': 'FINISHED' })
    expect(await statusesOf('has failed')).toEqual({
      '@Failed_2026-01-01T00:00:00': 'FINISHED',
      '@Dependent_2026-01-01T00:00:00': 'FINISHED',
      '@Failed_2026-01-02T00:00:00': 'FINISHED',
      '@Dependent_2026-01-02T00:00:00': 'FINISHED',
    })
    expect(service.notifications.map(({ subject }) => subject)).toEqual(['done', 'done'])
    expect(service.machines.up.size).toBe(0)
    expect(service.errors).toEqual([])
  })
})

/** The pipelines of the dumps have intervals of two days, and the latest retry is due nine hours after its failure. */
const hoursMax = 40

const failed = objectId('@Failed_2026-01-01T00:00:00')

const groups = ['wg', 'running', 'retried', 'failed', 'done', 'onDemand', 'alarming']

/** Makes the database of a dump; returns the ids of its pipelines by their names. */
function restore(file: string, sql: string): typeof pipelines {
  const db = new DatabaseSync(file)
  try {
    db.exec(sql)
    const rows = db.prepare('select id, name from pipelines').all()
    return new Map(rows.map(({ id, name }) => [String(name), pipelineId(String(id))]))
  } finally {
    db.close()
  }
}

function idOf(name: string) {
  const id = pipelines.get(name)
  if (id === undefined) throw new Error(`The dump has no pipeline '${name}'.`)
  return id
}

async function states(): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const [name, id] of pipelines) found[name] = await service.state(id)
  return found
}

const statusesOf = async (name: string) => await service.statuses(idOf(name))

/** Finishes every task that there is. */
async function workOff(): Promise<void> {
  const machine = ['2026-01-01', '2026-01-02'].map((day) =>
    resourceWorkerGroup(idOf('has a machine'), objectId(`@Machine_${day}T00:00:00`)),
  )
  for (const group of [...groups, ...machine]) {
    for (let task = await service.poll(group); task !== undefined; task = await service.poll(group)) {
      await service.finish(task)
    }
  }
}
