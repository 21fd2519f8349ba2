import { objectId } from '../../core/definition/pipeline-object.ts'
import type { StatusRequest } from '../../engine/engine.ts'
import { InvalidRequestException } from '../../wire/errors.ts'
import { pipelineId } from '../ids.ts'
import type { Operation } from '../operation.ts'

/** @source model: SetStatus */
export const setStatus: Operation<'SetStatus'> = async (input, { engine }) => {
  await engine.setStatus({
    pipelineId: pipelineId(input.pipelineId),
    objectIds: input.objectIds.map(objectId),
    status: decodeStatus(input.status),
  })
  return undefined
}

/** What a status can be set to: PAUSE and RESUME for components, the others for instances. */
const statusRequests = [
  'PAUSE',
  'RESUME',
  'TRY_CANCEL',
  'RERUN',
  'MARK_FINISHED',
] as const satisfies readonly StatusRequest[]

function decodeStatus(status: string): StatusRequest {
  const request = statusRequests.find((candidate) => candidate === status)
  if (request !== undefined) return request
  throw new InvalidRequestException(`status '${status}' is none of ${statusRequests.join(', ')}.`)
}
