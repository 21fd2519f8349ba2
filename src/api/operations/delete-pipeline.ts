import { pipelineId } from '../ids.ts'
import type { Operation } from '../operation.ts'

/** @source model: DeletePipeline */
export const deletePipeline: Operation<'DeletePipeline'> = async (input, { engine }) => {
  await engine.deletePipeline(pipelineId(input.pipelineId))
  return undefined
}
