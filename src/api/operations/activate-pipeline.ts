import { type Instant, instant } from '../../core/instant.ts'
import { decodeParameterValue } from '../../wire/codec.ts'
import { InvalidRequestException } from '../../wire/errors.ts'
import { pipelineId } from '../ids.ts'
import type { Operation } from '../operation.ts'

/** @source model: ActivatePipeline */
export const activatePipeline: Operation<'ActivatePipeline'> = async (input, { engine }) => {
  await engine.activatePipeline({
    pipelineId: pipelineId(input.pipelineId),
    parameterValues: input.parameterValues?.map(decodeParameterValue) ?? [],
    startAt: input.startTimestamp === undefined ? undefined : decodeTimestamp(input.startTimestamp),
  })
  return {}
}

/** The first and the last second, counted from the epoch, of years that are written with four digits. */
const timestampMinSeconds = -62_167_219_200
const timestampMaxSeconds = 253_402_300_799

function decodeTimestamp(seconds: number): Instant {
  if (seconds >= timestampMinSeconds && seconds <= timestampMaxSeconds) return instant(Math.trunc(seconds * 1000))
  throw new InvalidRequestException(`startTimestamp ${seconds} is not within the years 0000 to 9999.`)
}
