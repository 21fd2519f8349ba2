import { decodeDefinition } from '../../wire/codec.ts'
import { InvalidRequestException } from '../../wire/errors.ts'
import { describeProblem, encodeProblems } from '../encode-problems.ts'
import { pipelineId } from '../ids.ts'
import type { Operation } from '../operation.ts'

/** @source model: PutPipelineDefinition; observed: 6 */
export const putPipelineDefinition: Operation<'PutPipelineDefinition'> = async (input, { engine }) => {
  const problems = await engine.putPipelineDefinition({
    pipelineId: pipelineId(input.pipelineId),
    definition: decodeDefinition(input),
  })
  const fatal = problems.filter(({ severity }) => severity === 'fatal')
  if (fatal.length > 0) {
    throw new InvalidRequestException(
      `Pipeline definition has errors: Could not save the pipeline definition due to FATAL errors: [${fatal.map(describeProblem).join('; ')}]`,
    )
  }
  return encodeProblems(problems)
}
