import { encodeDefinition } from '../../wire/codec.ts'
import { InvalidRequestException } from '../../wire/errors.ts'
import { pipelineId } from '../ids.ts'
import type { Operation } from '../operation.ts'

/** @source model: GetPipelineDefinition */
export const getPipelineDefinition: Operation<'GetPipelineDefinition'> = async (input, { engine }) => {
  const { version = 'latest' } = input
  if (version !== 'latest' && version !== 'active') {
    throw new InvalidRequestException(`There is no version '${version}' of a definition, only 'latest' and 'active'.`)
  }
  return encodeDefinition(await engine.getPipelineDefinition({ pipelineId: pipelineId(input.pipelineId), version }))
}
