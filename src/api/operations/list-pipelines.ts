import type { Operation } from '../operation.ts'
import { decodeMarker, encodePage } from '../page.ts'

/** @source model: ListPipelines */
export const listPipelines: Operation<'ListPipelines'> = async (input, { engine }) => {
  const page = await engine.listPipelines({ marker: decodeMarker(input.marker) })
  return { pipelineIdList: [...page.items], ...encodePage(page) }
}
