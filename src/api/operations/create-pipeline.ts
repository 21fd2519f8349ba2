import type { Operation } from '../operation.ts'

/** @source model: CreatePipeline */
export const createPipeline: Operation<'CreatePipeline'> = async (input, { engine, caller }) => {
  const { name, uniqueId, description, tags = [] } = input
  return { pipelineId: await engine.createPipeline({ name, uniqueId, description, tags, caller }) }
}
