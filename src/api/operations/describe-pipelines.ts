import type { PipelineDescription } from '../../engine/engine.ts'
import { encodeField } from '../../wire/codec.ts'
import { InvalidRequestException } from '../../wire/errors.ts'
import type { Output } from '../../wire/outputs.ts'
import { pipelineId } from '../ids.ts'
import type { Operation } from '../operation.ts'

/**
 * Ids in one call.
 *
 * @source model: DescribePipelinesInput
 */
const pipelineIdsMax = 25

/** @source model: DescribePipelines */
export const describePipelines: Operation<'DescribePipelines'> = async ({ pipelineIds }, { engine }) => {
  if (pipelineIds.length > pipelineIdsMax) {
    throw new InvalidRequestException(
      `${pipelineIds.length} pipelineIds are more than the ${pipelineIdsMax} of one call.`,
    )
  }
  const descriptions = await engine.describePipelines(pipelineIds.map(pipelineId))
  return { pipelineDescriptionList: descriptions.map(encodeDescription) }
}

type DescriptionOnWire = Output<'DescribePipelines'>['pipelineDescriptionList'][number]

function encodeDescription(description: PipelineDescription): DescriptionOnWire {
  return { ...description, fields: description.fields.map(encodeField), tags: [...description.tags] }
}
