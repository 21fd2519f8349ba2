import { decodeDefinition } from '../../wire/codec.ts'
import { encodeProblems } from '../encode-problems.ts'
import { pipelineId } from '../ids.ts'
import type { Operation } from '../operation.ts'

/** @source model: PutPipelineDefinition; observed: 6 */
export const putPipelineDefinition: Operation<'PutPipelineDefinition'> = async (input, { engine }) => {
  const problems = await engine.putPipelineDefinition({
    pipelineId: pipelineId(input.pipelineId),
    definition: decodeDefinition(input),
  })
  return encodeProblems(problems)
}
