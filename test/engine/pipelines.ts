import { afterEach, beforeEach } from 'vitest'
import { objectId, type PipelineObject } from '../../src/core/definition/pipeline-object.ts'
import type { StatusRequest } from '../../src/engine/engine.ts'
import type { PipelineId } from '../../src/store/rows.ts'
import { definition, object, ref } from '../builders.ts'
import { TestEngine } from '../test-engine.ts'

type Fields = Parameters<typeof object>[1]

/** A fresh engine for each test of a file. */
export function useEngine(): { readonly current: TestEngine } {
  let engine: TestEngine | undefined
  beforeEach(async () => {
    engine = await TestEngine.start()
  })
  afterEach(async () => await engine?.stop())
  return {
    get current() {
      if (engine === undefined) throw new Error('The engine is there inside of tests only.')
      return engine
    },
  }
}

export const minuteMs = 60_000
export const hourMs = 60 * minuteMs
export const dayMs = 24 * hourMs

/** A schedule from the start of the test on, named by what it is: `Hourly` unless something else is said. */
export const schedule = (fields: Fields = {}, id = 'Hourly'): PipelineObject =>
  object(id, { type: 'Schedule', period: '1 hour', startDateTime: '2026-01-01T00:00:00', ...fields })

/** The one interval of the first hour. */
export const once = (): PipelineObject => schedule({ occurrences: '1' })

/** An activity for runners that poll for `wg`. */
export const shell = (id: string, fields: Fields = {}): PipelineObject =>
  object(id, { type: 'ShellCommandActivity', command: 'true', workerGroup: 'wg', schedule: ref('Hourly'), ...fields })

/** A machine. */
export const machine = (fields: Fields = {}, id = 'M'): PipelineObject =>
  object(id, { type: 'Ec2Resource', role: 'r', resourceRole: 'r', schedule: ref('Hourly'), ...fields })

/** An activity on a machine. */
export const onMachine = (id: string, fields: Fields = {}): PipelineObject =>
  object(id, { type: 'ShellCommandActivity', command: 'true', runsOn: ref('M'), schedule: ref('Hourly'), ...fields })

/** Default of a pipeline that runs on demand. */
export const onDemand = (fields: Fields = {}): PipelineObject =>
  object('Default', { scheduleType: 'ondemand', ...fields })

/** The id of the instance of a component at a time of the first day. */
export const at = (id: string, time = '00:00:00'): string => `@${id}_2026-01-01T${time}`

/** The worker group of the machine of one interval. */
export const groupOf = (pipelineId: PipelineId, instanceId = at('M')): string => `resource:${pipelineId}_${instanceId}`

/** Activates a pipeline of these objects. */
export const run = async (engine: TestEngine, ...objects: readonly PipelineObject[]): Promise<PipelineId> =>
  await engine.activate(definition(objects))

/** Puts other objects and activates them. */
export async function edit(
  engine: TestEngine,
  pipelineId: PipelineId,
  objects: readonly PipelineObject[],
): Promise<void> {
  const problems = await engine.engine.putPipelineDefinition({ pipelineId, definition: definition(objects) })
  const errors = problems.filter(({ severity }) => severity !== 'warning')
  if (errors.length > 0) throw new Error(JSON.stringify(errors))
  await activateAgain(engine, pipelineId)
}

/** Activates a pipeline once more. */
export async function activateAgain(
  engine: TestEngine,
  pipelineId: PipelineId,
  said: Partial<Parameters<TestEngine['engine']['activatePipeline']>[0]> = {},
): Promise<void> {
  await engine.engine.activatePipeline({ pipelineId, parameterValues: [], startAt: undefined, ...said })
  await engine.settle()
}

/** Deactivates a pipeline. */
export async function deactivate(
  engine: TestEngine,
  pipelineId: PipelineId,
  cancelActive: 'cancel' | 'wait' = 'cancel',
): Promise<void> {
  await engine.engine.deactivatePipeline({ pipelineId, cancelActive })
  await engine.settle()
}

/** Changes the status of objects by hand: `setStatus(engine, pipelineId, ['RERUN', at('A')])`. */
export async function setStatus(
  engine: TestEngine,
  pipelineId: PipelineId,
  [status, ...ids]: readonly [StatusRequest, ...string[]],
): Promise<void> {
  await engine.engine.setStatus({ pipelineId, objectIds: ids.map((id) => objectId(id)), status })
  await engine.settle()
}
