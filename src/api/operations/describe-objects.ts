import { objectId } from '../../core/definition/pipeline-object.ts'
import { encodeObject } from '../../wire/codec.ts'
import { InvalidRequestException } from '../../wire/errors.ts'
import { pipelineId } from '../ids.ts'
import type { Operation } from '../operation.ts'

/**
 * Ids in one call: as many as the AWS CLI sends, although the reference says 25. So many objects fit into one page, which is why there
 * is no second one and no marker.
 *
 * @source observed: 4.11; ours: differences#pages
 */
const objectIdsMax = 100

/** @source model: DescribeObjects */
export const describeObjects: Operation<'DescribeObjects'> = async (input, { engine }) => {
  const { objectIds, marker } = input
  if (objectIds.length > objectIdsMax) {
    throw new InvalidRequestException(`${objectIds.length} objectIds are more than the ${objectIdsMax} of one call.`)
  }
  if (marker) throw new InvalidRequestException(`'${marker}' is no marker that DescribeObjects has answered with.`)

  const objects = await engine.describeObjects({
    pipelineId: pipelineId(input.pipelineId),
    objectIds: objectIds.map(objectId),
    expressions: input.evaluateExpressions === true ? 'evaluated' : 'verbatim',
  })
  return { pipelineObjects: objects.map(encodeObject), hasMoreResults: false }
}
