import { pipelineId } from '../ids.ts'
import type { Operation } from '../operation.ts'

/** @source model: AddTags */
export const addTags: Operation<'AddTags'> = async (input, { engine }) => {
  await engine.addTags({ pipelineId: pipelineId(input.pipelineId), tags: input.tags })
  return {}
}
