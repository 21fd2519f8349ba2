import { decodeDefinition } from '../../wire/codec.ts'
import { encodeProblems } from '../encode-problems.ts'
import { pipelineId } from '../ids.ts'
import type { Operation } from '../operation.ts'

/** @source model: ValidatePipelineDefinition */
export const validatePipelineDefinition: Operation<'ValidatePipelineDefinition'> = async (input, { engine }) => {
  const problems = await engine.validatePipelineDefinition({
    pipelineId: pipelineId(input.pipelineId),
    definition: decodeDefinition(input),
  })
  return encodeProblems(problems)
}
