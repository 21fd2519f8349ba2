import type { Sphere } from '../../engine/engine.ts'
import { InvalidRequestException } from '../../wire/errors.ts'
import { decodeSelectors } from '../decode-selectors.ts'
import { pipelineId } from '../ids.ts'
import type { Operation } from '../operation.ts'
import { decodeMarker, encodePage } from '../page.ts'

/**
 * Ids in one page, where the caller asks for none or for more.
 *
 * @source model: QueryObjectsInput; ours: differences#pages
 */
const limitMax = 100

/** @source model: QueryObjects */
export const queryObjects: Operation<'QueryObjects'> = async (input, { engine }) => {
  const { limit = limitMax } = input
  if (limit < 1) throw new InvalidRequestException(`limit ${limit} is less than 1.`)
  const page = await engine.queryObjects({
    pipelineId: pipelineId(input.pipelineId),
    sphere: decodeSphere(input.sphere),
    selectors: decodeSelectors(input.query?.selectors ?? []),
    marker: decodeMarker(input.marker),
    limit: Math.min(limit, limitMax),
  })
  return { ids: [...page.items], ...encodePage(page) }
}

const spheres = ['COMPONENT', 'INSTANCE', 'ATTEMPT'] as const satisfies readonly Sphere[]

function decodeSphere(text: string): Sphere {
  const sphere = spheres.find((candidate) => candidate === text)
  if (sphere !== undefined) return sphere
  throw new InvalidRequestException(`sphere '${text}' is none of ${spheres.join(', ')}.`)
}
