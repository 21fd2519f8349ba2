import { pipelineId } from '../ids.ts'
import type { Operation } from '../operation.ts'

/** @source model: DeactivatePipeline */
export const deactivatePipeline: Operation<'DeactivatePipeline'> = async (input, { engine }) => {
  await engine.deactivatePipeline({
    pipelineId: pipelineId(input.pipelineId),
    cancelActive: input.cancelActive === false ? 'wait' : 'cancel',
  })
  return {}
}
