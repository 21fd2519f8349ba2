import { pipelineId } from '../ids.ts'
import type { Operation } from '../operation.ts'

/** @source model: RemoveTags */
export const removeTags: Operation<'RemoveTags'> = async (input, { engine }) => {
  await engine.removeTags({ pipelineId: pipelineId(input.pipelineId), tagKeys: input.tagKeys })
  return {}
}
