import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TaskContext } from '../src/activities/activity.ts'
import type { Field, PipelineObject } from '../src/core/definition/pipeline-object.ts'
import { s3Environment } from '../src/datanodes/s3/s3-settings.ts'
import { CommandLauncher } from '../src/runner/command-launcher.ts'
import { startProcessSpawner } from '../src/runner/process-spawner.ts'
import { startS3, type TestS3 } from './s3.ts'

/** Where activities are run in tests: with real processes and a real S3, and without a service. */
export type ActivityBench = {
  readonly s3: TestS3
  readonly folder: string
  /** What the activities have logged. */
  readonly lines: string[]
  /** The runtime fields that they have set. */
  readonly fields: Field[]
  /** A context for the first object, which may refer to the others. */
  context(objects: readonly PipelineObject[], signal?: AbortSignal): TaskContext
  stop(): Promise<void>
}

/** Makes a bench; its bucket `bucket` is empty. */
export async function startActivityBench(): Promise<ActivityBench> {
  const s3 = await startS3()
  const folder = await mkdtemp(join(tmpdir(), 'millrace-activities-'))
  const environment = { PATH: process.env.PATH, ...s3Environment(s3.settings) }
  const spawner = startProcessSpawner({ commandFolder: folder, environment, token: randomUUID() })
  const launcher = new CommandLauncher(spawner, folder)
  const lines: string[] = []
  const reported: Field[] = []
  let count = 0
  return {
    s3,
    folder,
    lines,
    fields: reported,
    context(objects, signal = new AbortController().signal) {
      const [attempt] = objects
      if (attempt === undefined) throw new Error('A task has an attempt.')
      count += 1
      return {
        attempt,
        objects: new Map(objects.map((object) => [object.id, object])),
        s3: async () => s3.client,
        signal,
        taskFolder: join(folder, `task-${count}`),
        commandFolder: folder,
        logFolderUri: 's3://bucket/logs/',
        log: (sentence) => void lines.push(sentence),
        reportFields: (fields) => void reported.push(...fields),
        runCommand: (command) => launcher.launch(command, signal),
      }
    },
    async stop() {
      await launcher.stop()
      await spawner.stop()
      await s3.stop()
      await rm(folder, { recursive: true })
    },
  }
}
